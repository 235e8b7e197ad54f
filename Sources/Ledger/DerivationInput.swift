package import TransitModel

/// The bytes from which an identifier is derived, so that the same work done twice has the same
/// name and the second copy is refused by a unique key.
///
/// Every part is framed by its length: `("ab", "c")` and `("a", "bc")` differ. The shell hashes
/// ``bytes`` with SHA-256 and keeps the first 16 bytes, which make a ``RandomIdentifier``.
///
/// ```swift
/// var input = DerivationInput(domain: "kvytok.journal-entry.fare-batch.v1")
/// input.append(accountingDate.description)
/// input.append(batchNumber)
/// ```
package struct DerivationInput: Hashable, Sendable {
    package private(set) var bytes: [UInt8] = []

    /// - Parameter domain: What is being named, with a version. Two kinds of identifiers never
    ///   share a domain.
    package init(domain: String) {
        append(domain)
    }

    package mutating func append(_ text: String) {
        append(bytes: Array(text.utf8))
    }

    package mutating func append(_ number: Int64) {
        append(bytes: (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
    }

    package mutating func append<Kind>(_ identifier: RandomIdentifier<Kind>) {
        append(bytes: identifier.bytes)
    }

    package mutating func append(bytes part: some Collection<UInt8>) {
        let count = UInt32(part.count)
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: count >> UInt32(shift)))
        }
        bytes.append(contentsOf: part)
    }
}
