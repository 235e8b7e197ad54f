import Crypto
import Foundation
import PostgresClient
import Store
import SwiftASN1
import TransitModel
import X509

/// Why a device was not enrolled. Whether a code never was, is used or is expired stays ours.
package enum EnrolmentRefusal: Error, Hashable, Sendable {
    case unknownCode
    /// The certificate request is no PKCS#10 signed by its own P-256 key.
    case badRequest
    case deviceRevoked
    case tooManyAttempts

    package var code: String {
        switch self {
        case .unknownCode: "enrolment_unknown_code"
        case .badRequest: "enrolment_bad_request"
        case .deviceRevoked: "enrolment_device_revoked"
        case .tooManyAttempts: "enrolment_too_many_attempts"
        }
    }
}

/// A one-time code: 100 random bits in letters that cannot be misread, in groups of five.
package struct EnrolmentCode: Hashable, Sendable {
    /// How long a code can be used.
    package static let lifetime: Duration = .seconds(24 * 3_600)
    // Crockford's base 32: no I, L, O or U.
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let length = 20

    package let text: String

    package init(using random: inout some RandomNumberGenerator) {
        var text = ""
        for place in 0..<Self.length {
            if place > 0, place.isMultiple(of: 5) { text.append("-") }
            text.append(Self.digits[Int(random.next(upperBound: UInt64(32)))])
        }
        self.text = text
    }

    /// What is kept of a code. So much randomness needs no slow hash.
    ///
    /// - Returns: `nil` for what cannot be a code; case, dashes and blanks do not matter.
    package static func hash(of typed: String) -> [UInt8]? {
        let plain = typed.uppercased().filter { $0 != "-" && !$0.isWhitespace }
        guard plain.count == length, plain.allSatisfy(digits.contains) else { return nil }
        return Array(SHA256.hash(data: Array("kvytok enrolment code\n\(plain)".utf8)))
    }

    package var hash: [UInt8] { Self.hash(of: text) ?? [] }
}

/// Turns a code and a certificate request into an enrolled device.
package struct EnrolmentDesk: Sendable {
    /// What an enrolled device goes home with.
    package struct Enrolled: Sendable {
        package let name: DeviceName
        package let vehicle: VehicleID
        package let certificatePEM: String
    }

    private let authority: CertificateAuthority
    private let scheme: SchemeID
    private let database: PostgresClient
    private let clock: @Sendable () -> Timestamp

    package init(
        authority: CertificateAuthority, scheme: SchemeID, database: PostgresClient,
        clock: @escaping @Sendable () -> Timestamp = GatewayClock.now
    ) {
        self.authority = authority
        self.scheme = scheme
        self.database = database
        self.clock = clock
    }

    /// A code that lets one device enrol once; nobody can read it again.
    package struct IssuedCode: Sendable {
        package let code: EnrolmentCode
        package let expiresAt: Timestamp
    }

    /// Makes a code for one device.
    package static func makeCode(
        for device: DeviceID, in vehicle: VehicleID, database: PostgresClient, at now: Timestamp
    ) async throws -> (code: EnrolmentCode, expiresAt: Timestamp) {
        let issued = makeCode(at: now)
        try await database.withConnection { connection in
            try insert(issued, for: device, in: vehicle, at: now, on: connection)
        }
        return (issued.code, issued.expiresAt)
    }

    /// Makes a code for each device, for all of them or for none.
    ///
    /// - Returns: In the order of the devices.
    package static func makeCodes(
        for devices: [(device: DeviceID, vehicle: VehicleID)], database: PostgresClient,
        at now: Timestamp
    ) async throws -> [IssuedCode] {
        try await database.withTransaction { connection in
            try devices.map { device, vehicle in
                let issued = makeCode(at: now)
                try insert(issued, for: device, in: vehicle, at: now, on: connection)
                return issued
            }
        }
    }

    private static func makeCode(at now: Timestamp) -> IssuedCode {
        var random = SystemRandomNumberGenerator()
        return IssuedCode(
            code: EnrolmentCode(using: &random),
            expiresAt: now.advanced(by: EnrolmentCode.lifetime))
    }

    private static func insert(
        _ issued: IssuedCode, for device: DeviceID, in vehicle: VehicleID, at now: Timestamp,
        on connection: isolated PostgresConnection
    ) throws {
        try EnrolmentStore.insert(
            codeHash: issued.code.hash, device: device, vehicle: vehicle, at: now,
            expiresAt: issued.expiresAt, on: connection)
    }

    /// - Throws: ``EnrolmentRefusal``; a refused attempt leaves the code as it was.
    package func enrol(code: String, requestPEM: String) async throws -> Enrolled {
        guard let hash = EnrolmentCode.hash(of: code) else { throw EnrolmentRefusal.unknownCode }
        guard let request = try? CertificateSigningRequest(pemEncoded: requestPEM) else {
            throw EnrolmentRefusal.badRequest
        }
        let now = clock()
        return try await database.withTransaction { connection in
            guard
                let grant = try EnrolmentStore.redeem(codeHash: hash, at: now, on: connection),
                let name = DeviceName(scheme: scheme, device: grant.device)
            else { throw EnrolmentRefusal.unknownCode }
            let certificate = try authority.issue(request, for: name, at: now)
            do {
                try DeviceStore.enrol(
                    grant.device, in: grant.vehicle, certificate: certificate.stored, at: now,
                    on: connection)
            } catch StoreFailure.deviceRevoked {
                throw EnrolmentRefusal.deviceRevoked
            }
            return Enrolled(
                name: name, vehicle: grant.vehicle, certificatePEM: try certificate.pem)
        }
    }
}
