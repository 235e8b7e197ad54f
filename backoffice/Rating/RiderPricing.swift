import Fares
import Journeys
import Store
import TransitModel

/// What a rider's taps cost: values in, values out.
struct RiderPricing: Sendable {
    /// A journey with its price.
    struct Priced: Hashable, Sendable {
        let fareDay: FareDay
        let serviceDate: ServiceDate
        let tariff: TariffID
        let tariffVersion: String
        let legs: [PricedLeg]
        let total: Money

        /// The taps with what each adds, in order of boarding.
        var parts: [RatedCharge.Part] {
            legs.compactMap { leg in
                leg.leg.boarding.map {
                    RatedCharge.Part(tap: $0, amountMinor: leg.charge.minorUnits)
                }
            }
        }
    }

    private(set) var priced: [Priced] = []
    private(set) var unpriced: [UnpricedTapRow] = []

    /// - Parameter taps: One rider's, from the beginning of a run of them on.
    init(_ taps: [RiderTapRow], under calendar: TariffCalendar) {
        let builder = JourneyBuilder(linkingWindow: calendar.linkingWindow)
        let built = builder.build(from: taps.map(\.journeyTap))
        unpriced = built.setAside.map {
            UnpricedTapRow(
                tap: $0.id, cause: $0.reason.rawValue, detail: "the tap takes part in no journey")
        }
        var history = History()
        for journey in built.journeys { price(journey, after: &history, under: calendar) }
    }

    /// What earlier journeys leave: sums towards caps, and the tariff that they were made under.
    private struct History {
        var engine: FareEngine?
        var state = FareState()

        /// Under another tariff goes on what that still knows.
        mutating func move(to engine: FareEngine) {
            if let before = self.engine, before.tariff !== engine.tariff {
                let moved = try? engine.state(bytes: before.bytes(of: state))
                state = moved ?? FareState()
            }
            self.engine = engine
        }
    }

    /// Legs in order, as they came; one that has no price is left out and named.
    private mutating func price(
        _ journey: Journey, after history: inout History, under calendar: TariffCalendar
    ) {
        guard let period = calendar.period(at: journey.startedAt) else {
            unpriced += journey.legs.map {
                UnpricedTapRow(
                    tap: $0.tap.id, cause: "no_tariff",
                    detail: "no tariff was in force at the time of the tap")
            }
            return
        }
        let tariff: Tariff
        switch period.pricing {
        case .success(let inForce): tariff = inForce
        case .failure(let reason):
            unpriced += journey.legs.map {
                UnpricedTapRow(
                    tap: $0.tap.id, cause: "no_fares",
                    detail: "the feed in force at the time of the tap gives no fares: \(reason)")
            }
            return
        }
        let engine = FareEngine(tariff)
        history.move(to: engine)
        var state = history.state.betweenJourneys
        var legs: [PricedLeg] = []
        for leg in journey.legs {
            let rider = FareRider(
                categories: leg.tap.riderCategory.map { [$0] } ?? [],
                media: tariff.media(for: leg.tap.mediaKind), riders: Int(leg.tap.riders))
            do {
                let (priced, next) = try engine.next(
                    RiderLeg(leg.fareLeg, by: rider), after: state)
                legs.append(priced)
                state = next
            } catch {
                unpriced.append(
                    UnpricedTapRow(tap: leg.tap.id, cause: error.code, detail: error.message))
            }
        }
        history.state = state
        guard let first = legs.first else { return }
        priced.append(
            Priced(
                fareDay: period.zone.fareDay(
                    at: first.leg.departedAt, startingAt: tariff.fareDayStart),
                serviceDate: period.zone.local(first.leg.departedAt).date, tariff: tariff.id,
                tariffVersion: tariff.version,
                legs: legs,
                total: legs.reduce(Money.zero(tariff.currency)) { $0 + $1.charge }))
    }
}

extension RiderTapRow {
    fileprivate var journeyTap: RiderTap {
        RiderTap(
            id: id, tappedAt: tappedAt, service: service, mediaKind: mediaKind,
            riderCategory: riderCategory, riders: UInt8(clamping: riders))
    }
}
