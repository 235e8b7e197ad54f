import DenyList
import TransitModel

/// Makes a deny list's bytes, ready to sign. It stays in the back office: no device links it.
///
/// Keys are appended in order, generation first, as a database or a merge delivers them. The
/// same keys and version always give the same bytes.
package struct DenyListBuilder: Sendable {
    package enum Refusal: Error, Hashable, Sendable {
        /// The key was appended before; its position counts from zero.
        case duplicate(at: Int)
        /// The key belongs before the one appended last.
        case outOfOrder(at: Int)
        case tooManyGenerations
        case tooManyEntries
    }

    private let version: UInt64
    private var sections: [(generation: KeyGeneration, entryCount: Int)] = []
    private var keys: [UInt8] = []
    private var last: MediaKey?
    private var entryCount = 0

    package init(version: UInt64) {
        self.version = version
    }

    package mutating func append(_ key: MediaKey) throws(Refusal) {
        if let last {
            if key == last { throw .duplicate(at: entryCount) }
            guard Self.precedes(last, key) else { throw .outOfOrder(at: entryCount) }
        }
        guard entryCount < DenyListLayout.entryLimit else { throw .tooManyEntries }
        if sections.last?.generation != key.generation {
            guard sections.count < DenyListLayout.sectionLimit else { throw .tooManyGenerations }
            sections.append((key.generation, 0))
        }
        sections[sections.count - 1].entryCount += 1
        keys += key.bytes
        last = key
        entryCount += 1
    }

    package func finish() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(DenyListLayout.magic)
        writer.write(DenyListLayout.format)
        writer.write(UInt8(DenyListLayout.keyLength))
        writer.write(UInt16(sections.count))
        writer.write(version)
        for section in sections {
            writer.write(section.generation.number)
            writer.write([UInt8](repeating: 0, count: 6))
            writer.write(UInt64(section.entryCount))
        }
        writer.write(keys)
        return writer.bytes
    }

    /// A whole list from keys in any order; a key given twice is refused, since it betrays a
    /// defect where the list was put together.
    package static func build(
        version: UInt64, keys: some Sequence<MediaKey>
    ) throws(Refusal) -> [UInt8] {
        var builder = DenyListBuilder(version: version)
        for key in keys.sorted(by: precedes) { try builder.append(key) }
        return builder.finish()
    }

    private static func precedes(_ left: MediaKey, _ right: MediaKey) -> Bool {
        left.generation == right.generation
            ? left.bytes.lexicographicallyPrecedes(right.bytes)
            : left.generation < right.generation
    }
}
