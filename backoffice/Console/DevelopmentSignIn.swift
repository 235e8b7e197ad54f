import Store
import TransitModel

/// The account that every development installation has. Production never creates it.
package struct DevelopmentSignIn: Hashable, Sendable {
    package let userName: String
    package let password: String

    /// The same in every checkout: it guards nothing that is not on the developer's own machine.
    package static let demo = DevelopmentSignIn(userName: "demo", password: "kvytok-demo")

    /// Creates the account unless it can sign in already, and at no higher cost.
    ///
    /// - Returns: What to type on the sign-in page.
    package static func ensureDevelopmentUser(
        in store: StaffStore, at now: Timestamp
    ) async throws -> DevelopmentSignIn {
        if let user = try await store.findUser(named: demo.userName),
            let hash = PasswordHash(user.passwordHash), hash.cost == .development,
            try hash.matches(demo.password)
        {
            return demo
        }
        let user = try NewStaffUser(name: demo.userName, role: .operator, password: demo.password)
            .hashed(cost: .development)
        _ = try await store.save(user, at: now)
        return demo
    }
}
