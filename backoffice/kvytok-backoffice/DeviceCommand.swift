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

    struct EnrolCode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enrol-code",
            abstract: "Make a one-time code that lets one device enrol.",
            discussion: """
                The code is printed once and kept as a hash only. It ends after a day, or when \
                it is used. A device that enrols again keeps its name and gets a new certificate.
                """)

        @OptionGroup var database: DatabaseOptions

        @Option(
            help: ArgumentHelp(
                "The device's name; without it, the vehicle's with -validator.",
                valueName: "name"))
        var device: String?

        @Option(help: ArgumentHelp("The vehicle that it is mounted in.", valueName: "name"))
        var vehicle: String

        private struct Issued: Encodable {
            let code: String
            let deviceId: String
            let vehicleId: String
            let expiresAt: String
        }

        private var name: String { device ?? "\(vehicle)-validator" }

        func validate() throws {
            // Any scheme does: the name alone is looked at.
            guard DeviceName(scheme: "any", device: DeviceID(name)) != nil else {
                throw ValidationError(
                    "a device's name has 1 to 64 letters, digits, dots, dashes or underscores")
            }
        }

        func run() async throws {
            let client = PostgresClient(database.url, applicationName: "kvytok-backoffice device")
            let (code, expiresAt) = try await EnrolmentDesk.makeCode(
                for: DeviceID(name), in: VehicleID(vehicle), database: client,
                at: GatewayClock.now())
            await client.close()
            let end = Date(
                timeIntervalSince1970: Double(expiresAt.millisecondsSince1970) / 1_000)
            try Answer.print(
                Issued(
                    code: code.text, deviceId: name, vehicleId: vehicle,
                    expiresAt: end.formatted(.iso8601)))
        }
    }

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
