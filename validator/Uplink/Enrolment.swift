import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import SwiftASN1
import TransitModel
import X509

/// Turns a one-time code into a device's identity.
package struct Enrolment: Sendable {
    /// How the device knows the scheme's authority before it has talked to it.
    package enum Trust: Sendable {
        case authority(pem: String)
        /// SHA-256 of the authority's certificate. It is fetched first over a connection that
        /// proves nothing, and used only when its digest is this one.
        case fingerprint([UInt8])
    }

    package enum Failure: Error, CustomStringConvertible {
        case unreachable(String)
        /// The gateway's authority is not the one that the operator named.
        case otherAuthority(found: String)
        case refused(status: Int, code: String)
        case unintelligible(String)

        package var description: String {
            switch self {
            case .unreachable(let cause): "The gateway cannot be reached: \(cause)"
            case .otherAuthority(let found):
                "The gateway's authority has the fingerprint \(found), not the one given"
            case .refused(let status, let code): "The gateway refused: \(code) (\(status))"
            case .unintelligible(let what): "The gateway's answer lacks \(what)"
            }
        }
    }

    private static let timeout: TimeAmount = .seconds(15)
    private static let answerByteLimit = 256 << 10

    private let server: URL
    private let trust: Trust

    package init(server: URL, trust: Trust) {
        self.server = server
        self.trust = trust
    }

    /// Enrols and writes the identity into a state folder. The private key never leaves it.
    package func enrol(code: String, into folder: URL) async throws -> EnrolledDevice {
        let authorityPEM = try await authorityPEM()
        let key = P256.Signing.PrivateKey()
        let request = try CertificateSigningRequest(
            version: .v1,
            subject: try DistinguishedName { CommonName("kvytok device") },
            privateKey: Certificate.PrivateKey(key),
            attributes: CertificateSigningRequest.Attributes(),
            signatureAlgorithm: .ecdsaWithSHA256)
        let question = try JSONEncoder().encode([
            "code": code, "csr": try request.serializeAsPEM().pemString,
        ])
        var post = HTTPClientRequest(url: address("enrol"))
        post.method = .POST
        post.headers.add(name: "content-type", value: "application/json")
        post.body = .bytes(ByteBuffer(bytes: question))
        let answer = try await exchange(
            post, over: try TLSConfiguration.trusting(authorityPEM: authorityPEM))
        let (device, trustRoot) = try read(answer, key: key, authorityPEM: authorityPEM)
        try device.write(to: folder, trustRoot: trustRoot)
        return device
    }

    private func authorityPEM() async throws -> String {
        switch trust {
        case .authority(let pem):
            return pem
        case .fingerprint(let expected):
            var blind = TLSConfiguration.makeClientConfiguration()
            blind.certificateVerification = .none
            let body = try await exchange(
                HTTPClientRequest(url: address("authority")), over: blind)
            let pem = String(decoding: body, as: UTF8.self)
            guard let certificate = try? NIOSSLCertificate(bytes: body, format: .pem) else {
                throw Failure.unintelligible("an authority certificate")
            }
            let found = Array(SHA256.hash(data: try certificate.toDERBytes()))
            guard found == expected else { throw Failure.otherAuthority(found: found.hex) }
            return pem
        }
    }

    private func read(
        _ body: [UInt8], key: P256.Signing.PrivateKey, authorityPEM: String
    ) throws -> (EnrolledDevice, trustRoot: [UInt8]) {
        guard let answer = try? JSONDecoder().decode([String: String].self, from: Data(body))
        else { throw Failure.unintelligible("JSON") }
        func field(_ name: String) throws -> String {
            guard let value = answer[name], !value.isEmpty else {
                throw Failure.unintelligible(name)
            }
            return value
        }
        let certificatePEM = try field("certificate")
        guard let certificate = try? Certificate(pemEncoded: certificatePEM),
            certificate.publicKey == Certificate.PublicKey(key.publicKey)
        else { throw Failure.unintelligible("a certificate for our key") }
        guard let trustRoot = Data(base64Encoded: try field("trust_root")) else {
            throw Failure.unintelligible("trust_root")
        }
        let device = EnrolledDevice(
            device: DeviceID(try field("device_id")), vehicle: VehicleID(try field("vehicle_id")),
            scheme: SchemeID(try field("scheme")), key: key, certificatePEM: certificatePEM,
            authorityPEM: authorityPEM)
        return (device, [UInt8](trustRoot))
    }

    private func address(_ name: String) -> String {
        server.appending(path: "device/v1/\(name)").absoluteString
    }

    private func exchange(
        _ request: HTTPClientRequest, over tls: TLSConfiguration
    ) async throws -> [UInt8] {
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.timeout.connect = Self.timeout
        let client = HTTPClient(configuration: configuration)
        let answer: (status: Int, body: [UInt8])
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            let body = try await response.body.collect(upTo: Self.answerByteLimit)
            answer = (Int(response.status.code), Array(body.readableBytesView))
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw Failure.unreachable("\(error)")
        }
        guard answer.status == 200 else {
            throw Failure.refused(
                status: answer.status, code: GatewayAnswer.errorCode(in: answer.body))
        }
        return answer.body
    }
}

/// What the gateway's error bodies say.
enum GatewayAnswer {
    private struct Body: Decodable {
        struct Content: Decodable {
            let code: String
        }

        let error: Content
    }

    static func errorCode(in body: [UInt8]) -> String {
        (try? JSONDecoder().decode(Body.self, from: Data(body)))?.error.code ?? "no_reason_given"
    }
}
