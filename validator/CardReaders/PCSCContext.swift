import CPCSC
import Glibc
import TransitModel

/// One thread's connection to the PC/SC service.
///
/// libpcsclite serves one call at a time per context, so each thread has its own.
final class PCSCContext {
    /// Where a reader stood at the last look, and where it stands now.
    struct ReaderState {
        let name: ReaderName
        /// State bits below, a count of insertions and removals in the upper 16 of 32 bits.
        let bits: UInt
    }

    private static let nameListLimit = 16 * 128 + 1
    private let handle: SCARDCONTEXT

    init() throws(PCSCError) {
        var handle = SCARDCONTEXT()
        try PCSCError.check(
            SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle),
            "establish context")
        self.handle = handle
    }

    deinit { SCardReleaseContext(handle) }

    /// The names of all readers, in the service's order.
    func readerNames() throws(PCSCError) -> [ReaderName] {
        var buffer = [CChar](repeating: 0, count: Self.nameListLimit)
        var count = DWORD(buffer.count)
        do throws(PCSCError) {
            try PCSCError.check(SCardListReaders(handle, nil, &buffer, &count), "list readers")
        } catch {
            if error.isOne(of: SCARD_E_NO_READERS_AVAILABLE) { return [] }
            throw error
        }
        // Names end with a zero, their list with another.
        return buffer.prefix(Int(count)).split(separator: 0)
            .map { ReaderName(String(decoding: $0.map(UInt8.init(bitPattern:)), as: UTF8.self)) }
    }

    /// Waits until a reader's state differs from the known one.
    ///
    /// - Parameter known: Not empty; zero bits for a reader that was never looked at.
    /// - Returns: The readers that changed; none when the time is over or a reader has gone.
    func changes(
        from known: [ReaderState], within limit: Duration
    ) throws(PCSCError) -> [ReaderState] {
        let names = known.map { strdup($0.name.rawValue) }
        defer { for name in names { free(name) } }
        var states = zip(known, names).map { reader, name in
            var state = SCARD_READERSTATE()
            state.szReader = UnsafePointer(name)
            state.dwCurrentState = DWORD(reader.bits)
            return state
        }
        let (seconds, attoseconds) = limit.components
        let milliseconds = max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
        do throws(PCSCError) {
            try PCSCError.check(
                SCardGetStatusChange(handle, DWORD(milliseconds), &states, DWORD(states.count)),
                "await status change")
        } catch {
            if error.isOne(of: SCARD_E_TIMEOUT, SCARD_E_UNKNOWN_READER, SCARD_E_CANCELLED) {
                return []
            }
            throw error
        }
        let changed = DWORD(SCARD_STATE_CHANGED)
        return zip(known, states).compactMap { reader, state in
            guard state.dwEventState & changed != 0 else { return nil }
            return ReaderState(name: reader.name, bits: UInt(state.dwEventState & ~changed))
        }
    }

    /// Connects to the medium in a reader's field and keeps everybody else off it.
    func connect(to reader: ReaderName) throws(PCSCError) -> PCSCCard {
        var card = SCARDHANDLE()
        var activeProtocol = DWORD()
        let code = reader.rawValue.withCString {
            SCardConnect(
                handle, $0, DWORD(SCARD_SHARE_EXCLUSIVE),
                DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1), &card, &activeProtocol)
        }
        try PCSCError.check(code, "connect")
        return PCSCCard(handle: card, activeProtocol: activeProtocol)
    }
}
