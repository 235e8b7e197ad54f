import CPCSC
import Crypto
import FareMedia
import Foundation
import LocalStack
import Synchronization
import Testing
import TransitModel
import VirtualCards

@testable import CardReaders

/// A real private pcscd with three readers, shared by the suites of this process because
/// libpcsclite looks for its daemon once; whoever uses it does so alone.
struct ReaderStage: Sendable {
    static let isPossible = Task { await CardReaderDaemon.unavailability() == nil }
    private static let starting = Task {
        let daemon = try await CardReaderDaemon.start(readers: 3)
        setenv(CardReaderDaemon.socketVariable, daemon.socketPath, 1)
        return daemon
    }

    let daemon: CardReaderDaemon
    let events = EventLog()
    let fields: [VPCDClient]
    let bureau: CardIssuer
    private let masterKey: AESKey

    var names: [ReaderName] { daemon.readers.map { ReaderName($0.name) } }

    private init() async throws {
        daemon = try await Self.starting.value
        fields = daemon.readers.map { VPCDClient(port: $0.port) }
        masterKey = try #require(AESKey(bytes: [UInt8](repeating: 7, count: 16)))
        bureau = CardIssuer(
            scheme: "kvytok-test", masterKey: masterKey, issuerKey: IssuerKeyID(1),
            signingKey: Curve25519.Signing.PrivateKey())
    }

    /// Runs all readers while the body does, then takes every card out and every reader home.
    ///
    /// - Parameter quietTime: Short by default, so that a test need not wait it out.
    static func run(
        silenceLimit: Duration = .seconds(2), quietTime: Duration = .milliseconds(1),
        _ body: (ReaderStage) async throws -> Void
    ) async throws {
        let stage = try await ReaderStage()
        try await stage.daemon.plugAll()
        try await stage.awaitEmptyFields()
        let readers = CardReaders(
            configuration: stage.configuration(silenceLimit, quietTime))
        let collecting = Task {
            for await event in readers.events { stage.events.append(event) }
        }
        let running = Task { await readers.run() }
        do {
            for name in stage.names { try await stage.events.attached(name) }
            try await body(stage)
        } catch {
            let evidence =
                stage.events.all.map { "  | \($0)" }
                + (await stage.daemon.diagnostics.map { "  : \($0)" })
            Issue.record("\(error)\n\(evidence.joined(separator: "\n"))")
        }
        for field in stage.fields { field.remove() }
        running.cancel()
        await running.value
        await collecting.value
    }

    private func configuration(
        _ silenceLimit: Duration, _ quietTime: Duration
    ) -> CardReaders.Configuration {
        let names = Set(names)
        return CardReaders.Configuration(
            silenceLimit: silenceLimit, quietTime: quietTime, uses: { names.contains($0) },
            reading: { [issuerKeys, bureau, masterKey] in
                guard
                    let mediaKeys = MediaKeyDeriver(
                        secret: [UInt8](repeating: 3, count: 32), generation: KeyGeneration(1))
                else { preconditionFailure("A secret of 32 bytes") }
                return ETicketReading(
                    cardKeys: InMemoryCardKeys(masterKey: masterKey), mediaKeys: mediaKeys,
                    issuerKeys: issuerKeys.isTrusted
                        ? [bureau.issuerKey: bureau.publicKey] : [:])
            })
    }

    /// Whether the bureau's issuer key is in the configuration at this moment.
    let issuerKeys = TrustSwitch()

    final class TrustSwitch: Sendable {
        private let state = Mutex(true)

        var isTrusted: Bool {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    func makeCard(_ serial: UInt64) throws -> VirtualCard {
        let uid = try #require(CardUID(bytes: [4, 1, 2, 3, 4, 5, UInt8(serial & 0xFF)]))
        let issued = try bureau.issue(
            uid: uid, serial: serial, validFrom: Timestamp(secondsSince1970: 0),
            validUntil: Timestamp(secondsSince1970: 4_000_000_000))
        return VirtualCard(.eTicket(issued), seed: serial)
    }

    /// The daemon notices an earlier test's removals at its own pace.
    private func awaitEmptyFields() async throws {
        try await eventually("all readers to be there and empty") {
            guard let context = try? PCSCContext(), let found = try? context.readerNames(),
                Set(names).isSubset(of: found)
            else { return false }
            let unknown = names.map { PCSCContext.ReaderState(name: $0, bits: 0) }
            let states = try context.changes(from: unknown, within: .zero)
            return states.count == names.count
                && states.allSatisfy { $0.bits & UInt(SCARD_STATE_PRESENT) == 0 }
        }
    }
}

/// Everything the readers reported, for awaiting with a deadline.
final class EventLog: Sendable {
    private let events = Mutex<[ReaderEvent]>([])

    var all: [ReaderEvent] { events.withLock { $0 } }

    /// Remember it to await only what comes later.
    var end: Int { all.count }

    func append(_ event: ReaderEvent) { events.withLock { $0.append(event) } }

    func first<Value: Sendable>(
        _ what: String, from start: Int = 0, _ find: @Sendable (ReaderEvent) -> Value?
    ) async throws -> Value {
        try await eventualValue(what) { all.dropFirst(start).lazy.compactMap(find).first }
    }

    func attached(_ name: ReaderName, from start: Int = 0) async throws {
        try await first("\(name) attached", from: start) {
            if case .attached(name) = $0 { () } else { nil }
        }
    }

    func detached(_ name: ReaderName, from start: Int = 0) async throws {
        try await first("\(name) detached", from: start) {
            if case .detached(name) = $0 { () } else { nil }
        }
    }

    func silent(_ name: ReaderName, from start: Int = 0) async throws {
        try await first("\(name) silent", from: start) {
            if case .silent(name) = $0 { () } else { nil }
        }
    }

    func recovered(_ name: ReaderName, from start: Int = 0) async throws {
        try await first("\(name) recovered", from: start) {
            if case .recovered(name) = $0 { () } else { nil }
        }
    }

    /// The first reading of a reader.
    func reading(
        at name: ReaderName, from start: Int = 0
    ) async throws -> (reading: MediaReading, timing: PresentationTiming) {
        try await first("a reading at \(name)", from: start) {
            guard case .presented(let reading, name, let timing) = $0 else { return nil }
            return (reading, timing)
        }
    }

    /// The serial of the first ticket that a reader reads.
    func ticket(at name: ReaderName, from start: Int = 0) async throws -> UInt64 {
        try await first("a ticket at \(name)", from: start) {
            guard case .presented(.presentation(let presentation), name, _) = $0 else {
                return nil
            }
            return presentation.ticket.serial
        }
    }
}
