import Foundation
import TransitModel

/// Who the device is, as enrolment wrote it into `device.json`.
package enum DeviceFile {
    /// The file is missing or not of its form.
    package struct Refusal: Error, CustomStringConvertible {
        package let description: String
    }

    private struct Contents: Decodable {
        let deviceId: String
        let vehicleId: String
        let scheme: String
    }

    package static func identity(in folder: StateFolder) throws(Refusal) -> Validator.Identity {
        let path = folder.path + "/device.json"
        guard let json = FileManager.default.contents(atPath: path) else {
            throw Refusal(description: "\(path) cannot be read: enrol the device first")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let contents = try? decoder.decode(Contents.self, from: json) else {
            throw Refusal(
                description: "\(path) is not JSON with device_id, vehicle_id and scheme")
        }
        return Validator.Identity(
            device: DeviceID(contents.deviceId), vehicle: VehicleID(contents.vehicleId),
            scheme: SchemeID(contents.scheme))
    }
}
