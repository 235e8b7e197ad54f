import CPCSC
import TransitModel

/// Which readers there are and whether a medium lies on each: what the service reports goes in,
/// what it means comes out.
struct ReaderRoster {
    enum Change: Hashable {
        case attached(ReaderName)
        case detached(ReaderName)
        case mediumEntered(ReaderName)
    }

    private var bits: [ReaderName: UInt] = [:]

    /// The known states in a fixed order, as the next question to the service takes them.
    var known: [PCSCContext.ReaderState] {
        bits.sorted { $0.key < $1.key }
            .map { PCSCContext.ReaderState(name: $0.key, bits: $0.value) }
    }

    /// Whether a medium lay on a reader at the last look.
    func holdsMedium(_ name: ReaderName) -> Bool {
        (bits[name] ?? 0) & UInt(SCARD_STATE_PRESENT) != 0
    }

    /// Compares with the service's list of readers.
    mutating func update(names: [ReaderName]) -> [Change] {
        let present = Set(names)
        var changes: [Change] = []
        for name in bits.keys.sorted() where !present.contains(name) {
            bits[name] = nil
            changes.append(.detached(name))
        }
        for name in names where bits[name] == nil {
            bits[name] = UInt(SCARD_STATE_UNAWARE)
            changes.append(.attached(name))
        }
        return changes
    }

    /// Takes in one reader's new state.
    ///
    /// A medium that left and another that came between two looks show only in the count of
    /// events; a change of its power or of who uses it shows in the bits and means nothing here.
    mutating func observe(_ state: PCSCContext.ReaderState) -> Change? {
        guard let before = bits[state.name] else { return nil }
        bits[state.name] = state.bits
        let presentBit = UInt(SCARD_STATE_PRESENT)
        guard state.bits & presentBit != 0 else { return nil }
        let wasPresent = before & presentBit != 0
        let isSameMedium = wasPresent && Self.events(before) == Self.events(state.bits)
        return isSameMedium ? nil : .mediumEntered(state.name)
    }

    private static func events(_ bits: UInt) -> UInt { bits >> 16 & 0xFFFF }
}
