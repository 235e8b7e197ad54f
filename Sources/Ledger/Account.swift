/// Which side of the balance sheet or the result an account belongs to.
///
/// The raw value is the first part of the account's name, as hledger and ledger-cli spell it.
package enum AccountClass: String, Sendable, CaseIterable {
    case assets
    case liabilities
    case equity
    case revenues
    case expenses
}

/// A place in the general ledger where amounts land, such as `assets:riders:receivable`.
///
/// The name is the account's identity. It starts with its ``AccountClass`` and goes on with parts
/// in lower-case letters, digits and hyphens, so that it travels unquoted through SQL, hledger
/// journals and addresses.
package struct Account: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let accountClass: AccountClass
    package let name: String

    /// - Returns: `nil` unless the name has the form above, with two to six parts.
    package init?(_ name: String) {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...6).contains(parts.count),
            let accountClass = AccountClass(rawValue: "\(parts[0])"),
            parts.allSatisfy(Account.isWellFormed)
        else { return nil }
        self.init(known: name, accountClass)
    }

    private init(known name: String, _ accountClass: AccountClass) {
        self.name = name
        self.accountClass = accountClass
    }

    private static func isWellFormed(_ part: Substring) -> Bool {
        !part.isEmpty && part.utf8.count <= 40
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    package var description: String { name }

    package static func < (left: Account, right: Account) -> Bool { left.name < right.name }
}

extension Account {
    /// What riders owe for journeys made and not yet paid.
    package static let riderReceivable = Account(known: "assets:riders:receivable", .assets)
    /// Fares earned, before operators have their share.
    package static let fareRevenue = Account(known: "revenues:fares", .revenues)
}
