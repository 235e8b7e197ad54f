import Faults
import Foundation
import LocalStack
import TransitModel
import VirtualCards

/// A vehicle whose readers, network and power the demonstration page commands.
actor ControlledVehicle {
    /// How long the validator may take to answer before the card is held out again, as people do.
    private static let answerLimit: Duration = .seconds(6)
    private static let attemptLimit = 3
    /// Until the reader has surely noticed that the field is empty.
    private static let emptyTime: Duration = .seconds(1)

    nonisolated let name: String
    /// The address of its passenger display.
    private let display: String
    private let validator: KeptProcess
    private let relay: NetworkRelay
    /// Looks through the journal on the vehicle's disk.
    private let journalCheck: ChildCommand
    private let witness: TapWitness
    private var doors: [Door]
    private var freeDoors: [Int]
    private var waiting: [CheckedContinuation<Int, Never>] = []
    private var hand: DemoHand

    /// A reader that no rider uses.
    private struct Door {
        let reader: String
        let field: VPCDClient
        var lastCard: String?
        var lastUse: ContinuousClock.Instant?
    }

    /// A card that comes back sooner to the same reader counts as not having left.
    private static let quietTime: Duration = .milliseconds(800)

    init(
        name: String, display: String, validator: KeptProcess, relay: NetworkRelay,
        journalCheck: ChildCommand, readers: some Collection<CardReaderDaemon.Reader>,
        hand: DemoHand
    ) {
        self.name = name
        self.display = display
        self.validator = validator
        self.relay = relay
        self.journalCheck = journalCheck
        self.hand = hand
        witness = TapWitness(of: validator)
        doors = readers.map { Door(reader: $0.name, field: VPCDClient(port: $0.port)) }
        freeDoors = Array(doors.indices)
    }

    var cards: [String] { hand.names }

    var state: ControlMessages.VehicleState {
        get async {
            ControlMessages.VehicleState(
                vehicle: name, display: display, hasPower: await validator.hasPower,
                process: await validator.processIdentifier, hasNetwork: !relay.isCut,
                connections: relay.connectionCount, answered: await witness.count())
        }
    }

    func answers(from first: Int) async -> ControlMessages.Witnessed {
        let (first, answers) = await witness.answers(from: first)
        return ControlMessages.Witnessed(first: first, answers: answers)
    }

    /// The journal as a second program reads it from the disk, whether the validator runs or not.
    func journal() async throws -> ControlMessages.Journal {
        let lines: [String]
        do {
            lines = try await journalCheck.run()
        } catch let failure as CommandFailure {
            // A journal that is not sound is told of as well.
            lines = failure.lastLines
        }
        guard let journal = ControlMessages.Journal(lines: lines) else {
            throw ControlRefusal.failed("the journal cannot be read")
        }
        return journal
    }

    // MARK: - Taps

    /// Holds a card to a reader until the validator has answered, and takes it away.
    ///
    /// - Throws: ``ControlRefusal``.
    func tap(_ card: String?) async throws -> ControlMessages.Tapped {
        let door = await borrowDoor()
        defer { giveBack(door) }
        return try await present(card, at: door)
    }

    /// Taps that many different cards, through all doors at once.
    func tap(count: Int) async throws -> [ControlMessages.Tapped] {
        try await withThrowingTaskGroup { group in
            for _ in 0..<count { group.addTask { try await self.tap(nil) } }
            var taps: [ControlMessages.Tapped] = []
            for try await tap in group { taps.append(tap) }
            return taps
        }
    }

    private func present(_ card: String?, at place: Int) async throws -> ControlMessages.Tapped {
        guard await validator.hasPower, let log = await validator.output else {
            throw ControlRefusal.noPower
        }
        let (name, virtual) = try hand.take(card, at: .now)
        let door = doors[place]
        if door.lastCard == name, let lastUse = door.lastUse {
            try await Task.sleep(until: lastUse + Self.quietTime, clock: .continuous)
        }
        defer {
            doors[place].lastCard = name
            doors[place].lastUse = .now
        }
        let start = log.end
        defer { door.field.remove() }
        for attempt in 1...Self.attemptLimit {
            if attempt > 1 { try await Task.sleep(for: Self.emptyTime) }
            do {
                try door.field.insert(virtual)
            } catch {
                throw ControlRefusal.noReader
            }
            if let answer = try await answer(at: door, in: log, from: start) {
                return ControlMessages.Tapped(card: name, answer: answer)
            }
            door.field.remove()
            guard await validator.hasPower else { throw ControlRefusal.noPower }
        }
        throw ControlRefusal.noAnswer
    }

    private func answer(
        at door: Door, in log: LineLog, from start: Int
    ) async throws -> TapAnswer? {
        do {
            let line = try await log.line(
                "the answer at \(door.reader)", from: start, within: Self.answerLimit
            ) { TapAnswer(line: $0)?.reader == door.reader }
            return TapAnswer(line: line)
        } catch is DeadlinePassed {
            return nil
        }
    }

    private func borrowDoor() async -> Int {
        if !freeDoors.isEmpty { return freeDoors.removeFirst() }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func giveBack(_ door: Int) {
        if waiting.isEmpty {
            freeDoors.append(door)
        } else {
            waiting.removeFirst().resume(returning: door)
        }
    }

    // MARK: - Network and power

    func cutNetwork() -> ControlMessages.NetworkCut {
        ControlMessages.NetworkCut(connections: relay.cut())
    }

    func restoreNetwork() throws {
        do {
            try relay.restore()
        } catch {
            throw ControlRefusal.failed("\(error)")
        }
    }

    /// Kills the validator; nobody starts it again until ``restorePower()``.
    func cutPower() async -> ControlMessages.PowerCut {
        let process = await validator.processIdentifier
        await validator.cutPower()
        return ControlMessages.PowerCut(process: process)
    }

    /// Returns when the validator is ready.
    func restorePower() async throws {
        do {
            try await validator.restorePower()
        } catch {
            throw ControlRefusal.failed("the validator does not get ready")
        }
    }
}
