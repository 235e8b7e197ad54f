/// How much of an exchange is protected; the card's file settings decide.
package enum CommunicationMode: Sendable, CaseIterable {
    /// Command and answer carry a code, data is readable.
    case mac
    /// Data is encrypted as well.
    case full
}

/// Why a protected exchange cannot be believed.
package enum SecureMessagingFailure: Error, Hashable, Sendable {
    case wrongMAC
    case wrongLength
    case wrongPadding
    /// The counter has no value left that was not used.
    case counterExhausted
}

/// The reader's half of EV2 secure messaging (NXP AN12343, section 5).
extension EV2Session {
    /// The body of a command: header, data (encrypted in full mode), code.
    ///
    /// - Parameters:
    ///   - header: What the card must read before anything else, such as file and length.
    ///   - data: Without any, nothing is encrypted even in full mode.
    package func protect(
        _ instruction: UInt8, header: [UInt8], data: [UInt8] = [], mode: CommunicationMode
    ) -> [UInt8] {
        var body = header
        if !data.isEmpty {
            body +=
                mode == .full
                ? encryptionKey.encryptCBC(Padding.pad(data), iv: commandIV) : data
        }
        return body + commandMAC(instruction, body: body)
    }

    /// Checks an answer and gives its data; counts the exchange.
    ///
    /// The code is compared before anything is decrypted. After a failure the session must not
    /// be used again: the two counts may differ.
    ///
    /// - Parameter returnCode: The second status byte, zero for success.
    package mutating func open(
        _ body: [UInt8], returnCode: UInt8 = 0, mode: CommunicationMode
    ) throws(SecureMessagingFailure) -> [UInt8] {
        guard body.count >= Self.macSize else { throw .wrongLength }
        guard countExchange() else { throw .counterExhausted }
        let content = Array(body.dropLast(Self.macSize))
        let code = Array(body.suffix(Self.macSize))
        guard isEqualInConstantTime(code, responseMAC(returnCode, body: content)) else {
            throw .wrongMAC
        }
        guard mode == .full, !content.isEmpty else { return content }
        guard content.count.isMultiple(of: AESKey.blockSize) else { throw .wrongLength }
        guard let data = Padding.remove(from: encryptionKey.decryptCBC(content, iv: responseIV))
        else { throw .wrongPadding }
        return data
    }
}
