import FareMedia
import Foundation
import Glibc
import SignedDocuments
import TapAcceptance
import TransitModel

/// Card keys from a file, for development; a vehicle in service has a secure access module.
///
///     {"card_master_key": "32 hex digits", "media_key": {"generation": 1, "secret": "64 hex digits"}}
package struct CardKeyFile: Sendable {
    /// The file is missing, open to others, or not of the form above. Never quotes it.
    package struct Refusal: Error, CustomStringConvertible {
        package let path: String
        package let reason: String

        package var description: String { "Card keys \(path): \(reason)" }
    }

    private struct Contents: Decodable {
        struct MediaKey: Decodable {
            let generation: UInt16
            let secret: String
        }

        let cardMasterKey: String
        let mediaKey: MediaKey
    }

    package let cardKeys: InMemoryCardKeys
    package let mediaKeys: MediaKeyDeriver

    package init(path: String) throws(Refusal) {
        func refusal(_ reason: String) -> Refusal { Refusal(path: path, reason: reason) }
        var information = stat()
        guard stat(path, &information) == 0 else { throw refusal("cannot be found") }
        guard information.st_mode & 0o077 == 0 else {
            throw refusal("is open to other users: chmod 600 it")
        }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw refusal("cannot be read")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let contents = try? decoder.decode(Contents.self, from: bytes) else {
            throw refusal("is not JSON with card_master_key and media_key")
        }
        guard let master = [UInt8](hex: contents.cardMasterKey).flatMap(AESKey.init(bytes:)) else {
            throw refusal("card_master_key is not 32 hex digits")
        }
        guard let secret = [UInt8](hex: contents.mediaKey.secret),
            let mediaKeys = MediaKeyDeriver(
                secret: secret, generation: KeyGeneration(contents.mediaKey.generation))
        else { throw refusal("media_key.secret is not 64 hex digits") }
        cardKeys = InMemoryCardKeys(masterKey: master)
        self.mediaKeys = mediaKeys
    }

    /// What a reader needs, with the issuers that the configuration in use names.
    package func reading(under documents: DocumentDesk) -> ETicketReading {
        ETicketReading(
            cardKeys: cardKeys, mediaKeys: mediaKeys,
            issuerKeys: documents.inUse.configuration?.issuerKeys ?? [:])
    }
}
