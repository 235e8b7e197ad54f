import Hummingbird
import Store
import TransitModel
import Wording

/// One charge with everything that explains it.
struct ChargePage {
    struct Rule {
        let text: String
        let amount: String?
    }

    struct Leg {
        let number: String
        let product: String?
        let amount: String
        let rules: [Rule]
    }

    struct Tap {
        let time: String
        let machineTime: String
        let route: ShownName
        let vehicle: String
        let stop: ShownName
        let trip: ShownName
        let device: String
        let sequence: String
        let epoch: String
        let amount: String
    }

    struct Revision {
        let label: String
        let amount: String
        let chargedAt: String
        let tariff: String
        let isInForce: Bool
    }

    struct Entry {
        let kind: String
        let amount: String
        let postedAt: String
        let journalEntry: String
        let isPosted: Bool
    }

    let amount: String
    let lead: String
    let date: String
    let backAddress: String
    let isRevised: Bool
    let revisedNote: String
    let tariff: String
    let tariffVersion: String
    let fareDay: String
    let chargedAt: String
    let chargeID: String
    let isExplained: Bool
    let legs: [Leg]
    let taps: [Tap]
    let hasTaps: Bool
    let revisions: [Revision]
    let entries: [Entry]

    /// - Returns: `nil` for a charge without a revision, which is none.
    init?(_ reading: ChargeReading, _ speaker: Speaker) {
        guard
            let current = reading.revisions.first(where: { $0.supersededAt == nil })
                ?? reading.revisions.first
        else { return nil }
        amount = speaker.money(current.amount)
        date = speaker.language.fullDate(current.serviceDate)
        backAddress = "\(ConsoleRoute.charges.path)?date=\(current.serviceDate)"
        lead = speaker.say(.tapCount, ["count": .number(Int64(current.taps.count))])
        isRevised = current.revision > 1
        revisedNote = speaker.say(
            .chargeRevisedNote, ["count": .number(Int64(current.revision - 1))])
        tariff = current.tariff.rawValue
        tariffVersion = current.tariffVersion
        fareDay = speaker.language.date(current.fareDay)
        chargedAt = speaker.dateAndTime(current.chargedAt)
        chargeID = reading.charge.description
        let explanation = ChargeExplanation(json: current.explanation)
        isExplained = explanation != nil
        legs = (explanation?.legs ?? []).enumerated().map { index, leg in
            Leg(number: index + 1, leg, currency: current.amount.currency, speaker)
        }
        taps = current.taps.map { Tap($0, speaker) }
        hasTaps = !taps.isEmpty
        revisions = reading.revisions.map { Revision($0, speaker) }
        entries = reading.entries.map { Entry($0, speaker) }
    }
}

extension ChargePage.Leg {
    fileprivate init(
        number: Int, _ leg: ChargeExplanation.Leg, currency: Currency, _ speaker: Speaker
    ) {
        self.number = speaker.say(.chargeLeg, ["number": .number(Int64(number))])
        let product = speaker.fareProduct(leg.fareProductID, called: leg.fareProductName)
        self.product = product
        amount = speaker.money(Money(minorUnits: leg.amountMinor, currency: currency))
        rules = leg.rules.map { rule in
            ChargePage.Rule(
                text: speaker.rule(rule, product: product, currency: currency),
                amount: rule.amountMinor.map {
                    speaker.difference(Money(minorUnits: $0, currency: currency))
                })
        }
    }
}

extension ChargePage.Tap {
    fileprivate init(_ tap: ChargedTap, _ speaker: Speaker) {
        time = tap.tappedAt.map { speaker.time($0) } ?? speaker.say(.valueUnknown)
        machineTime = tap.tappedAt.map { speaker.machineTime($0) } ?? ""
        route = speaker.route(tap.service?.route)
        vehicle = speaker.vehicle(tap.service?.vehicle)
        stop = speaker.stop(tap.service?.stop)
        trip = speaker.trip(tap.service?.trip)
        device = tap.tap.device.rawValue
        sequence = "\(tap.tap.sequence)"
        epoch = String(tap.tap.epoch.description.prefix(8))
        amount = speaker.money(tap.amount)
    }
}

extension ChargePage.Revision {
    fileprivate init(_ revision: ChargeRevision, _ speaker: Speaker) {
        label = speaker.say(
            .chargeRevision, ["number": .number(Int64(revision.revision))])
        amount = speaker.money(revision.amount)
        chargedAt = speaker.dateAndTime(revision.chargedAt)
        tariff = "\(revision.tariff) \(revision.tariffVersion)"
        isInForce = revision.supersededAt == nil
    }
}

extension ChargePage.Entry {
    fileprivate init(_ entry: ChargeEntry, _ speaker: Speaker) {
        kind = speaker.say(entry.kind == "adjustment" ? .entryAdjustment : .entryCharge)
        amount = speaker.difference(entry.amount)
        postedAt = speaker.dateAndTime(entry.postedAt)
        isPosted = entry.journalEntry != nil
        journalEntry =
            entry.journalEntry.map { String($0.description.prefix(8)) }
            ?? speaker.say(.entryWaiting)
    }
}

extension ConsoleRoutes {
    func showCharge(_ visit: Visit) async throws -> Response {
        guard let rider = visit.context.parameters.get("rider").flatMap({ RiderAccountID($0) }),
            let charge = visit.context.parameters.get("charge").flatMap({ ChargeID($0) }),
            let reading = try await charges.find(rider: rider, charge: charge),
            let view = ChargePage(reading, speaker(visit.language))
        else { throw ConsoleRefusal.notFound }
        return page(.charge, view, title: .chargeTitle, visit)
    }
}
