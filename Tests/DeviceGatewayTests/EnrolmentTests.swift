import Crypto
import DeviceGateway
import Foundation
import LocalStack
import PostgresClient
import Store
import SwiftASN1
import Testing
import TransitModel
import X509

@Suite("Enrolment")
struct EnrolmentTests {
    private func request(
        _ key: P256.Signing.PrivateKey = P256.Signing.PrivateKey()
    ) throws -> String {
        try CertificateSigningRequest(
            version: .v1, subject: try DistinguishedName { CommonName("anything") },
            privateKey: Certificate.PrivateKey(key), attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA256
        ).serializeAsPEM().pemString
    }

    private func desk(_ office: TestOffice, at now: Timestamp) -> EnrolmentDesk {
        EnrolmentDesk(
            authority: office.authority, scheme: TestOffice.scheme, database: office.database,
            clock: { now })
    }

    private func code(_ office: TestOffice, for device: DeviceID = "v-1") async throws -> String {
        try await EnrolmentDesk.makeCode(
            for: device, in: "tram-101", database: office.database, at: TestOffice.noon
        ).code.text
    }

    @Test("A code gives one device its name and a certificate for its own key, once")
    func once() async throws {
        let office = try await TestOffice()
        let desk = desk(office, at: TestOffice.noon)
        let code = try await code(office)
        let key = P256.Signing.PrivateKey()
        let enrolled = try await desk.enrol(
            code: code.lowercased().replacing("-", with: " "), requestPEM: try request(key))
        #expect(enrolled.name == DeviceName(scheme: TestOffice.scheme, device: "v-1"))
        #expect(enrolled.vehicle == "tram-101")
        let certificate = try Certificate(pemEncoded: enrolled.certificatePEM)
        let credential = try #require(DeviceCredential(derEncoded: try certificate.derBytes))
        #expect(credential.name == enrolled.name)
        #expect(credential.key.rawRepresentation == key.publicKey.rawRepresentation)
        #expect(
            office.authority.certificate.publicKey.isValidSignature(
                certificate.signature, for: certificate))
        await #expect(throws: EnrolmentRefusal.unknownCode) {
            try await desk.enrol(code: code, requestPEM: try request())
        }
        let known = try await office.database.withConnection { connection in
            try DeviceStore.findDevice(
                "v-1", withCertificate: credential.fingerprint, on: connection)
        }
        #expect(known?.status == .enrolled)
    }

    @Test("Two devices that use one code at the same moment: one gets in")
    func atOnce() async throws {
        let office = try await TestOffice()
        let desk = desk(office, at: TestOffice.noon)
        let code = try await code(office)
        let requests = try (0..<6).map { _ in try request() }
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for pem in requests {
                group.addTask { (try? await desk.enrol(code: code, requestPEM: pem)) != nil }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 1)
    }

    @Test("A code ends; only its hash is kept")
    func expires() async throws {
        let office = try await TestOffice()
        let code = try await code(office)
        let tomorrow = TestOffice.noon.advanced(by: EnrolmentCode.lifetime)
        await #expect(throws: EnrolmentRefusal.unknownCode) {
            try await desk(office, at: tomorrow).enrol(code: code, requestPEM: try request())
        }
        let stored = try await office.database.query("select code_hash from enrolment_code")
        let hashes: [[UInt8]] = try stored.map { try $0.decode("code_hash") }
        #expect(hashes == [try #require(EnrolmentCode.hash(of: code))])
    }

    @Test("A bad request leaves the code unused")
    func badRequest() async throws {
        let office = try await TestOffice()
        let desk = desk(office, at: TestOffice.noon)
        let code = try await code(office)
        for pem in ["", "no PEM", try office.authority.certificate.pem] {
            await #expect(throws: EnrolmentRefusal.badRequest) {
                try await desk.enrol(code: code, requestPEM: pem)
            }
        }
        _ = try await desk.enrol(code: code, requestPEM: try request())
    }

    @Test("A revoked device does not come back by a code")
    func revoked() async throws {
        let office = try await TestOffice()
        _ = try await office.enrol("v-1")
        try await office.database.withConnection { connection in
            _ = try DeviceStore.revoke("v-1", at: TestOffice.noon, on: connection)
        }
        let code = try await code(office)
        await #expect(throws: EnrolmentRefusal.deviceRevoked) {
            try await desk(office, at: TestOffice.noon).enrol(
                code: code, requestPEM: try request())
        }
    }

    @Test(
        "What cannot be a code is not looked up",
        arguments: ["", "AAAAA", "IIIII-LLLLL-OOOOO-UUUUU"])
    func shapes(text: String) {
        #expect(EnrolmentCode.hash(of: text) == nil)
    }

    @Test("An address that fails too often waits; others do not")
    func limiter() {
        let limiter = AttemptLimiter(burst: 3, refill: .seconds(10))
        let now = TestOffice.noon
        for _ in 0..<3 {
            #expect(limiter.mayTry("a", at: now))
            limiter.recordFailure(of: "a", at: now)
        }
        #expect(!limiter.mayTry("a", at: now))
        #expect(limiter.mayTry("b", at: now))
        #expect(!limiter.mayTry("a", at: now.advanced(by: .seconds(9))))
        #expect(limiter.mayTry("a", at: now.advanced(by: .seconds(10))))
    }

    @Test("A device's name survives its URI, and nothing else does")
    func names() {
        let name = DeviceName(scheme: "lviv", device: "tram-7.door_2")
        #expect(name?.uri == "kvytok://lviv/devices/tram-7.door_2")
        #expect(name.flatMap { DeviceName(uri: $0.uri) } == name)
        for uri in [
            "", "kvytok://", "kvytok://a/devices/", "kvytok:///devices/b", "https://a/devices/b",
            "kvytok://a/devices/b/c", "kvytok://a/users/b", "kvytok://a/devices/b%2F",
        ] {
            #expect(DeviceName(uri: uri) == nil)
        }
    }

    @Test("File keys are kept, closed to others, and refused in production")
    func keyFiles() throws {
        let folder = try ScratchFolder("keys").url
        func load(_ hosts: [String], isProduction: Bool = false) throws -> GatewayKeys {
            try GatewayKeys.loadOrCreate(
                in: folder, scheme: TestOffice.scheme, hosts: hosts, at: TestOffice.noon,
                isProduction: isProduction)
        }
        #expect(throws: GatewayKeys.Failure.self) { try load([], isProduction: true) }
        let first = try load(["localhost"])
        let second = try load(["localhost"])
        #expect(try first.authorityPEM == second.authorityPEM)
        #expect(first.serverCertificatePEM == second.serverCertificatePEM)
        #expect(first.trustRoot == second.trustRoot)
        let third = try load(["localhost", "10.0.0.7"])
        #expect(third.serverCertificatePEM != first.serverCertificatePEM)
        for name in ["authority.key", "gateway.key", "document-root.key", "document-online.key"] {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.appending(path: name).path)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }
}
