/// Where a ticket lies on a card: a DESFire EV2 application with one file.
///
/// Card and validator agree on these numbers for good; a new layout takes a new application.
package enum ETicketApplication {
    /// The application identifier as it is sent, least significant byte first ("KVT").
    package static let identifier: [UInt8] = [0x54, 0x56, 0x4B]
    /// The key that opens the ticket file for reading.
    package static let readKeyNumber: UInt8 = 1
    /// The standard data file with ticket and issuer signature, in full communication mode.
    package static let ticketFileNumber: UInt8 = 1
    /// Enters every diversification so that no other system that holds the same master key by
    /// mistake computes the same card key (AN10922, "system identifier").
    static let systemIdentifier = Array("KVYTOK".utf8)

    /// UID, application identifier, system identifier: the order that AN10922 recommends.
    package static func diversificationInput(for uid: CardUID) -> [UInt8] {
        uid.bytes + identifier + systemIdentifier
    }
}
