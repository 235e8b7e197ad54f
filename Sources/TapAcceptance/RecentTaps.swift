import TransitModel

/// Accepted taps of the last minutes, so that one ticket does not let in two riders.
///
/// Bounded: when full, the older half is forgotten, which can only favour riders.
package struct RecentTaps: Sendable {
    /// Where a ride began. Two taps concern the same ride when the vehicle and the believed
    /// trip are the same; without a trip, the route stands in for it.
    package struct Ride: Hashable, Sendable {
        let vehicle: VehicleID
        let route: RouteID?
        let trip: TripID?

        package init(_ service: ServiceContext) {
            vehicle = service.vehicle
            trip = service.trip
            route = service.trip == nil ? service.route : nil
        }
    }

    private struct Entry: Sendable {
        let ride: Ride
        let acceptedAt: Timestamp
        let clockQuality: ClockQuality
        /// Absent when the tap was made before the device's last boot, whose clock is gone.
        let monotonic: MonotonicTime?
        /// Rises from one accepted tap to the next.
        let ordinal: UInt64
    }

    package static let defaultLimit = 4_096

    private let limit: Int
    private var entries: [MediaKey: Entry] = [:]
    private var acceptedCount: UInt64 = 0

    package init(limit: Int = defaultLimit) {
        precondition(limit > 0, "A memory without room remembers nothing")
        self.limit = limit
    }

    package var count: Int { entries.count }

    /// Remembers a tap that was accepted since boot.
    package mutating func remember(_ tap: Tap) { insert(tap, monotonic: tap.monotonic) }

    /// Remembers taps from a journal that may be older than the last boot; only their wall time
    /// can be compared.
    ///
    /// - Parameter taps: In the order in which they were made.
    package mutating func recover(_ taps: some Sequence<Tap>) {
        for tap in taps { insert(tap, monotonic: nil) }
    }

    private mutating func insert(_ tap: Tap, monotonic: MonotonicTime?) {
        guard tap.verdict.isAccepted, let mediaKey = tap.mediaKey else { return }
        if entries[mediaKey] == nil, entries.count == limit { forgetOlderHalf() }
        acceptedCount += 1
        entries[mediaKey] = Entry(
            ride: Ride(tap.service), acceptedAt: tap.tappedAt, clockQuality: tap.clockQuality,
            monotonic: monotonic, ordinal: acceptedCount)
    }

    /// Whether the medium was accepted on this ride less than `window` ago.
    ///
    /// Elapsed time comes from the monotonic clock within one boot. Across boots wall times are
    /// compared if both were set; a span that cannot be known, or a clock that went back, counts
    /// as long ago: doubtful times favour the rider.
    package func holdsBack(
        _ mediaKey: MediaKey, at circumstances: TapCircumstances, window: Duration
    ) -> Bool {
        guard let entry = entries[mediaKey], entry.ride == Ride(circumstances.service),
            let elapsed = Self.elapsed(since: entry, at: circumstances)
        else { return false }
        return elapsed >= .zero && elapsed < window
    }

    private static func elapsed(
        since entry: Entry, at circumstances: TapCircumstances
    ) -> Duration? {
        if let monotonic = entry.monotonic {
            return circumstances.monotonic.elapsed(since: monotonic)
        }
        guard entry.clockQuality != .unset, circumstances.clockQuality != .unset else {
            return nil
        }
        return circumstances.tappedAt.elapsed(since: entry.acceptedAt)
    }

    private mutating func forgetOlderHalf() {
        let ordinals = entries.values.map(\.ordinal).sorted()
        let lastForgotten = ordinals[ordinals.count / 2]
        entries = entries.filter { $0.value.ordinal > lastForgotten }
    }
}
