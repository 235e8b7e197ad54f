import FareMedia

/// The card's half of EV2 secure messaging: checks commands, protects answers.
struct CardSideSession: Sendable {
    private var session: EV2Session

    init(_ session: EV2Session) {
        self.session = session
    }

    /// Checks the code of a command that carries a header only.
    ///
    /// - Returns: The header; `nil` when the code is missing or wrong.
    func openHeader(_ instruction: UInt8, body: [UInt8]) -> [UInt8]? {
        guard body.count >= EV2Session.macSize else { return nil }
        let header = Array(body.dropLast(EV2Session.macSize))
        let code = Array(body.suffix(EV2Session.macSize))
        guard isEqualInConstantTime(code, session.commandMAC(instruction, body: header)) else {
            return nil
        }
        return header
    }

    /// Counts the exchange and protects a successful answer.
    ///
    /// - Returns: `nil` when the counter is spent; the card then ends the session.
    mutating func protect(_ data: [UInt8], mode: CommunicationMode) -> [UInt8]? {
        guard session.countExchange() else { return nil }
        var body = data
        if mode == .full, !data.isEmpty {
            body = session.encryptionKey.encryptCBC(Padding.pad(data), iv: session.responseIV)
        }
        return body + session.responseMAC(0, body: body)
    }
}
