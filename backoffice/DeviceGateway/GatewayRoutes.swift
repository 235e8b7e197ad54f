import DeviceProtocol
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import PostgresClient
import SignedDocuments
import Store
import TransitModel

/// `/device/v1`: what devices can ask for, and who may.
struct GatewayRoutes: Sendable {
    private static let enrolmentByteLimit = 16 << 10

    let credentials: CredentialReader
    let desk: EnrolmentDesk
    let keys: GatewayKeys
    let intake: BatchIntake
    let positions: LocationIntake
    let roster: DeviceRoster
    let positionLimiter: AttemptLimiter
    let shelf: DocumentShelf
    let database: PostgresClient
    let limiter: AttemptLimiter
    let clock: @Sendable () -> Timestamp

    func router() -> Router<GatewayContext> {
        let router = Router(context: GatewayContext.self)
        router.add(middleware: RefusalAnswers())
        router.get("/device/v1/authority") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/x-pem-file"],
                body: .init(byteBuffer: ByteBuffer(string: try keys.authorityPEM)))
        }
        router.post("/device/v1/enrol", use: enrol)
        router.post("/device/v1/batches", use: takeBatch)
        router.post("/device/v1/positions", use: takePositions)
        router.get("/device/v1/documents/:role", use: document)
        router.get("/device/v1/time") { _, context in
            _ = try await enrolledDevice(context)
            return JSONAnswer.response(TimeAnswer(nowMilliseconds: clock().millisecondsSince1970))
        }
        return router
    }

    // MARK: Enrolment

    private func enrol(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard limiter.mayTry(context.remoteAddress, at: clock()) else {
            throw EnrolmentRefusal.tooManyAttempts
        }
        let body = try await collect(request, upTo: Self.enrolmentByteLimit)
        do {
            guard let asked = try? JSONDecoder().decode(EnrolmentQuestion.self, from: Data(body))
            else { throw EnrolmentRefusal.badRequest }
            let enrolled = try await desk.enrol(code: asked.code, requestPEM: asked.csr)
            context.logger.info("Enrolled \(enrolled.name.device)")
            return JSONAnswer.response(
                EnrolmentAnswer(
                    deviceID: enrolled.name.device.rawValue,
                    vehicleID: enrolled.vehicle.rawValue,
                    scheme: enrolled.name.scheme.rawValue,
                    certificate: enrolled.certificatePEM, authority: try keys.authorityPEM,
                    trustRoot: Data(keys.trustRoot).base64EncodedString()))
        } catch let refusal as EnrolmentRefusal {
            limiter.recordFailure(of: context.remoteAddress, at: clock())
            throw refusal
        }
    }

    // MARK: Enrolled devices

    private func takeBatch(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let peer = try await credentials.credential(of: context)
        let body = try await collect(request, upTo: TapBatch.byteLimit)
        let acknowledgement = try await intake.take(body, from: peer)
        if case .quarantined(let reason) = acknowledgement.disposition {
            context.logger.warning(
                "Quarantined \(peer.name.device)/\(acknowledgement.epoch): \(reason.code)")
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-protobuf"],
            body: .init(byteBuffer: ByteBuffer(bytes: acknowledgement.serialized())))
    }

    /// Positions are hints: the answer promises nothing, so that it need not wait for anything.
    private func takePositions(
        _ request: Request, _ context: GatewayContext
    ) async throws -> Response {
        let peer = try await credentials.credential(of: context)
        let now = clock()
        guard positionLimiter.spend(peer.name.device.rawValue, at: now) else {
            positions.countThrottled()
            throw GatewayRefusal.tooManyReports
        }
        let device = try await roster.enrolledDevice(peer, at: now)
        let body = try await collect(request, upTo: PositionReport.byteLimit)
        positions.take(try PositionReport(serialized: body), from: device, at: now)
        return Response(status: .noContent)
    }

    private func document(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try await enrolledDevice(context)
        guard let role = context.parameters.get("role").flatMap(DocumentRole.init(name:)) else {
            throw HTTPError(.notFound)
        }
        let after = request.uri.queryParameters.get("after", as: UInt64.self) ?? 0
        guard let document = shelf.find(role, after: after) else {
            return Response(status: .noContent)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/octet-stream"],
            body: .init(byteBuffer: ByteBuffer(bytes: document.bytes)))
    }

    /// - Throws: ``GatewayRefusal`` unless the certificate is ours and the device not revoked.
    private func enrolledDevice(_ context: GatewayContext) async throws -> DeviceStore.Device {
        let peer = try await credentials.credential(of: context)
        let device = try await database.withConnection { connection in
            try DeviceStore.findDevice(
                peer.name.device, withCertificate: peer.fingerprint, on: connection)
        }
        guard let device else { throw GatewayRefusal.unknownDevice }
        guard device.status == .enrolled else { throw GatewayRefusal.deviceRevoked }
        return device
    }

    private func collect(_ request: Request, upTo limit: Int) async throws -> [UInt8] {
        let buffer = try await request.body.collect(upTo: limit)
        return Array(buffer.readableBytesView)
    }
}

// MARK: - Bodies

private struct EnrolmentQuestion: Decodable {
    let code: String
    let csr: String
}

private struct EnrolmentAnswer: Encodable {
    let deviceID: String
    let vehicleID: String
    let scheme: String
    let certificate: String
    let authority: String
    let trustRoot: String

    enum CodingKeys: String, CodingKey {
        case deviceID = "device_id"
        case vehicleID = "vehicle_id"
        case scheme, certificate, authority
        case trustRoot = "trust_root"
    }
}

private struct TimeAnswer: Encodable {
    let nowMilliseconds: Int64

    enum CodingKeys: String, CodingKey {
        case nowMilliseconds = "now_ms"
    }
}

/// An answer in JSON, its keys in one order.
enum JSONAnswer {
    static func response(
        _ value: some Encodable, status: HTTPResponse.Status = .ok
    ) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = (try? encoder.encode(value)).map { [UInt8]($0) } ?? []
        return Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
