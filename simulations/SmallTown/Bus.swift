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
    package let display: String
    package let readers: CardReaderDaemon
    package let doors: [Door]
    package let validator: ProcessUnderTest
    /// What became of the bus's talk with the gateway; `nil` on a sound network.
    package let tally: MeddlerTally?
    private let meddling: Task<Void, any Error>?

    /// One reader and whoever presents cards to it.
    package struct Door: Sendable {
        package let reader: String
        package let field: VPCDClient
        /// What happened in the field, for the person who reads a failure.
        let happenings: FieldDiary

        init(_ reader: CardReaderDaemon.Reader) {
            let diary = FieldDiary()
            self.reader = reader.name
            happenings = diary
            field = VPCDClient(port: reader.port) { diary.note($0) }
        }
    }

    /// Enrols a vehicle's validator over a sound network, and starts it.
    ///
    /// - Parameters:
    ///   - meddlerSeed: With it the validator reaches the gateway through a meddler alone.
    static func start(
        _ vehicle: String, doors: Int, in office: Installation, gateway: String,
        meddlerSeed: UInt64? = nil
    ) async throws -> Bus {
        try await office.enrol(vehicle, gateway: gateway)
        var address = gateway
        var tally: MeddlerTally?
        var meddling: Task<Void, any Error>?
        if let meddlerSeed {
            let spoilt = MeddlerTally(seed: meddlerSeed)
            let (port, task) = try await meddle(vehicle, in: office, gateway, spoilt)
            address = "https://localhost:\(port)"
            tally = spoilt
            meddling = task
        }
        let readers = try await CardReaderDaemon.start(readers: doors)
        let validator = ProcessUnderTest(
            office.validator(
                vehicle, gateway: address, display: try PortAllotment.allot(), readers: readers))
        let addresses = try await validator.startUntilReady()
        return Bus(
            vehicle: vehicle, folders: office.folders, display: addresses["display"] ?? "",
            readers: readers,
            doors: readers.readers.map(Door.init),
            validator: validator, tally: tally, meddling: meddling)
    }

    private static func meddle(
        _ vehicle: String, in office: Installation, _ gateway: String, _ tally: MeddlerTally
    ) async throws -> (port: Int, task: Task<Void, any Error>) {
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let state = URL(filePath: office.folders.validator(vehicle))
        let backOffice = URL(filePath: office.folders.backOffice)
        let meddler = UplinkMeddler(
            identity: .init(
                serverCertificate: backOffice.appending(path: "gateway.crt"),
                serverKey: backOffice.appending(path: "gateway.key"),
                deviceCertificate: state.appending(path: "device.crt"),
                deviceKey: state.appending(path: "device.key"),
                authority: URL(filePath: office.folders.authority)),
            upstream: { gateway }, tally: tally,
            logger: Logger(label: "meddler") { _ in SwiftLogNoOpLogHandler() },
            ready: { announce.yield($0) })
        let task = Task {
            defer { announce.finish() }
            try await meddler.run()
        }
        for await port in ports { return (port, task) }
        try await task.value
        throw CancellationError()
    }

    /// One answered presentation, in the validator's own words; times in microseconds from the
    /// medium's entry into the field.
    package struct Answer: Decodable, Sendable {
        package let verdict: String
        package let readUs: Int64
        package let decidedUs: Int64
        package let journalledUs: Int64
        package let shownUs: Int64
        /// What the medium itself took.
        package let cardUs: Int64
        /// All the rest.
        package let ownUs: Int64
    }

    /// Presents a card at a door until the validator has answered, and takes it out.
    ///
    /// Cards follow one another within milliseconds here, and pcscd looks at a virtual reader every
    /// 0.4 s only. On a machine that does ten other things a card has been seen to get no answer at
    /// all; why is not known. As a rider would, the card is then taken out and presented again,
    /// once, and standard error keeps what was seen.
    ///
    /// - Throws: ``DeadlinePassed`` with what card, daemon and validator have to say of it.
    package func tap(_ card: VirtualCard, at door: Door) async throws -> Answer {
        guard let run = await validator.run else { throw CancellationError() }
        let start = run.output.end
        try door.field.insert(card)
        defer { door.field.remove() }
        let line: String
        do {
            line = try await answer(of: run, at: door, from: start, within: Self.riderPatience)
        } catch let failure as DeadlinePassed {
            door.field.remove()
            FileHandle.standardError.write(Data("town: presented again, \(failure)\n".utf8))
            // As long as a hand takes, and longer than the daemon's pause between two looks:
            // nothing else tells from outside that it has seen the empty field.
            try await Task.sleep(for: .milliseconds(900))
            try door.field.insert(card)
            line = try await answer(of: run, at: door, from: start, within: .seconds(30))
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Answer.self, from: Data(line.utf8))
    }

    /// When a rider takes the card away and tries again.
    private static let riderPatience = Duration.seconds(10)

    private func answer(
        of run: Leash, at door: Door, from start: Int, within limit: Duration
    ) async throws -> String {
        do {
            return try await run.output.line(
                "the answer at \(door.reader)", from: start, within: limit
            ) { $0.contains("\"\(door.reader)\"") }
        } catch let failure as DeadlinePassed {
            throw DeadlinePassed(
                awaited: failure.awaited,
                evidence: run.diagnostics.lines.suffix(20) + (await readers.diagnostics)
                    + door.happenings.lines)
        }
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

    func stop() async {
        _ = await validator.stop()
        meddling?.cancel()
        _ = await meddling?.result
        await readers.stop()
    }
}
