/// Where card keys come from: a secure access module, a secure element, or in development a
/// file that a shell has read.
///
/// The port gives the one diversified key of one card, never the master key, so that hardware
/// which keeps its master key to itself can stand behind it.
package protocol CardKeys: Sendable {
    /// The key that this card's application uses for reading the ticket file.
    ///
    /// - Throws: ``CardReadFailure/keyUnavailable`` when the store cannot answer,
    ///   ``CardReadFailure/unknownCard`` when no key can belong to such a card.
    func readKey(forUID uid: CardUID) throws(CardReadFailure) -> AESKey
}

/// Diversifies a master key held in memory. For development only: production configuration
/// refuses it.
package struct InMemoryCardKeys: CardKeys, CustomStringConvertible {
    private let masterKey: AESKey

    package init(masterKey: AESKey) {
        self.masterKey = masterKey
    }

    package func readKey(forUID uid: CardUID) throws(CardReadFailure) -> AESKey {
        let input = ETicketApplication.diversificationInput(for: uid)
        return AN10922.diversify(masterKey, by: input)
    }

    package var description: String { "InMemoryCardKeys" }
}

/// The number that a card shows before anything is proven (ISO/IEC 14443-3).
package struct CardUID: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// - Returns: `nil` unless there are 4, 7 or 10 bytes, and for the 4-byte form that begins
    ///   with 08: such a number is random and changes with each presentation.
    package init?(bytes: [UInt8]) {
        guard [4, 7, 10].contains(bytes.count), bytes.count != 4 || bytes[0] != 0x08 else {
            return nil
        }
        self.bytes = bytes
    }

    package var description: String { "CardUID" }
}
