/// The number of an issuer's signing key; tickets name it, signed configuration lists it.
package struct IssuerKeyID: Hashable, Sendable, Comparable {
    package let number: UInt32

    package init(_ number: UInt32) {
        self.number = number
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
