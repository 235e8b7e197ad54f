import ArgumentParser
import DeviceGateway
import Foundation
import PostgresClient
import Store
import TransitModel

/// `kvytok-backoffice device`: what an operator does about validators.
struct DeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "Enrol and revoke devices.",
        subcommands: [EnrolCode.self, Revoke.self])

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Turn a stolen or retired device away.",
            discussion: """
                It gets no more documents, and taps that it sends from now on are stored in \
                quarantine.
                """)

        @OptionGroup var database: DatabaseOptions

        @Argument(help: "The device's name.")
        var device: String

        private struct Revoked: Encodable {
            let deviceId: String
        }

        func run() async throws {
            let client = PostgresClient(database.url, applicationName: "kvytok-backoffice device")
            let name = DeviceID(device)
            let isRevoked = try await client.withConnection { connection in
                try DeviceStore.revoke(name, at: GatewayClock.now(), on: connection)
            }
            await client.close()
            guard isRevoked else {
                throw CommandRefusal("device \(device): there is no such enrolled device")
            }
            try Answer.print(Revoked(deviceId: device))
        }
    }
}

/// Input that a command cannot work with; says what and why.
struct CommandRefusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
