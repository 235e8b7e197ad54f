import Store

/// A member of staff about to be added: the name and the password are checked.
package struct NewStaffUser: Sendable {
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case name
        case passwordTooShort(minimum: Int)
        case passwordTooLong(maximum: Int)

        package var description: String {
            switch self {
            case .name:
                "the name needs 1 to 64 letters, digits, dots, hyphens or underscores"
            case .passwordTooShort(let minimum): "the password needs at least \(minimum) characters"
            case .passwordTooLong(let maximum): "the password has more than \(maximum) bytes"
            }
        }
    }

    /// Length is what counts (NIST SP 800-63B-4, 3.1.1.2); composition rules are not ours.
    package static let passwordMinimum = 10
    package static let passwordByteLimit = 1_024

    package let name: String
    package let role: StaffRole
    private let password: String

    package init(name: String, role: StaffRole, password: String) throws(Refusal) {
        guard let name = StaffName(name) else { throw .name }
        guard password.count >= Self.passwordMinimum else {
            throw .passwordTooShort(minimum: Self.passwordMinimum)
        }
        guard password.utf8.count <= Self.passwordByteLimit else {
            throw .passwordTooLong(maximum: Self.passwordByteLimit)
        }
        self.name = name.text
        self.role = role
        self.password = password
    }

    /// Takes about a fifth of a second.
    package func hashed(cost: PasswordHash.Cost = .recommended) throws -> StaffUser {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let hash = try PasswordHash(password: password, salt: salt, cost: cost)
        return StaffUser(name: name, role: role, passwordHash: hash.description)
    }
}

/// A sign-in name as it is stored: lower case, so that `Olena` and `olena` are one person.
package struct StaffName: Hashable, Sendable {
    package let text: String

    /// - Returns: `nil` for a name that no account can have.
    package init?(_ typed: String) {
        let name = typed.lowercased()
        let isAllowed = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
                || ".-_".unicodeScalars.contains(scalar)
        }
        guard isAllowed, (1...64).contains(name.count) else { return nil }
        text = name
    }
}
