import Faults
import Foundation
import LocalStack
import Logging
import TransitModel
import VirtualCards

/// One vehicle: a validator process over a card-reader daemon of its own, a door a reader, and a
/// spoilt network to the gateway.
package struct Bus: Sendable {
    package let vehicle: String
    private let folders: Installation.Folders
    package let readers: CardReaderDaemon
    package let doors: [Door]
    package let validator: ProcessUnderTest
    package let tally: MeddlerTally
    /// Ends the network.
    package let meddling: Task<Void, any Error>

    /// One reader and whoever presents cards to it.
    package struct Door: Sendable {
        package let reader: String
        package let field: VPCDClient
    }

    /// - Parameters:
    ///   - office: Enrols the validator with it, over a sound network.
    ///   - gateway: Where the gateway is; the validator reaches it through the meddler alone.
    package static func start(
        _ vehicle: String, doors: Int, in office: Installation, gateway: String, seed: UInt64
    ) async throws -> Bus {
        try await office.enrol(vehicle, gateway: gateway)
        let tally = MeddlerTally(seed: seed)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let state = URL(filePath: office.folders.validator(vehicle))
        let back = URL(filePath: office.folders.backOffice)
        let meddler = UplinkMeddler(
            identity: .init(
                serverCertificate: back.appending(path: "gateway.crt"),
                serverKey: back.appending(path: "gateway.key"),
                deviceCertificate: state.appending(path: "device.crt"),
                deviceKey: state.appending(path: "device.key"),
                authority: URL(filePath: office.folders.authority)),
            upstream: { gateway }, tally: tally,
            logger: Logger(label: "meddler") { _ in SwiftLogNoOpLogHandler() },
            ready: { announce.yield($0) })
        let meddling = Task { try await meddler.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CancellationError() }

        let readers = try await CardReaderDaemon.start(readers: doors)
        let validator = ProcessUnderTest(
            office.validator(
                vehicle, gateway: "https://localhost:\(port)",
                display: try PortAllotment.allot(), readers: readers))
        _ = try await validator.startUntilReady()
        return Bus(
            vehicle: vehicle, folders: office.folders, readers: readers,
            doors: readers.readers.map {
                Door(reader: $0.name, field: VPCDClient(port: $0.port))
            },
            validator: validator, tally: tally, meddling: meddling)
    }

    /// Presents a card at a door until the validator has answered, and takes it out.
    ///
    /// - Returns: The verdict's name.
    package func tap(_ card: VirtualCard, at door: Door) async throws -> String {
        guard let output = await validator.run?.output else { throw CancellationError() }
        let start = output.end
        try door.field.insert(card)
        defer { door.field.remove() }
        let line = try await output.line(
            "the answer at \(door.reader)", from: start, within: .seconds(30)
        ) { $0.contains("\"\(door.reader)\"") }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
        return answer.verdict
    }

    private struct Answer: Decodable {
        let verdict: String
    }

    /// Says which service the vehicle is on, and waits until the validator knows.
    package func drive(route: String, trip: String) async throws {
        try JSONEncoder().encode(["route_id": route, "trip_id": trip]).write(
            to: URL(filePath: folders.service(vehicle)), options: .atomic)
        try await eventually("\(vehicle) to be on \(trip)") {
            try await status()?.service?.tripId == trip
        }
    }

    private struct Status: Decodable {
        struct Service: Decodable {
            let tripId: String?
        }

        let service: Service?
    }

    /// What the validator last said of itself.
    private func status() async throws -> Status? {
        let path = "\(folders.validator(vehicle))/status.json"
        guard let json = FileManager.default.contents(atPath: path) else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Status.self, from: json)
    }

    package func stop() async {
        _ = await validator.stop()
        meddling.cancel()
        _ = await meddling.result
        await readers.stop()
    }
}
