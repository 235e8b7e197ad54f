import CPCSC
import FareMedia

/// A connected medium; it adds up the time that its exchanges take.
///
/// Belongs to one thread, the reader's own.
final class PCSCCard: CardChannel {
    private static let pciSize = DWORD(MemoryLayout<SCARD_IO_REQUEST>.size)

    private let handle: SCARDHANDLE
    private let activeProtocol: DWORD
    private(set) var exchangeTime = Duration.zero

    init(handle: SCARDHANDLE, activeProtocol: DWORD) {
        self.handle = handle
        self.activeProtocol = activeProtocol
    }

    /// Lets go of the medium. It keeps its power: it is about to leave by itself.
    ///
    /// Never reset or unpower it here: when the medium has left without the reader noticing, that
    /// fails, and pcscd 1.9 then takes the reader for empty until a removal is reported, however
    /// many cards come after.
    func disconnect() {
        SCardDisconnect(handle, DWORD(SCARD_LEAVE_CARD))
    }

    func transmit(_ command: APDUCommand) throws(CardReadFailure) -> APDUResponse {
        let bytes = command.serialized
        var sendHeader = SCARD_IO_REQUEST(dwProtocol: activeProtocol, cbPciLength: Self.pciSize)
        var answer = [UInt8](repeating: 0, count: APDUResponse.sizeLimit)
        var count = DWORD(answer.count)
        let begunAt = ContinuousClock.now
        let code = SCardTransmit(
            handle, &sendHeader, bytes, DWORD(bytes.count), nil, &answer, &count)
        exchangeTime += begunAt.duration(to: .now)
        do throws(PCSCError) {
            try PCSCError.check(code, "transmit")
        } catch {
            throw error.isOne(of: SCARD_E_INSUFFICIENT_BUFFER)
                ? .protocolViolation : error.readFailure
        }
        // Some drivers report a medium that left as an empty answer.
        guard count > 0 else { throw .torn }
        guard let response = APDUResponse(bytes: answer.prefix(Int(count))) else {
            throw .protocolViolation
        }
        return response
    }
}
