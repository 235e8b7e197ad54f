import ArgumentParser
import Crypto
import DeviceGateway
import Foundation
import TransitModel

/// `kvytok-backoffice keys`: the keys that the back office signs with.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make the keys of a development installation.",
        subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make the device authority, the gateway's certificate and document keys.",
            discussion: """
                What is there already is kept. Prints the fingerprint by which devices know the \
                authority when they enrol.
                """)

        @Option(help: ArgumentHelp("Where keys lie.", valueName: "folder"))
        var state: String

        @Option(help: "The scheme that this installation serves.")
        var scheme: String

        @Option(
            help: ArgumentHelp(
                "A name or address under which devices reach the gateway; may be repeated.",
                valueName: "host"))
        var host: [String] = []

        private struct Created: Encodable {
            let authority: String
            let authorityFingerprint: String
        }

        func run() async throws {
            let folder = URL(filePath: state, directoryHint: .isDirectory)
            let settings = DeviceGateway.Settings(
                scheme: SchemeID(scheme), names: host, stateFolder: folder)
            let keys = try GatewayKeys.loadOrCreate(
                in: folder, scheme: settings.scheme, hosts: settings.hosts,
                at: GatewayClock.now())
            let fingerprint = SHA256.hash(data: try keys.authority.certificate.derBytes)
            try Answer.print(
                Created(
                    authority: folder.appending(path: "authority.crt").path,
                    authorityFingerprint: Array(fingerprint).hex))
        }
    }
}
