import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Why an order was not obeyed. The code is what the asker goes by.
enum ControlRefusal: Error, Sendable {
    case unknownVehicle
    case unknownCard
    /// The validator is without power.
    case noPower
    /// The readers are being started again.
    case noReader
    case noAnswer
    case badOrder
    case failed(String)

    var code: String {
        switch self {
        case .unknownVehicle: "unknown_vehicle"
        case .unknownCard: "unknown_card"
        case .noPower: "no_power"
        case .noReader: "no_reader"
        case .noAnswer: "no_answer"
        case .badOrder: "bad_order"
        case .failed: "failed"
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .unknownVehicle, .unknownCard: .notFound
        case .badOrder: .badRequest
        case .noPower, .noReader, .noAnswer, .failed: .conflict
        }
    }
}

/// Obeys whoever may open the demonstration's socket: its owner. No port of the machine leads
/// here, and nothing of the product links it.
struct ControlServer: Sendable {
    /// More cards than this at once are no demonstration.
    static let tapLimit = 40
    private static let bodyLimit = 4_096

    private let path: String
    private let vehicles: [ControlledVehicle]
    private let logger: Logger

    /// - Parameter path: Where the socket is made, mode 0600, in a folder that is made with 0700.
    init(path: String, vehicles: [ControlledVehicle]) {
        self.path = path
        self.vehicles = vehicles
        logger = Logger(label: "kvytok-sim.control") { _ in SwiftLogNoOpLogHandler() }
    }

    /// Serves until the task is cancelled; then the socket is gone.
    ///
    /// - Parameter whenReady: Called once orders can come.
    func run(whenReady: @escaping @Sendable () -> Void = {}) async throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        // What a run that was killed has left.
        unlink(path)
        defer { unlink(path) }
        let application = Application(
            router: router(),
            configuration: .init(address: .unixDomainSocket(path: path), serverName: nil),
            onServerRunning: { [path] _ in
                chmod(path, 0o600)
                whenReady()
            },
            logger: logger)
        try await application.run()
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("state") { _, _ in
            await Self.answer { try await state() }
        }
        router.get("answers") { request, _ in
            await Self.answer {
                let query = request.uri.queryParameters
                let first = query["from"].flatMap { Int($0) } ?? 0
                return try await vehicle(query["vehicle"].map(String.init)).answers(
                    from: max(0, first))
            }
        }
        router.get("journal") { request, _ in
            await Self.answer {
                let name = request.uri.queryParameters["vehicle"].map(String.init)
                return try await vehicle(name).journal()
            }
        }
        router.post("tap") { request, _ in
            await Self.answer {
                let order = try await Self.read(ControlMessages.TapOrder.self, from: request)
                return try await vehicle(order.vehicle).tap(order.card)
            }
        }
        router.post("taps") { request, _ in
            await Self.answer {
                let order = try await Self.read(ControlMessages.TapsOrder.self, from: request)
                guard (1...Self.tapLimit).contains(order.count) else {
                    throw ControlRefusal.badOrder
                }
                let taps = try await vehicle(order.vehicle).tap(count: order.count)
                return ControlMessages.TapsDone(taps: taps)
            }
        }
        router.post("network") { request, _ in
            await Self.answer {
                let order = try await Self.read(ControlMessages.SwitchOrder.self, from: request)
                let vehicle = try vehicle(order.vehicle)
                guard order.state == .restored else { return await vehicle.cutNetwork() }
                try await vehicle.restoreNetwork()
                return ControlMessages.NetworkCut(connections: 0)
            }
        }
        router.post("power") { request, _ in
            await Self.answer {
                let order = try await Self.read(ControlMessages.SwitchOrder.self, from: request)
                let vehicle = try vehicle(order.vehicle)
                guard order.state == .restored else { return await vehicle.cutPower() }
                try await vehicle.restorePower()
                return ControlMessages.PowerCut(process: await vehicle.state.process)
            }
        }
        return router
    }

    private func state() async throws -> ControlMessages.State {
        var states: [ControlMessages.VehicleState] = []
        for vehicle in vehicles { states.append(await vehicle.state) }
        return ControlMessages.State(
            vehicles: states, cards: await vehicles.first?.cards ?? [])
    }

    private func vehicle(_ name: String?) throws(ControlRefusal) -> ControlledVehicle {
        guard let vehicle = vehicles.first(where: { $0.name == name }) else {
            throw .unknownVehicle
        }
        return vehicle
    }

    // MARK: - JSON

    private struct Refused: Encodable {
        let error: String
    }

    private static func read<Order: Decodable>(
        _ type: Order.Type, from request: Request
    ) async throws -> Order {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let body = try await request.body.collect(upTo: bodyLimit)
            return try decoder.decode(type, from: Data(String(buffer: body).utf8))
        } catch {
            throw ControlRefusal.badOrder
        }
    }

    private static func answer<Answer: Encodable>(
        _ work: () async throws -> Answer
    ) async -> Response {
        do {
            return response(.ok, try await work())
        } catch let refusal as ControlRefusal {
            return response(refusal.status, Refused(error: refusal.code))
        } catch {
            return response(.internalServerError, Refused(error: "failed"))
        }
    }

    private static func response(
        _ status: HTTPResponse.Status, _ answer: some Encodable
    ) -> Response {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = (try? encoder.encode(answer)) ?? Data("{}".utf8)
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: Array(json))))
    }
}
