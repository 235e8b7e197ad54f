/// The keys, identifier and counter that both sides share after AuthenticateEV2First, and the
/// codes made from them (NXP AN12343, sections 4 and 5; AN12196, section 4).
///
/// Commands are counted from zero. Everything about a command uses the count before it, and
/// everything about its answer the count after it, so that no exchange can be repeated, dropped
/// or swapped.
package struct EV2Session: Sendable, CustomStringConvertible {
    package static let macSize = 8
    package static let transactionIdentifierSize = 4

    package let transactionIdentifier: [UInt8]
    package let encryptionKey: AESKey
    package let macKey: AESKey
    package private(set) var commandCounter: UInt16

    /// - Returns: `nil` unless the identifier has four bytes.
    package init?(
        transactionIdentifier: [UInt8], encryptionKey: AESKey, macKey: AESKey,
        commandCounter: UInt16 = 0
    ) {
        guard transactionIdentifier.count == Self.transactionIdentifierSize else { return nil }
        self.transactionIdentifier = transactionIdentifier
        self.encryptionKey = encryptionKey
        self.macKey = macKey
        self.commandCounter = commandCounter
    }

    /// Derives the session keys from the card key and both challenges (AN12196, section 5.6).
    ///
    /// - Precondition: Challenges have 16 bytes, the identifier has four.
    package init(
        key: AESKey, readerChallenge: [UInt8], cardChallenge: [UInt8],
        transactionIdentifier: [UInt8]
    ) {
        precondition(transactionIdentifier.count == Self.transactionIdentifierSize)
        let seed = Self.sessionSeed(readerChallenge, cardChallenge)
        self.transactionIdentifier = transactionIdentifier
        encryptionKey = AESKey(block: key.cmac([0xA5, 0x5A] + seed))
        macKey = AESKey(block: key.cmac([0x5A, 0xA5] + seed))
        commandCounter = 0
    }

    package var description: String { "EV2Session(command \(commandCounter))" }

    /// Counts one exchange.
    ///
    /// - Returns: `false` when the count would repeat: the session is then worthless.
    package mutating func countExchange() -> Bool {
        guard commandCounter < .max else { return false }
        commandCounter += 1
        return true
    }

    // MARK: - Codes of one exchange

    /// The 8-byte code of a command under the present count.
    ///
    /// - Parameter body: Header and data as they are sent, the data encrypted if it is.
    package func commandMAC(_ instruction: UInt8, body: [UInt8]) -> [UInt8] {
        truncated(macKey.cmac([instruction] + counterBytes + transactionIdentifier + body))
    }

    /// The 8-byte code of an answer under the present count, which by then includes the command.
    package func responseMAC(_ returnCode: UInt8, body: [UInt8]) -> [UInt8] {
        truncated(macKey.cmac([returnCode] + counterBytes + transactionIdentifier + body))
    }

    /// The initialisation vector for a command's data under the present count.
    package var commandIV: [UInt8] { initialisationVector([0xA5, 0x5A]) }

    /// The initialisation vector for an answer's data under the present count.
    package var responseIV: [UInt8] { initialisationVector([0x5A, 0xA5]) }

    private var counterBytes: [UInt8] {
        [UInt8(truncatingIfNeeded: commandCounter), UInt8(truncatingIfNeeded: commandCounter >> 8)]
    }

    private func initialisationVector(_ label: [UInt8]) -> [UInt8] {
        encryptionKey.encryptCBC(
            label + transactionIdentifier + counterBytes + [UInt8](repeating: 0, count: 8))
    }

    /// Every second byte of a CMAC, beginning with the second.
    private func truncated(_ code: [UInt8]) -> [UInt8] {
        stride(from: 1, to: code.count, by: 2).map { code[$0] }
    }

    // MARK: - Derivation

    /// One byte to the left, the first becomes the last.
    package static func rotatedLeft(_ bytes: [UInt8]) -> [UInt8] {
        bytes.isEmpty ? [] : Array(bytes[1...]) + [bytes[0]]
    }

    /// What follows the label in both session vectors: counter 1, length 128, both challenges.
    private static func sessionSeed(_ reader: [UInt8], _ card: [UInt8]) -> [UInt8] {
        precondition(reader.count == AESKey.blockSize && card.count == AESKey.blockSize)
        let mixed = (0..<6).map { reader[2 + $0] ^ card[$0] }
        return [0x00, 0x01, 0x00, 0x80] + reader[..<2] + mixed + card[6...] + reader[8...]
    }
}
