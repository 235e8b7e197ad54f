import Logging
import Store
import TransitModel

/// Decides on sign-ins, sessions and sign-outs.
///
/// An unknown name costs exactly what a wrong password costs: the same queries, the same hash.
package struct SignInDesk: Sendable {
    package enum Answer: Sendable {
        case signedIn(SessionToken, StaffUser)
        case refused
        /// Too many failures; worth trying again after the span.
        case limited(retryAfter: Duration)
        /// Too many try at this moment.
        case busy
    }

    private let accounts: any StaffAccounts
    private let sessions: any StaffSessions
    private let policy: SignInPolicy
    private let lane: PasswordLane
    /// Checked in place of a hash that does not exist.
    private let decoy: PasswordHash
    private let logger: Logger

    package init(
        accounts: any StaffAccounts, sessions: any StaffSessions, policy: SignInPolicy,
        cost: PasswordHash.Cost = .recommended, lane: PasswordLane = PasswordLane(), logger: Logger
    ) {
        self.accounts = accounts
        self.sessions = sessions
        self.policy = policy
        self.lane = lane
        self.logger = logger
        var random = SystemRandomNumberGenerator()
        decoy = PasswordHash(decoyWith: cost, using: &random)
    }

    package func signIn(
        typedName: String, password: String, address: String, at now: Timestamp
    ) async throws -> Answer {
        let name = StaffName(typedName)
        // What nobody can be called is counted under one name, so that it cannot fill the audit.
        let counted = name?.text ?? "?"
        func record(_ outcome: SignInEvent.Outcome) async throws {
            try await accounts.record(
                SignInEvent(
                    userName: counted, address: address, outcome: outcome, occurredAt: now))
            logger.info(
                "sign-in", metadata: ["outcome": "\(outcome.rawValue)", "address": "\(address)"])
        }
        let failures = try await accounts.countFailures(
            userName: counted, address: address, since: now.advanced(by: .zero - policy.window))
        guard
            !policy.isLimited(accountFailures: failures.account, addressFailures: failures.address)
        else {
            try await record(.limited)
            return .limited(retryAfter: policy.window)
        }
        let user = try await accounts.findUser(named: counted)
        let hash = user.flatMap { PasswordHash($0.passwordHash) }
        let isRight: Bool
        do {
            let candidate = hash ?? decoy
            let guess = String(decoding: password.utf8.prefix(1_024), as: UTF8.self)
            isRight = try await lane.run { try candidate.matches(guess) }
        } catch is PasswordLane.Busy {
            return .busy
        }
        guard let user, hash != nil, isRight else {
            try await record(.refused)
            return .refused
        }
        let token = try await openSession(for: user, at: now)
        try await record(.signedIn)
        return .signedIn(token, user)
    }

    /// Who a token belongs to; `nil` once the session is over, and then it is gone for good.
    package func findUser(of token: SessionToken, at now: Timestamp) async throws -> StaffUser? {
        guard let (session, user) = try await sessions.findSession(tokenHash: token.hash) else {
            return nil
        }
        switch policy.standing(of: session, at: now) {
        case .valid:
            return user
        case .dueForTouch:
            try await sessions.touchSession(tokenHash: token.hash, at: now)
            return user
        case .expired:
            try await sessions.closeSession(tokenHash: token.hash)
            return nil
        }
    }

    package func signOut(
        _ token: SessionToken, of user: StaffUser, address: String, at now: Timestamp
    ) async throws {
        try await sessions.closeSession(tokenHash: token.hash)
        try await accounts.record(
            SignInEvent(
                userName: user.name, address: address, outcome: .signedOut, occurredAt: now))
    }

    private func openSession(for user: StaffUser, at now: Timestamp) async throws -> SessionToken {
        var random = SystemRandomNumberGenerator()
        let token = SessionToken(using: &random)
        try await sessions.open(
            StaffSession(
                tokenHash: token.hash, userName: user.name, createdAt: now, lastSeenAt: now),
            obsoleteBefore: now.advanced(by: .zero - policy.sessionLimit))
        return token
    }
}
