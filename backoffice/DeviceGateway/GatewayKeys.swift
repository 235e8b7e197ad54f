import Crypto
import Foundation
import SignedDocuments
import SwiftASN1
import TransitModel
import X509

/// The back office's own keys, as files in its state folder: for development.
///
///     authority.key  authority.crt     the scheme's device authority
///     gateway.key    gateway.crt       the listener that devices reach
///     document-root.key                signs the trust root
///     document-online.key              signs deny lists and configurations
///     root.kvd                         the trust root that devices enrol with
///
/// Keys are readable by their owner only and are never overwritten.
package struct GatewayKeys: Sendable {
    package enum Failure: Error, CustomStringConvertible {
        /// File keys are for development; a token or a secure element holds those that matter.
        case fileKeysInProduction
        case unusable(path: String)

        package var description: String {
            switch self {
            case .fileKeysInProduction:
                "Keys in files are refused in production; keep them in a PKCS#11 token"
            case .unusable(let path): "\(path) does not hold what it should"
            }
        }
    }

    package let authority: CertificateAuthority
    package let serverCertificatePEM: String
    package let serverKeyPEM: String
    package let documentSigner: DocumentSigner
    package let trustRoot: [UInt8]
    package let trustRootHeader: DocumentHeader

    package var authorityPEM: String { get throws { try authority.certificate.pem } }

    /// Loads the keys of a folder and makes what is missing.
    ///
    /// - Parameter hosts: Names and addresses under which devices reach the gateway. Its
    ///   certificate is issued anew when it lacks one of them or nears its end.
    package static func loadOrCreate(
        in folder: URL, scheme: SchemeID, hosts: [String], at now: Timestamp,
        isProduction: Bool = false
    ) throws -> GatewayKeys {
        guard !isProduction else { throw Failure.fileKeysInProduction }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let authority = try authority(in: folder, scheme: scheme, at: now)
        let server = try server(in: folder, of: authority, hosts: hosts, at: now)
        let rootSigner = try signer(in: folder.appending(path: "document-root.key"))
        let onlineSigner = try signer(in: folder.appending(path: "document-online.key"))
        let root = try trustRoot(
            in: folder.appending(path: "root.kvd"), scheme: scheme, root: rootSigner,
            online: onlineSigner, at: now)
        return GatewayKeys(
            authority: authority, serverCertificatePEM: server.certificate,
            serverKeyPEM: server.key, documentSigner: onlineSigner, trustRoot: root,
            trustRootHeader: try SignedDocument(parsing: root).header)
    }

    private static func authority(
        in folder: URL, scheme: SchemeID, at now: Timestamp
    ) throws -> CertificateAuthority {
        let keyFile = folder.appending(path: "authority.key")
        let certificateFile = folder.appending(path: "authority.crt")
        if let pem = try PrivateFile.read(keyFile) {
            guard let key = try? P256.Signing.PrivateKey(pemRepresentation: pem),
                let certificate = try? Certificate(
                    pemEncoded: String(contentsOf: certificateFile, encoding: .utf8)),
                certificate.publicKey == Certificate.PublicKey(key.publicKey)
            else { throw Failure.unusable(path: keyFile.path) }
            return CertificateAuthority(certificate: certificate, key: key)
        }
        let (authority, key) = try CertificateAuthority.make(scheme: scheme, at: now)
        // The certificate first: a key without one would be unusable for ever.
        try PrivateFile.write(authority.certificate.pem, to: certificateFile, mode: 0o644)
        try PrivateFile.write(key.pemRepresentation, to: keyFile)
        return authority
    }

    private static func server(
        in folder: URL, of authority: CertificateAuthority, hosts: [String], at now: Timestamp
    ) throws -> (certificate: String, key: String) {
        let keyFile = folder.appending(path: "gateway.key")
        let certificateFile = folder.appending(path: "gateway.crt")
        let namesFile = folder.appending(path: "gateway.names")
        let names = hosts.sorted().joined(separator: "\n")
        let key: P256.Signing.PrivateKey
        if let pem = try PrivateFile.read(keyFile) {
            guard let stored = try? P256.Signing.PrivateKey(pemRepresentation: pem) else {
                throw Failure.unusable(path: keyFile.path)
            }
            key = stored
        } else {
            key = P256.Signing.PrivateKey()
            try PrivateFile.write(key.pemRepresentation, to: keyFile)
        }
        let third = CertificateAuthority.serverLifetime / 3
        if let pem = try PrivateFile.read(certificateFile),
            let certificate = try? Certificate(pemEncoded: pem),
            certificate.issuer == authority.certificate.subject,
            certificate.publicKey == Certificate.PublicKey(key.publicKey),
            certificate.notValidAfter > now.advanced(by: third).date,
            try PrivateFile.read(namesFile) == names
        {
            return (pem, key.pemRepresentation)
        }
        let pem = try authority.issueServer(key: key.publicKey, hosts: hosts, at: now).pem
        try PrivateFile.write(pem, to: certificateFile, mode: 0o644)
        try PrivateFile.write(names, to: namesFile, mode: 0o644)
        return (pem, key.pemRepresentation)
    }

    private static func signer(in file: URL) throws -> DocumentSigner {
        if let hex = try PrivateFile.read(file) {
            let text = hex.trimmingCharacters(in: .whitespacesAndNewlines)
            guard let bytes = [UInt8](hex: text), let signer = DocumentSigner(privateKey: bytes)
            else { throw Failure.unusable(path: file.path) }
            return signer
        }
        let key = Curve25519.Signing.PrivateKey()
        try PrivateFile.write(Array(key.rawRepresentation).hex + "\n", to: file)
        return DocumentSigner(key: key)
    }

    private static func trustRoot(
        in file: URL, scheme: SchemeID, root: DocumentSigner, online: DocumentSigner,
        at now: Timestamp
    ) throws -> [UInt8] {
        if FileManager.default.fileExists(atPath: file.path) {
            return [UInt8](try Data(contentsOf: file))
        }
        guard let trust = TrustRoot(rootKey: root.publicKey, onlineKey: online.publicKey) else {
            throw Failure.unusable(path: file.path)
        }
        let header = DocumentHeader(
            role: .root, scheme: scheme, version: 1, issuedAt: now,
            expiresAt: now.advanced(by: .seconds(3_650 * 86_400)))
        let bytes = try root.sign(header, payload: trust.payload())
        try PrivateFile.write(Data(bytes), to: file, mode: 0o644)
        return bytes
    }
}

/// Files that only their owner reads, written whole or not at all.
enum PrivateFile {
    /// - Returns: `nil` when there is no such file.
    static func read(_ file: URL) throws -> String? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try String(contentsOf: file, encoding: .utf8)
    }

    static func write(_ text: String, to file: URL, mode: Int = 0o600) throws {
        try write(Data(text.utf8), to: file, mode: mode)
    }

    static func write(_ data: Data, to file: URL, mode: Int = 0o600) throws {
        let temporary = file.appendingPathExtension("new")
        guard
            FileManager.default.createFile(
                atPath: temporary.path, contents: nil, attributes: [.posixPermissions: mode])
        else { throw GatewayKeys.Failure.unusable(path: temporary.path) }
        let handle = try FileHandle(forWritingTo: temporary)
        try handle.write(contentsOf: data)
        try handle.synchronize()
        try handle.close()
        guard rename(temporary.path, file.path) == 0 else {
            throw GatewayKeys.Failure.unusable(path: file.path)
        }
    }
}
