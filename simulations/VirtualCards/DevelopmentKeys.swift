import Crypto
import FareMedia
import Foundation
import TransitModel

/// The keys of a development scheme, in three files with three kinds of reader.
///
/// - `card-keys.json`, for validators: what opens cards and names media. Secret.
/// - `issuer.json`, for whoever makes cards. Secret.
/// - `issuer-public.json`, for the back office, which tells validators: a list, because a scheme
///   accepts old issuer keys beside the new.
///
/// A scheme in service keeps the secret ones in hardware.
package struct DevelopmentKeys: Sendable {
    private struct CardKeys: Codable {
        struct MediaKey: Codable {
            let generation: UInt16
            let secret: String
        }

        let cardMasterKey: String
        let mediaKey: MediaKey
    }

    private struct Issuer: Codable {
        let scheme: String
        let issuerKey: UInt32
        let privateKey: String
    }

    private struct PublicIssuer: Codable {
        let issuerKey: UInt32
        let publicKey: String
    }

    private let scheme: SchemeID
    private let masterKey: [UInt8]
    private let mediaSecret: [UInt8]
    private let signingKey: Curve25519.Signing.PrivateKey

    private static let cardKeysFile = "card-keys.json"
    private static let issuerFile = "issuer.json"
    private static let publicFile = "issuer-public.json"
    private static let issuerKeyNumber: UInt32 = 1

    /// New keys from the system's source of randomness.
    package init(scheme: SchemeID) {
        self.scheme = scheme
        masterKey = Self.bytes(of: SymmetricKey(size: .bits128))
        mediaSecret = Self.bytes(of: SymmetricKey(size: .bits256))
        signingKey = Curve25519.Signing.PrivateKey()
    }

    /// Writes the three files, the secret ones readable by their owner only.
    ///
    /// - Throws: ``DevelopmentKeysFailure`` when one is there already: cards and journals depend
    ///   on it.
    package func write(to folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try Self.write(
            CardKeys(
                cardMasterKey: masterKey.hex,
                mediaKey: .init(generation: 1, secret: mediaSecret.hex)),
            to: "\(folder)/\(Self.cardKeysFile)", mode: 0o600)
        try Self.write(
            Issuer(
                scheme: scheme.rawValue, issuerKey: Self.issuerKeyNumber,
                privateKey: signingKey.rawRepresentation.hex),
            to: "\(folder)/\(Self.issuerFile)", mode: 0o600)
        try Self.write(
            [
                PublicIssuer(
                    issuerKey: Self.issuerKeyNumber,
                    publicKey: signingKey.publicKey.rawRepresentation.hex)
            ],
            to: "\(folder)/\(Self.publicFile)", mode: 0o644)
    }

    /// Who makes cards with the keys of a folder.
    package static func issuer(in folder: String) throws -> CardIssuer {
        let cards: CardKeys = try read("\(folder)/\(cardKeysFile)")
        let issuer: Issuer = try read("\(folder)/\(issuerFile)")
        guard let masterKey = [UInt8](hex: cards.cardMasterKey).flatMap(AESKey.init(bytes:)) else {
            throw DevelopmentKeysFailure("\(cardKeysFile): card_master_key is not 32 hex digits")
        }
        guard let bytes = [UInt8](hex: issuer.privateKey),
            let signingKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw DevelopmentKeysFailure("\(issuerFile): private_key is not 64 hex digits") }
        return CardIssuer(
            scheme: SchemeID(issuer.scheme), masterKey: masterKey,
            issuerKey: IssuerKeyID(issuer.issuerKey), signingKey: signingKey)
    }

    private static func read<Content: Decodable>(_ path: String) throws -> Content {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DevelopmentKeysFailure("\(path) cannot be read")
        }
        do {
            return try decoder.decode(Content.self, from: data)
        } catch {
            // The decoder's own words may quote the secret.
            throw DevelopmentKeysFailure("\(path) is not of the form that `keys` writes")
        }
    }

    private static func write(_ content: some Encodable, to path: String, mode: mode_t) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = try encoder.encode(content) + Data("\n".utf8)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw DevelopmentKeysFailure("\(path): \(String(cString: strerror(errno)))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: data)
    }

    private static func bytes(of key: SymmetricKey) -> [UInt8] {
        key.withUnsafeBytes { Array($0) }
    }
}

/// Why keys cannot be written or read; never quotes one.
package struct DevelopmentKeysFailure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
