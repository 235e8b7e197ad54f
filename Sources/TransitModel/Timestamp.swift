/// An instant as wall time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let millisecondsSince1970: Int64

    package init(millisecondsSince1970: Int64) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    package init(secondsSince1970: Int64) {
        self.init(millisecondsSince1970: secondsSince1970 * 1_000)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    /// The elapsed time from `earlier` to this instant; negative when it lies later.
    package func elapsed(since earlier: Timestamp) -> Duration {
        .milliseconds(millisecondsSince1970 - earlier.millisecondsSince1970)
    }

    /// This instant moved by a span; parts below a millisecond are dropped.
    package func advanced(by span: Duration) -> Timestamp {
        let (seconds, attoseconds) = span.components
        return Timestamp(
            millisecondsSince1970: millisecondsSince1970 + seconds * 1_000
                + attoseconds / 1_000_000_000_000_000)
    }
}

/// Milliseconds on a clock that never jumps; it counts from the device's boot and means nothing
/// to any other device.
package struct MonotonicTime: Hashable, Sendable, Comparable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package func elapsed(since earlier: MonotonicTime) -> Duration {
        .milliseconds(milliseconds - earlier.milliseconds)
    }
}

/// How far a wall time can be believed.
package enum ClockQuality: UInt8, Sendable, CaseIterable {
    /// Never set since boot: only order and spans can be trusted.
    case unset = 0
    /// Set by the operating system, not vouched for by the scheme.
    case system = 1
    /// Bounded by a signed server time within this boot.
    case signed = 2
}
