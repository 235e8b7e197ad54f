package import TransitModel

/// An accepted tap, once it is known whose it is.
package struct RiderTap: Hashable, Sendable {
    package let id: TapID
    package let tappedAt: Timestamp
    package let service: ServiceContext
    package let mediaKind: MediaKind
    /// The category that the medium proved; absent for the default one.
    package let riderCategory: RiderCategoryID?
    /// Riders paid for by this tap, at least 1.
    package let riders: UInt8

    package init(
        id: TapID, tappedAt: Timestamp, service: ServiceContext, mediaKind: MediaKind,
        riderCategory: RiderCategoryID? = nil, riders: UInt8 = 1
    ) {
        self.id = id
        self.tappedAt = tappedAt
        self.service = service
        self.mediaKind = mediaKind
        self.riderCategory = riderCategory
        self.riders = riders
    }
}

/// One leg of a journey with the tap that began it.
package struct JourneyLeg: Hashable, Sendable {
    package let tap: RiderTap
    package let fareLeg: FareLeg
}

/// A rider's whole travel as far as one charge covers it: one leg or more, in order of boarding.
package struct Journey: Hashable, Sendable {
    package let legs: [JourneyLeg]

    /// The journey's identity: its first tap.
    ///
    /// A late tap that turns out to come first makes another journey of it; the charge under the
    /// old identity is then to be reversed.
    package var id: TapID { legs[0].tap.id }
    package var startedAt: Timestamp { legs[0].tap.tappedAt }

    /// - Parameter legs: At least one.
    init(legs: [JourneyLeg]) {
        precondition(!legs.isEmpty, "A journey has a leg")
        self.legs = legs
    }
}

/// Why a tap takes part in no journey. The raw value is stored.
package enum TapSetAsideReason: String, Hashable, Sendable {
    /// Two different taps claim the same place in the same journal.
    case contradictoryCopies = "contradictory_copies"
    /// The tap pays for several riders, which no tariff here prices yet.
    case groupRiders = "group_riders"
}

/// A tap that waits for a person.
package struct SetAsideTap: Hashable, Sendable {
    package let id: TapID
    package let reason: TapSetAsideReason

    package init(id: TapID, reason: TapSetAsideReason) {
        self.id = id
        self.reason = reason
    }
}
