import AsyncHTTPClient
import Crypto
import DeviceGateway
import Foundation
import LocalStack
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import PostgresClient
import SignedDocuments
import Store
import Testing
import TransitModel

/// Runs a gateway for one test, on a database and a port of its own.
func withGateway(_ body: @escaping @Sendable (TestGateway) async throws -> Void) async throws {
    let database = PostgresClient(try await TestOffice.makeDatabase(), connectionLimit: 8)
    let (ports, port) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "test.gateway")
    logger.logLevel = .critical
    let gateway = try DeviceGateway(
        DeviceGateway.Settings(
            scheme: TestOffice.scheme, stateFolder: try ScratchFolder("gateway").url),
        database: database, configuration: { try TestGateway.configuration() }, logger: logger,
        onReady: { port.yield($0) })
    try await whileRunning({ try await gateway.run() }) {
        let port = try #require(await ports.first { _ in true })
        try await body(
            TestGateway(port: port, keys: gateway.keys, database: database, gateway: gateway))
    }
    await database.close()
}

struct TestGateway: Sendable {
    let port: Int
    let keys: GatewayKeys
    let database: PostgresClient
    let gateway: DeviceGateway

    static func configuration() throws -> SchemeConfiguration {
        try #require(
            SchemeConfiguration(
                scheme: TestOffice.scheme, timeZoneName: "Europe/Kyiv",
                passbackWindowSeconds: 300, defaultRiderCategory: "adult", currency: .uah,
                displayedFares: ["adult": 1_500], issuerKeys: [:]))
    }

    func publish() async throws {
        try await gateway.publisher.publish()
    }

    func enrol(_ device: DeviceID) async throws -> TestDevice {
        let name = try #require(DeviceName(scheme: TestOffice.scheme, device: device))
        let made = try TestDevice(name, authority: keys.authority)
        try await database.withTransaction { connection in
            try DeviceStore.enrol(
                device, in: "tram-101",
                certificate: DeviceStore.Certificate(
                    serialNumber: [1], fingerprint: made.credential.fingerprint,
                    notBefore: TestOffice.noon,
                    notAfter: TestOffice.noon.advanced(by: .seconds(86_400))),
                at: TestOffice.noon, on: connection)
        }
        return made
    }

    func revoke(_ device: DeviceID) async throws {
        try await database.withConnection { connection in
            _ = try DeviceStore.revoke(device, at: TestOffice.noon, on: connection)
        }
    }

    func count(_ table: String) async throws -> Int64 {
        try await database.query("select count(*) as n from \(unescaped: table)")
            .first?.decode("n") ?? 0
    }

    /// A client that trusts the gateway's authority and shows a device's certificate, or none.
    func client(_ device: TestDevice? = nil) throws -> TestClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(try keys.authorityPEM.utf8)))
        if let device {
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(
                Array(device.certificatePEM.utf8)
            ).map { .certificate($0) }
            tls.privateKey = .privateKey(
                try NIOSSLPrivateKey(
                    bytes: Array(device.key.pemRepresentation.utf8), format: .pem))
        }
        return TestClient(
            http: HTTPClient(configuration: .init(tlsConfiguration: tls)),
            base: "https://localhost:\(port)/device/v1/")
    }
}

struct TestClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]

        /// The code in an error's body.
        var code: String? {
            let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            return (object?["error"] as? [String: String])?["code"]
        }
    }

    let http: HTTPClient
    let base: String

    func get(_ path: String) async throws -> Answer {
        try await exchange(HTTPClientRequest(url: base + path))
    }

    func post(_ path: String, _ body: [UInt8]) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = .POST
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await exchange(request)
    }

    func close() async throws {
        try await http.shutdown()
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await http.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 8 << 20)
        return Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
    }
}
