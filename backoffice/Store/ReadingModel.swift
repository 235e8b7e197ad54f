import TransitModel

/// The instants of one local calendar day: `from` belongs to it, `until` does not.
package struct DaySpan: Hashable, Sendable {
    package let date: ServiceDate
    package let from: Timestamp
    package let until: Timestamp

    package init(date: ServiceDate, from: Timestamp, until: Timestamp) {
        self.date = date
        self.from = from
        self.until = until
    }
}

/// Everything that the page of the day shows, read in one snapshot.
package struct TodayReading: Hashable, Sendable {
    package struct RefusalCount: Hashable, Sendable {
        /// The stored number; see `TapRefusal`.
        package let refusal: UInt8
        package let count: Int64

        package init(refusal: UInt8, count: Int64) {
            self.refusal = refusal
            self.count = count
        }
    }

    package let date: ServiceDate
    package let acceptedTaps: Int64
    /// Most frequent first.
    package let refusals: [RefusalCount]
    package let charges: Int64
    /// Charges with their adjustments.
    package let revenue: Money
    /// Taps of any day that could not be priced yet.
    package let unpricedTaps: Int64
    /// Newest first.
    package let latestCharges: [ChargeSummary]

    package init(
        date: ServiceDate, acceptedTaps: Int64, refusals: [RefusalCount], charges: Int64,
        revenue: Money, unpricedTaps: Int64, latestCharges: [ChargeSummary]
    ) {
        self.date = date
        self.acceptedTaps = acceptedTaps
        self.refusals = refusals
        self.charges = charges
        self.revenue = revenue
        self.unpricedTaps = unpricedTaps
        self.latestCharges = latestCharges
    }

    package var refusedTaps: Int64 { refusals.reduce(0) { $0 + $1.count } }
    package var isEmpty: Bool { acceptedTaps == 0 && refusedTaps == 0 && charges == 0 }
}

/// A charge as one row of a list: its newest revision.
package struct ChargeSummary: Hashable, Sendable {
    package let rider: RiderAccountID
    package let charge: ChargeID
    package let revision: Int32
    package let amount: Money
    package let serviceDate: ServiceDate
    package let chargedAt: Timestamp
    /// The first tap's instant, route and vehicle; absent only when the tap is missing.
    package let tappedAt: Timestamp?
    package let route: RouteID?
    package let vehicle: VehicleID?
    package let taps: Int64

    package init(
        rider: RiderAccountID, charge: ChargeID, revision: Int32, amount: Money,
        serviceDate: ServiceDate, chargedAt: Timestamp, tappedAt: Timestamp?, route: RouteID?,
        vehicle: VehicleID?, taps: Int64
    ) {
        self.rider = rider
        self.charge = charge
        self.revision = revision
        self.amount = amount
        self.serviceDate = serviceDate
        self.chargedAt = chargedAt
        self.tappedAt = tappedAt
        self.route = route
        self.vehicle = vehicle
        self.taps = taps
    }
}

/// One revision of a charge, with the rules that made it.
package struct ChargeRevision: Hashable, Sendable {
    package let revision: Int32
    package let amount: Money
    package let fareDay: FareDay
    package let serviceDate: ServiceDate
    package let tariff: TariffID
    package let tariffVersion: String
    /// JSON as the rating wrote it.
    package let explanation: String
    package let chargedAt: Timestamp
    package let supersededAt: Timestamp?
    package let taps: [ChargedTap]

    package init(
        revision: Int32, amount: Money, fareDay: FareDay, serviceDate: ServiceDate,
        tariff: TariffID, tariffVersion: String, explanation: String, chargedAt: Timestamp,
        supersededAt: Timestamp?, taps: [ChargedTap]
    ) {
        self.revision = revision
        self.amount = amount
        self.fareDay = fareDay
        self.serviceDate = serviceDate
        self.tariff = tariff
        self.tariffVersion = tariffVersion
        self.explanation = explanation
        self.chargedAt = chargedAt
        self.supersededAt = supersededAt
        self.taps = taps
    }
}

/// A tap's part in a revision of a charge.
package struct ChargedTap: Hashable, Sendable {
    package let tap: TapID
    package let leg: Int32
    package let amount: Money
    package let tappedAt: Timestamp?
    package let service: ServiceContext?

    package init(
        tap: TapID, leg: Int32, amount: Money, tappedAt: Timestamp?, service: ServiceContext?
    ) {
        self.tap = tap
        self.leg = leg
        self.amount = amount
        self.tappedAt = tappedAt
        self.service = service
    }
}

/// One line of the rider's sub-ledger that a charge caused.
package struct ChargeEntry: Hashable, Sendable {
    package let revision: Int32
    /// `charge` or `adjustment`.
    package let kind: String
    package let amount: Money
    package let postedAt: Timestamp
    /// The general ledger's entry that carries it; absent until the next batch.
    package let journalEntry: JournalEntryID?

    package init(
        revision: Int32, kind: String, amount: Money, postedAt: Timestamp,
        journalEntry: JournalEntryID?
    ) {
        self.revision = revision
        self.kind = kind
        self.amount = amount
        self.postedAt = postedAt
        self.journalEntry = journalEntry
    }
}

/// A charge with its whole history, newest revision first.
package struct ChargeReading: Hashable, Sendable {
    package let rider: RiderAccountID
    package let charge: ChargeID
    package let revisions: [ChargeRevision]
    package let entries: [ChargeEntry]

    package init(
        rider: RiderAccountID, charge: ChargeID, revisions: [ChargeRevision],
        entries: [ChargeEntry]
    ) {
        self.rider = rider
        self.charge = charge
        self.revisions = revisions
        self.entries = entries
    }
}

/// A tap that rating could not price, and why.
package struct UnpricedTap: Hashable, Sendable {
    package let tap: TapID
    package let cause: String
    package let detail: String
    package let noticedAt: Timestamp
    package let tappedAt: Timestamp?
    package let service: ServiceContext?

    package init(
        tap: TapID, cause: String, detail: String, noticedAt: Timestamp, tappedAt: Timestamp?,
        service: ServiceContext?
    ) {
        self.tap = tap
        self.cause = cause
        self.detail = detail
        self.noticedAt = noticedAt
        self.tappedAt = tappedAt
        self.service = service
    }
}

/// A refused tap as one row of a list.
package struct RefusalReading: Hashable, Sendable {
    package let tap: TapID
    /// The stored number; see `TapRefusal`.
    package let refusal: UInt8
    package let tappedAt: Timestamp
    package let vehicle: VehicleID?
    package let route: RouteID?

    package init(
        tap: TapID, refusal: UInt8, tappedAt: Timestamp, vehicle: VehicleID?, route: RouteID?
    ) {
        self.tap = tap
        self.refusal = refusal
        self.tappedAt = tappedAt
        self.vehicle = vehicle
        self.route = route
    }
}

/// A part of a long list.
package struct Page: Hashable, Sendable {
    /// Counts from 1.
    package let number: Int
    package let size: Int

    package init(number: Int, size: Int) {
        self.number = max(1, number)
        self.size = size
    }

    package var offset: Int { (number - 1) * size }
}

/// One page of a list and how long the whole list is.
package struct Paged<Element: Hashable & Sendable>: Hashable, Sendable {
    package let elements: [Element]
    package let total: Int64

    package init(elements: [Element], total: Int64) {
        self.elements = elements
        self.total = total
    }
}
