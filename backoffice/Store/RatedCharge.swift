import TransitModel

/// One revision of one charge: never changed, only superseded by the next.
package struct RatedCharge: Hashable, Sendable {
    /// What one tap of the journey adds to the charge.
    package struct Part: Hashable, Sendable {
        package let tap: TapID
        package let amountMinor: Int64

        package init(tap: TapID, amountMinor: Int64) {
            self.tap = tap
            self.amountMinor = amountMinor
        }
    }

    package let id: ChargeID
    /// Counts from 1.
    package let revision: Int
    package let fareDay: FareDay
    package let serviceDate: ServiceDate
    package let amount: Money
    package let tariff: TariffID
    package let tariffVersion: String
    /// JSON; see `ChargeExplanation`.
    package let explanation: String
    /// In order of boarding; empty when the journey has gone into another charge.
    package let parts: [Part]

    package init(
        id: ChargeID, revision: Int, fareDay: FareDay, serviceDate: ServiceDate, amount: Money,
        tariff: TariffID, tariffVersion: String, explanation: String, parts: [Part]
    ) {
        self.id = id
        self.revision = revision
        self.fareDay = fareDay
        self.serviceDate = serviceDate
        self.amount = amount
        self.tariff = tariff
        self.tariffVersion = tariffVersion
        self.explanation = explanation
        self.parts = parts
    }
}

/// One line of a rider's sub-ledger.
package struct RiderEntry: Hashable, Sendable {
    package enum Kind: String, Sendable {
        /// A charge's first revision.
        case charge
        /// What a later revision differs by.
        case adjustment
    }

    package let id: RiderEntryID
    package let charge: ChargeID
    package let revision: Int
    package let kind: Kind
    package let amount: Money
    package let serviceDate: ServiceDate

    package init(
        id: RiderEntryID, charge: ChargeID, revision: Int, kind: Kind, amount: Money,
        serviceDate: ServiceDate
    ) {
        self.id = id
        self.charge = charge
        self.revision = revision
        self.kind = kind
        self.amount = amount
        self.serviceDate = serviceDate
    }
}

/// An accepted tap without a price, and why.
package struct UnpricedTapRow: Hashable, Sendable {
    package let tap: TapID
    /// A stable code.
    package let cause: String
    /// A sentence for staff.
    package let detail: String

    package init(tap: TapID, cause: String, detail: String) {
        self.tap = tap
        self.cause = cause
        self.detail = detail
    }
}
