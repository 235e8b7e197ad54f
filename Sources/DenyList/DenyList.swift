import TransitModel

/// The refused media keys: exact, immutable, and checked before first use.
///
/// A filter that errs once in 65,000 would refuse honest passengers every day in a city, so the
/// list holds whole keys (DESIGN: identity).
package struct DenyList: Hashable, Sendable {
    private let bytes: [UInt8]
    private let index: DenyListIndex

    /// - Parameter bytes: A whole list, as ``DenyListLayout`` has it.
    package init(bytes: [UInt8]) throws(DenyListRefusal) {
        let index = try DenyListIndex(parsing: bytes.span.bytes)
        try index.verifyOrder(in: bytes.span.bytes)
        self.bytes = bytes
        self.index = index
    }

    /// Rises with every list that a scheme publishes; the document around it carries the same.
    package var version: UInt64 { index.version }
    package var entryCount: Int { index.entryCount }
    package var generations: [KeyGeneration] { index.sections.map(\.generation) }

    package func contains(_ mediaKey: MediaKey) -> Bool {
        index.contains(mediaKey, in: bytes.span.bytes)
    }
}
