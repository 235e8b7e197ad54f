import TransitModel

/// What a member of staff may do. The raw value is stored.
package enum StaffRole: String, Sendable, CaseIterable {
    /// Runs the scheme: devices, tariffs, health.
    case `operator`
    /// Closes days and explains every figure.
    case accountant
    /// Watches vehicles.
    case dispatcher
    /// Checks riders on board.
    case inspector
}

/// A person who signs in to the staff pages.
package struct StaffUser: Hashable, Sendable {
    package let name: String
    package let role: StaffRole
    /// The password's hash with its own salt and cost, as `PasswordHash` writes it.
    package let passwordHash: String

    package init(name: String, role: StaffRole, passwordHash: String) {
        self.name = name
        self.role = role
        self.passwordHash = passwordHash
    }
}

/// One signed-in browser. The token itself is in the browser only; here is its SHA-256.
package struct StaffSession: Hashable, Sendable {
    package let tokenHash: [UInt8]
    package let userName: String
    package let createdAt: Timestamp
    package let lastSeenAt: Timestamp

    package init(
        tokenHash: [UInt8], userName: String, createdAt: Timestamp, lastSeenAt: Timestamp
    ) {
        self.tokenHash = tokenHash
        self.userName = userName
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
    }
}

/// One line of the audit of sign-ins; failed ones also feed the rate limit.
package struct SignInEvent: Hashable, Sendable {
    package enum Outcome: String, Sendable, CaseIterable {
        case signedIn = "signed_in"
        case refused
        case limited
        case signedOut = "signed_out"
    }

    /// As typed, shortened; it may name nobody.
    package let userName: String
    package let address: String
    package let outcome: Outcome
    package let occurredAt: Timestamp

    package init(userName: String, address: String, outcome: Outcome, occurredAt: Timestamp) {
        self.userName = userName
        self.address = address
        self.outcome = outcome
        self.occurredAt = occurredAt
    }
}
