import TransitModel

/// Finds keys in a deny list's bytes wherever they live: in memory, or in a mapped file.
///
/// The index is small and holds no bytes itself. It answers exactly: there are no false hits.
package struct DenyListIndex: Hashable, Sendable {
    package struct Section: Hashable, Sendable {
        package let generation: KeyGeneration
        package let entryCount: Int
        /// Where its first key lies.
        package let offset: Int
    }

    package let version: UInt64
    package let sections: [Section]

    package var entryCount: Int { sections.reduce(0) { $0 + $1.entryCount } }

    /// Reads the header and demands that it describes the bytes exactly. Takes the same time for
    /// any length; ``verifyOrder(in:)`` looks at the entries.
    package init(parsing bytes: RawSpan) throws(DenyListRefusal) {
        guard bytes.byteCount >= DenyListLayout.headerLength,
            DenyListLayout.magic.indices.allSatisfy({
                bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == DenyListLayout.magic[$0]
            }),
            bytes.bigEndian(UInt8.self, at: 4) == DenyListLayout.format,
            Int(bytes.bigEndian(UInt8.self, at: 5)) == DenyListLayout.keyLength
        else { throw .unknownFormat }
        let sectionCount = Int(bytes.bigEndian(UInt16.self, at: 6))
        let keysStart = DenyListLayout.headerLength + sectionCount * DenyListLayout.sectionLength
        guard sectionCount <= DenyListLayout.sectionLimit else { throw .unknownFormat }
        guard bytes.byteCount >= keysStart else {
            throw .wrongLength(expected: keysStart, found: bytes.byteCount)
        }
        var sections: [Section] = []
        var offset = keysStart
        for number in 0..<sectionCount {
            let start = DenyListLayout.headerLength + number * DenyListLayout.sectionLength
            let generation = KeyGeneration(bytes.bigEndian(UInt16.self, at: start))
            let reserved = bytes.bigEndian(UInt64.self, at: start) & 0xFFFF_FFFF_FFFF
            let count = bytes.bigEndian(UInt64.self, at: start + 8)
            guard reserved == 0 else { throw .unknownFormat }
            if let last = sections.last, generation <= last.generation { throw .sectionsOutOfOrder }
            guard count <= DenyListLayout.entryLimit else { throw .tooManyEntries }
            sections.append(
                Section(generation: generation, entryCount: Int(count), offset: offset))
            offset += Int(count) * DenyListLayout.keyLength
        }
        guard sections.reduce(0, { $0 + $1.entryCount }) <= DenyListLayout.entryLimit else {
            throw .tooManyEntries
        }
        guard bytes.byteCount == offset else {
            throw .wrongLength(expected: offset, found: bytes.byteCount)
        }
        version = bytes.bigEndian(UInt64.self, at: 8)
        self.sections = sections
    }

    /// Demands strictly rising keys, without which a look-up could miss one. Done once, when a
    /// list is installed.
    package func verifyOrder(in bytes: RawSpan) throws(DenyListRefusal) {
        var entry = 0
        for section in sections {
            for position in 0..<section.entryCount {
                defer { entry += 1 }
                guard position > 0 else { continue }
                let earlier = key(at: position - 1, of: section, in: bytes)
                guard earlier < key(at: position, of: section, in: bytes) else {
                    throw .entriesOutOfOrder(at: entry)
                }
            }
        }
    }

    /// Whether the key is listed under its own generation.
    ///
    /// - Parameter bytes: The same bytes that the index was parsed from.
    package func contains(_ mediaKey: MediaKey, in bytes: RawSpan) -> Bool {
        guard let section = sections.first(where: { $0.generation == mediaKey.generation }) else {
            return false
        }
        let wanted = mediaKey.bytes.withUnsafeBytes {
            UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self))
        }
        var low = 0
        var high = section.entryCount
        while low < high {
            let middle = low + (high - low) / 2
            let found = key(at: middle, of: section, in: bytes)
            if found == wanted { return true }
            if found < wanted { low = middle + 1 } else { high = middle }
        }
        return false
    }

    private func key(at position: Int, of section: Section, in bytes: RawSpan) -> UInt128 {
        bytes.bigEndian(
            UInt128.self, at: section.offset + position * DenyListLayout.keyLength)
    }
}

extension RawSpan {
    /// A big-endian integer; reading past the end traps.
    fileprivate func bigEndian<Word: FixedWidthInteger & BitwiseCopyable>(
        _: Word.Type, at offset: Int
    ) -> Word {
        Word(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Word.self))
    }
}
