/// Numbers identifiers in the order in which they come, and finds them again by their bytes.
///
/// A dictionary of strings would make a `String` for each of half a million look-ups. The hash is
/// the standard library's, seeded anew by each process, so that no feed can be made to collide.
struct ByteIndex {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    /// Numbers, or -1; the count of slots is a power of two and at least twice that of entries.
    private var slots: [Int32] = Array(repeating: -1, count: 16)

    var count: Int { ends.count - 1 }

    /// - Returns: `nil` when the identifier has a number already.
    mutating func insert(_ id: ArraySlice<UInt8>) -> Int? {
        if 2 * (count + 1) > slots.count { grow() }
        let slot = self.slot(of: id)
        guard slots[slot] < 0 else { return nil }
        slots[slot] = Int32(count)
        bytes.append(contentsOf: id)
        ends.append(bytes.count)
        return count - 1
    }

    func find(_ id: ArraySlice<UInt8>) -> Int? {
        let number = slots[slot(of: id)]
        return number < 0 ? nil : Int(number)
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for number in 0..<count {
            slots[slot(of: bytes[ends[number]..<ends[number + 1]])] = Int32(number)
        }
    }

    /// Where the identifier stands, or would stand.
    private func slot(of id: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        id.withUnsafeBytes { hasher.combine(bytes: $0) }
        var slot = hasher.finalize() & (slots.count - 1)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if bytes[ends[number]..<ends[number + 1]] == id { return slot }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }
}
