import Store
import TransitModel

/// How long a session lasts and how often somebody may try. Values only: the clock comes in.
package struct SignInPolicy: Hashable, Sendable {
    package var idleLimit: Duration
    package var sessionLimit: Duration
    /// Failures are counted over this window.
    package var window: Duration
    package var accountFailureLimit: Int64
    package var addressFailureLimit: Int64
    /// "Last seen" is written at most this often.
    package var touchInterval: Duration

    package init(
        idleLimit: Duration = .seconds(3_600), sessionLimit: Duration = .seconds(12 * 3_600),
        window: Duration = .seconds(900), accountFailureLimit: Int64 = 10,
        addressFailureLimit: Int64 = 40, touchInterval: Duration = .seconds(60)
    ) {
        self.idleLimit = idleLimit
        self.sessionLimit = sessionLimit
        self.window = window
        self.accountFailureLimit = accountFailureLimit
        self.addressFailureLimit = addressFailureLimit
        self.touchInterval = touchInterval
    }

    package enum Standing: Hashable, Sendable {
        case valid
        /// Valid, and "last seen" is due to be written.
        case dueForTouch
        case expired
    }

    package func standing(of session: StaffSession, at now: Timestamp) -> Standing {
        let idle = now.elapsed(since: session.lastSeenAt)
        guard idle < idleLimit, now.elapsed(since: session.createdAt) < sessionLimit else {
            return .expired
        }
        return idle >= touchInterval ? .dueForTouch : .valid
    }

    package func isLimited(accountFailures: Int64, addressFailures: Int64) -> Bool {
        accountFailures >= accountFailureLimit || addressFailures >= addressFailureLimit
    }
}
