import TransitModel

/// An accepted tap as its rider's history holds it.
package struct RiderTapRow: Hashable, Sendable {
    package let rider: RiderAccountID
    package let id: TapID
    package let tappedAt: Timestamp
    package let service: ServiceContext
    package let mediaKind: MediaKind
    /// The category that the medium proved; absent for the default one.
    package let riderCategory: RiderCategoryID?
    package let riders: Int
    /// When the gateway had it.
    package let receivedAt: Timestamp

    package init(
        rider: RiderAccountID, id: TapID, tappedAt: Timestamp, service: ServiceContext,
        mediaKind: MediaKind, riderCategory: RiderCategoryID?, riders: Int, receivedAt: Timestamp
    ) {
        self.rider = rider
        self.id = id
        self.tappedAt = tappedAt
        self.service = service
        self.mediaKind = mediaKind
        self.riderCategory = riderCategory
        self.riders = riders
        self.receivedAt = receivedAt
    }
}

/// A presentation that was refused; who was refused is not kept.
package struct RefusedTapRow: Hashable, Sendable {
    package let id: TapID
    package let tappedAt: Timestamp
    package let receivedAt: Timestamp
    package let refusal: TapRefusal
    package let service: ServiceContext

    package init(
        id: TapID, tappedAt: Timestamp, receivedAt: Timestamp, refusal: TapRefusal,
        service: ServiceContext
    ) {
        self.id = id
        self.tappedAt = tappedAt
        self.receivedAt = receivedAt
        self.refusal = refusal
        self.service = service
    }
}
