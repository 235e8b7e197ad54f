import ArgumentParser
import Foundation
import TransitModel
import Uplink

struct EnrolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Give this device its identity, by a one-time code.",
        discussion: """
            Makes a P-256 key that never leaves the state folder, has the scheme's authority \
            certify it, and keeps the trust root. The authority is known by its certificate file \
            or by the SHA-256 of that certificate, which the operator reads out. Prints one line \
            of JSON with device_id, vehicle_id and scheme.
            """)

    @Option(help: "The back office's device gateway, such as https://office.example:8443.")
    var server: String

    @Option(help: "The one-time code that `kvytok-backoffice device enrol-code` printed.")
    var code: String

    @Option(help: "The device's state folder; made when missing.")
    var state: String

    @Option(help: "The scheme authority's certificate, a PEM file.")
    var authority: String?

    @Option(
        name: .customLong("authority-fingerprint"),
        help: "SHA-256 of the authority's certificate, 64 hexadecimal digits.")
    var authorityFingerprint: String?

    @Flag(help: "Replace the identity that the folder already holds.")
    var again = false

    private struct Answer: Encodable {
        let deviceID: String
        let vehicleID: String
        let scheme: String

        enum CodingKeys: String, CodingKey {
            case deviceID = "device_id"
            case vehicleID = "vehicle_id"
            case scheme
        }
    }

    func validate() throws {
        guard let url = URL(string: server), url.scheme == "https", url.host != nil else {
            throw ValidationError("--server is an address that begins with https://.")
        }
        guard (authority == nil) != (authorityFingerprint == nil) else {
            throw ValidationError("Name the authority by --authority or --authority-fingerprint.")
        }
        if let authorityFingerprint, Self.fingerprint(authorityFingerprint) == nil {
            throw ValidationError("--authority-fingerprint has 64 hexadecimal digits.")
        }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: state, isDirectory: true)
        let identity = folder.appending(path: "device.json")
        if !again, FileManager.default.fileExists(atPath: identity.path) {
            throw Refusal("\(identity.path): this device is enrolled already; see --again")
        }
        guard let url = URL(string: server) else { throw Refusal("--server: not an address") }
        let device = try await Enrolment(server: url, trust: try trust())
            .enrol(code: code, into: folder)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let answer = Answer(
            deviceID: device.device.rawValue, vehicleID: device.vehicle.rawValue,
            scheme: device.scheme.rawValue)
        printLine(String(decoding: try encoder.encode(answer), as: UTF8.self))
    }

    private func trust() throws -> Enrolment.Trust {
        if let bytes = authorityFingerprint.flatMap(Self.fingerprint) {
            return .fingerprint(bytes)
        }
        let path = authority ?? ""
        guard let pem = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Refusal("\(path): the authority's certificate cannot be read")
        }
        return .authority(pem: pem)
    }

    /// Colons, as many tools print them, do not matter.
    private static func fingerprint(_ text: String) -> [UInt8]? {
        [UInt8](hex: text.filter { $0 != ":" }).flatMap { $0.count == 32 ? $0 : nil }
    }
}
