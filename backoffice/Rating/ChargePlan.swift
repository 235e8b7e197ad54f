import Fares
import Foundation
import Ledger
import Store
import TransitModel

/// The difference between what a rider was charged and what the journeys cost, as new revisions
/// and entries. Nothing that was written is touched.
struct ChargePlan: Hashable, Sendable {
    private(set) var revisions: [RatedCharge] = []
    private(set) var entries: [RiderEntry] = []

    private let rider: RiderAccountID

    /// - Parameters:
    ///   - charges: Those in force that hold any of the journeys' taps.
    ///   - makeID: A fresh identifier for each charge that is new.
    init(
        _ journeys: [RiderPricing.Priced], replacing charges: [RatedCharge],
        of rider: RiderAccountID, makeID: () -> ChargeID
    ) {
        self.rider = rider
        var chargeOfTap: [TapID: RatedCharge] = [:]
        for charge in charges {
            for part in charge.parts { chargeOfTap[part.tap] = charge }
        }
        var kept: Set<ChargeID> = []
        for journey in journeys {
            // A journey goes on under the charge of its first tap that has one, so that a late
            // tap costs the rider the difference and no more lines than that.
            let heir = journey.parts.lazy.compactMap { chargeOfTap[$0.tap] }
                .first { !kept.contains($0.id) && $0.amount.currency == journey.total.currency }
            let id = heir?.id ?? makeID()
            kept.insert(id)
            append(
                RatedCharge(
                    id: id, revision: (heir?.revision ?? 0) + 1,
                    fareDay: journey.fareDay, serviceDate: journey.serviceDate,
                    amount: journey.total,
                    tariff: journey.tariff, tariffVersion: journey.tariffVersion,
                    explanation: FareExplanation(legs: journey.legs).json, parts: journey.parts),
                after: heir)
        }
        for charge in charges where !kept.contains(charge.id) {
            append(charge.emptied, after: charge)
        }
    }

    private mutating func append(_ revision: RatedCharge, after previous: RatedCharge?) {
        if let previous, revision.says(theSameAs: previous) { return }
        revisions.append(revision)
        let difference =
            previous.map { revision.amount - $0.amount } ?? revision.amount
        if difference.isZero { return }
        entries.append(
            RiderEntry(
                id: entryID(of: revision), charge: revision.id, revision: revision.revision,
                kind: previous == nil ? .charge : .adjustment, amount: difference,
                serviceDate: revision.serviceDate))
    }

    private func entryID(of revision: RatedCharge) -> RiderEntryID {
        var input = DerivationInput(domain: "kvytok.rider-entry.charge.v1")
        input.append(rider)
        input.append(revision.id)
        input.append(Int64(revision.revision))
        return DerivedIdentifier.make(from: input)
    }
}

extension RatedCharge {
    /// The next revision of a charge whose taps have all gone elsewhere.
    fileprivate var emptied: RatedCharge {
        RatedCharge(
            id: id, revision: revision + 1, fareDay: fareDay, serviceDate: serviceDate,
            amount: .zero(amount.currency), tariff: tariff, tariffVersion: tariffVersion,
            explanation: FareExplanation(legs: []).json, parts: [])
    }

    fileprivate func says(theSameAs other: RatedCharge) -> Bool {
        fareDay == other.fareDay && serviceDate == other.serviceDate && amount == other.amount
            && tariff == other.tariff && tariffVersion == other.tariffVersion
            && parts == other.parts
            && JSONContent(explanation) == JSONContent(other.explanation)
    }
}

/// JSON as PostgreSQL's `jsonb` sees it: without order of fields or spacing.
private enum JSONContent: Decodable, Equatable {
    case null
    case bool(Bool)
    case number(Int64)
    case text(String)
    case list([JSONContent])
    case object([String: JSONContent])

    init?(_ text: String) {
        guard let content = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
            return nil
        }
        self = content
    }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Int64.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONContent].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONContent].self))
        }
    }
}
