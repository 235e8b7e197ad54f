import CPCSC
import FareMedia

/// A PC/SC call that failed, with what was being attempted.
package struct PCSCError: Error, Hashable, Sendable, CustomStringConvertible {
    package let operation: String
    /// As `pcsclite.h` has it, such as 0x8010001D for a missing service.
    package let code: UInt32

    init(_ operation: String, _ code: LONG) {
        self.operation = operation
        self.code = UInt32(truncatingIfNeeded: code)
    }

    package var description: String { "\(operation): PC/SC 0x\(String(code, radix: 16))" }

    static func check(_ code: LONG, _ operation: String) throws(PCSCError) {
        guard code != LONG(SCARD_S_SUCCESS) else { return }
        throw PCSCError(operation, code)
    }

    func isOne(of codes: Int...) -> Bool {
        codes.contains { UInt32(truncatingIfNeeded: $0) == code }
    }

    /// Whether the medium alone is to blame, so that the connection to the service is sound.
    var isAboutMedium: Bool {
        isOne(
            of: SCARD_E_NO_SMARTCARD, SCARD_W_REMOVED_CARD, SCARD_W_RESET_CARD,
            SCARD_W_UNRESPONSIVE_CARD, SCARD_W_UNPOWERED_CARD, SCARD_W_UNSUPPORTED_CARD,
            SCARD_E_PROTO_MISMATCH, SCARD_E_SHARING_VIOLATION)
    }

    /// What a failed call on a medium means for its reading.
    var readFailure: CardReadFailure {
        isOne(of: SCARD_E_PROTO_MISMATCH, SCARD_W_UNSUPPORTED_CARD, SCARD_E_CARD_UNSUPPORTED)
            ? .unknownCard : .torn
    }
}
