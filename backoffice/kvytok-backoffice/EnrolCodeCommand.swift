import ArgumentParser
import DeviceGateway
import Foundation
import PostgresClient
import TransitModel

extension DeviceCommand {
    struct EnrolCode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enrol-code",
            abstract: "Make one-time codes, each of which lets one device enrol.",
            discussion: """
                A code is printed once and kept as a hash only. It ends after a day, or when it \
                is used. A device that enrols again keeps its name and gets a new certificate.

                A whole fleet goes in one file of JSON Lines, {"vehicle_id":"tram-101"} with a \
                device_id where the name is another than the vehicle's with -validator. Either \
                every device gets its code or, when a line is wrong, none does.
                """)

        @OptionGroup var database: DatabaseOptions

        @Option(
            help: ArgumentHelp(
                "The device's name; without it, the vehicle's with -validator.",
                valueName: "name"))
        var device: String?

        @Option(help: ArgumentHelp("The vehicle that it is mounted in.", valueName: "name"))
        var vehicle: String?

        @Option(help: ArgumentHelp("Many devices at once, as JSON Lines.", valueName: "file"))
        var devices: String?

        func validate() throws {
            guard (vehicle == nil) != (devices == nil) else {
                throw ValidationError("Name one vehicle by --vehicle, or many by --devices.")
            }
            if devices != nil, device != nil {
                throw ValidationError("--device goes with --vehicle.")
            }
            if let vehicle, !NewDevice(device: device, vehicle: vehicle).isNameable {
                throw ValidationError(NewDevice.nameRule)
            }
        }

        func run() async throws {
            let wanted =
                if let devices { try NewDevice.readLines(of: devices) } else {
                    [NewDevice(device: device, vehicle: vehicle ?? "")]
                }
            let client = PostgresClient(database.url, applicationName: "kvytok-backoffice device")
            let codes = try await EnrolmentDesk.makeCodes(
                for: wanted.map { ($0.name, VehicleID($0.vehicle)) }, database: client,
                at: GatewayClock.now())
            await client.close()
            for (device, issued) in zip(wanted, codes) {
                let end = Date(
                    timeIntervalSince1970: Double(issued.expiresAt.millisecondsSince1970) / 1_000)
                try Answer.print(
                    Issued(
                        code: issued.code.text, deviceId: device.name.rawValue,
                        vehicleId: device.vehicle, expiresAt: end.formatted(.iso8601)))
            }
        }

        private struct Issued: Encodable {
            let code: String
            let deviceId: String
            let vehicleId: String
            let expiresAt: String
        }
    }
}

/// A device that shall be let in.
private struct NewDevice {
    /// No city has more validators on wheels.
    static let countLimit = 100_000
    static let nameRule =
        "a device's name has 1 to 64 letters, digits, dots, dashes or underscores"

    var device: String?
    var vehicle: String

    var name: DeviceID { DeviceID(device ?? "\(vehicle)-validator") }

    /// Any scheme does: the name alone is looked at.
    var isNameable: Bool { !vehicle.isEmpty && DeviceName(scheme: "any", device: name) != nil }

    private struct Line: Decodable {
        let device_id: String?
        let vehicle_id: String
    }

    /// - Throws: ``CommandRefusal`` with the line's number.
    static func readLines(of path: String) throws -> [NewDevice] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandRefusal("\(path): cannot be read as text")
        }
        var devices: [NewDevice] = []
        var lineOfName: [DeviceID: Int] = [:]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in zip(1..., lines) where !line.allSatisfy(\.isWhitespace) {
            func refuse(_ reason: String) -> CommandRefusal {
                CommandRefusal("\(path), line \(number): \(reason)")
            }
            guard let read = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)) else {
                throw refuse("not a JSON object with a vehicle_id")
            }
            let device = NewDevice(device: read.device_id, vehicle: read.vehicle_id)
            guard device.isNameable else { throw refuse(nameRule) }
            if let earlier = lineOfName.updateValue(number, forKey: device.name) {
                throw refuse("device \(device.name) stands in line \(earlier) already")
            }
            devices.append(device)
            guard devices.count <= countLimit else { throw refuse("more than \(countLimit)") }
        }
        return devices
    }
}
