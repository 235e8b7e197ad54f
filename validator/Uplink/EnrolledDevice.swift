import Crypto
import Foundation
import NIOSSL
import TransitModel

/// A device's identity as enrolment left it in the state folder.
///
///     device.json     who it is; written last, its presence means enrolled
///     device.key      P-256 private key, readable by its owner only
///     device.crt      its certificate
///     authority.crt   the one authority that it trusts
///     documents/      the trust root, then the documents that it has accepted
package struct EnrolledDevice: Sendable {
    /// Why a state folder holds no usable identity; names the file.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String

        init(_ file: URL, _ problem: String) {
            description = "\(file.path): \(problem)"
        }
    }

    package let device: DeviceID
    package let vehicle: VehicleID
    package let scheme: SchemeID
    package let key: P256.Signing.PrivateKey
    package let certificatePEM: String
    package let authorityPEM: String

    private struct Identity: Codable {
        let deviceID: String
        let vehicleID: String
        let scheme: String

        enum CodingKeys: String, CodingKey {
            case deviceID = "device_id"
            case vehicleID = "vehicle_id"
            case scheme
        }
    }

    package init(
        device: DeviceID, vehicle: VehicleID, scheme: SchemeID, key: P256.Signing.PrivateKey,
        certificatePEM: String, authorityPEM: String
    ) {
        self.device = device
        self.vehicle = vehicle
        self.scheme = scheme
        self.key = key
        self.certificatePEM = certificatePEM
        self.authorityPEM = authorityPEM
    }

    /// - Throws: ``Unusable``.
    package init(folder: URL) throws {
        let identityFile = folder.appending(path: "device.json")
        guard let json = try? Data(contentsOf: identityFile) else {
            throw Unusable(identityFile, "cannot be read; enrol this device first")
        }
        guard let identity = try? JSONDecoder().decode(Identity.self, from: json) else {
            throw Unusable(identityFile, "is no device identity")
        }
        let keyFile = folder.appending(path: "device.key")
        guard let keyPEM = try? String(contentsOf: keyFile, encoding: .utf8),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: keyPEM)
        else { throw Unusable(keyFile, "holds no P-256 private key") }
        func text(_ name: String) throws -> String {
            let file = folder.appending(path: name)
            guard let pem = try? String(contentsOf: file, encoding: .utf8) else {
                throw Unusable(file, "cannot be read")
            }
            return pem
        }
        self.init(
            device: DeviceID(identity.deviceID), vehicle: VehicleID(identity.vehicleID),
            scheme: SchemeID(identity.scheme), key: key,
            certificatePEM: try text("device.crt"), authorityPEM: try text("authority.crt"))
    }

    /// Writes everything durably, the identity last: a cut in between leaves a folder that is
    /// not enrolled yet.
    func write(to folder: URL, trustRoot: [UInt8]) throws {
        let documents = folder.appending(path: "documents", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: documents, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try StateFile.write(
            Data(key.pemRepresentation.utf8), to: folder.appending(path: "device.key"))
        try StateFile.write(
            Data(certificatePEM.utf8), to: folder.appending(path: "device.crt"), mode: 0o644)
        try StateFile.write(
            Data(authorityPEM.utf8), to: folder.appending(path: "authority.crt"), mode: 0o644)
        try StateFile.write(
            Data(trustRoot), to: documents.appending(path: "root.kvd"), mode: 0o644)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let identity = Identity(
            deviceID: device.rawValue, vehicleID: vehicle.rawValue, scheme: scheme.rawValue)
        try StateFile.write(
            try encoder.encode(identity), to: folder.appending(path: "device.json"), mode: 0o644)
    }

    /// TLS towards the gateway: our certificate, and no authority but the scheme's.
    func tlsConfiguration() throws -> TLSConfiguration {
        var configuration = try TLSConfiguration.trusting(authorityPEM: authorityPEM)
        configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(
            Array(certificatePEM.utf8)
        ).map { .certificate($0) }
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem))
        return configuration
    }
}

extension TLSConfiguration {
    /// A client that takes certificates of one pinned authority and no other.
    static func trusting(authorityPEM: String) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(authorityPEM.utf8)))
        return configuration
    }
}

/// Files that are there whole or not at all, also after a power cut.
enum StateFile {
    struct Failure: Error, CustomStringConvertible {
        let path: String
        let code: Int32

        var description: String { "\(path): \(String(cString: strerror(code)))" }
    }

    static func write(_ data: Data, to file: URL, mode: Int = 0o600) throws {
        let temporary = file.appendingPathExtension("new")
        unlink(temporary.path)
        guard
            FileManager.default.createFile(
                atPath: temporary.path, contents: nil, attributes: [.posixPermissions: mode])
        else { throw Failure(path: temporary.path, code: errno) }
        let handle = try FileHandle(forWritingTo: temporary)
        try handle.write(contentsOf: data)
        try handle.synchronize()
        try handle.close()
        guard rename(temporary.path, file.path) == 0 else {
            throw Failure(path: file.path, code: errno)
        }
        let folder = open(
            file.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Failure(path: file.path, code: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Failure(path: file.path, code: errno) }
    }
}
