import FareMedia
import TransitModel

/// Tells a new presentation from the flutter of a held-out card.
///
/// A hand trembles at the edge of the field: the card leaves and re-enters several times a
/// second, and some of these visits are too short to read. Only mechanics belong here; whether
/// a second tap is charged is not asked.
struct PresentationFilter {
    /// A pause this long ends a presentation.
    let quietTime: Duration
    private var lastMedium: MediaKey?
    private var lastFailure: CardReadFailure?
    private var lastSeenAt: ContinuousClock.Instant?

    init(quietTime: Duration) {
        self.quietTime = quietTime
    }

    /// Whether a reading is worth reporting; a repetition only prolongs the presentation.
    mutating func admits(_ reading: MediaReading, at instant: ContinuousClock.Instant) -> Bool {
        let isContinued = lastSeenAt.map { $0.duration(to: instant) < quietTime } ?? false
        lastSeenAt = instant
        if !isContinued {
            lastMedium = nil
            lastFailure = nil
        }
        switch reading {
        case .presentation(let presentation):
            lastFailure = nil
            guard presentation.mediaKey != lastMedium else { return false }
            lastMedium = presentation.mediaKey
            return true
        case .failed(let failure, let medium):
            // Torn right after success: the card on its way out.
            if failure == .torn, lastMedium != nil, medium == nil || medium == lastMedium {
                return false
            }
            guard failure != lastFailure else { return false }
            lastFailure = failure
            return true
        }
    }
}
