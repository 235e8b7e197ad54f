import CardReaders
import Crypto
import DenyListBuilder
import FareMedia
import Foundation
import Logging
import PassengerDisplay
import SignedDocuments
import Synchronization
import Testing
import TransitModel
import ValidatorApp
import Wording

/// Taps on stable storage that is really memory, and that fails when told to.
final class MemoryTapKeeper: TapKeeper {
    struct DiskFull: Error {}

    private struct State {
        var taps: [Tap] = []
        var isFailing = false
        /// Run before each tap is kept.
        var beforeKeeping: @Sendable () async -> Void = {}
    }

    private let state = Mutex(State())
    let epoch: EpochID

    init(epoch: EpochID) {
        self.epoch = epoch
    }

    var taps: [Tap] { state.withLock { $0.taps } }
    func setFailing(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }
    func beforeKeeping(_ body: @escaping @Sendable () async -> Void) {
        state.withLock { $0.beforeKeeping = body }
    }

    func keep(_ tap: Tap) async throws -> TapID {
        await state.withLock { $0.beforeKeeping }()
        return try state.withLock { state in
            if state.isFailing { throw DiskFull() }
            state.taps.append(tap)
            return TapID(device: "v1", epoch: epoch, sequence: UInt64(state.taps.count))
        }
    }

    func listAccepted(since instant: Timestamp) async throws -> [Tap] {
        taps.filter { $0.verdict.isAccepted && $0.tappedAt >= instant }
    }
}

/// Documents on stable storage that is really memory.
final class MemoryDocumentKeeper: DocumentKeeper {
    struct DiskFull: Error {}

    struct State {
        var documents: [DocumentRole: [UInt8]] = [:]
        var versions: [DocumentRole: UInt64] = [:]
        var isFailing = false
    }

    let state = Mutex(State())

    func findDocument(_ role: DocumentRole) throws -> [UInt8]? {
        state.withLock { $0.documents[role] }
    }

    func keep(_ bytes: [UInt8], version: UInt64, as role: DocumentRole) throws {
        try state.withLock { state in
            if state.isFailing { throw DiskFull() }
            state.documents[role] = bytes
            state.versions[role] = version
        }
    }

    func highestVersions() throws -> [DocumentRole: UInt64] { state.withLock { $0.versions } }
}

/// Readers that do what a test says.
struct ScriptedReaders: ReaderFeed {
    let events: AsyncStream<ReaderEvent>
    let script: AsyncStream<ReaderEvent>.Continuation

    init() {
        (events, script) = AsyncStream.makeStream()
    }

    func run() async {
        let (never, _) = AsyncStream<Never>.makeStream()
        for await _ in never {}
    }
}

/// The publisher of a scheme's documents.
struct Publisher {
    let rootSigner = DocumentSigner(key: .init())
    let onlineSigner = DocumentSigner(key: .init())

    func root() throws -> [UInt8] {
        let root = try #require(
            TrustRoot(rootKey: rootSigner.publicKey, onlineKey: onlineSigner.publicKey))
        return try sign(.root, 1, root.payload(), with: rootSigner)
    }

    func configuration(version: UInt64 = 1, window: UInt32 = 600) throws -> [UInt8] {
        let configuration = try #require(
            SchemeConfiguration(
                scheme: "demo", timeZoneName: "Europe/Kyiv", passbackWindowSeconds: window,
                defaultRiderCategory: "adult", currency: .uah,
                displayedFares: ["adult": 1_500, "pupil": 750], issuerKeys: [:]))
        return try sign(.configuration, version, configuration.payload(), with: onlineSigner)
    }

    func denyList(version: UInt64, _ keys: [MediaKey] = []) throws -> [UInt8] {
        try sign(
            .denyList, version, DenyListBuilder.build(version: version, keys: keys),
            with: onlineSigner)
    }

    func sign(
        _ role: DocumentRole, _ version: UInt64, _ payload: [UInt8], with signer: DocumentSigner
    ) throws -> [UInt8] {
        try signer.sign(
            DocumentHeader(
                role: role, scheme: "demo", version: version, issuedAt: Stage.issued,
                expiresAt: Stage.issued.advanced(by: .seconds(86_400))), payload: payload)
    }
}

/// A validator on a stage: everything outside it is memory.
struct Stage {
    static let issued = Timestamp(secondsSince1970: 1_800_000_000)
    static let reader: ReaderName = "Reader 00"

    let publisher = Publisher()
    let keeper: MemoryTapKeeper
    let documents = MemoryDocumentKeeper()
    let readers = ScriptedReaders()
    let clock = StageClock()
    let lines = Lines()

    init() throws {
        keeper = MemoryTapKeeper(
            epoch: try #require(EpochID(bytes: [UInt8](repeating: 7, count: 16))))
        try documents.keep(publisher.root(), version: 1, as: .root)
    }

    func validator(
        settings: Validator.Settings? = nil, keeper: (any TapKeeper)? = nil
    ) async throws -> Validator {
        try await Validator.make(
            .init(device: "v1", vehicle: "bus-7", scheme: "demo"),
            settings: settings ?? .init(share: Self.share),
            parts: .init(
                clock: clock.clock,
                displayTimer: .init(
                    now: { MonotonicTime(milliseconds: 0) },
                    sleep: { _ in
                        let (never, _) = AsyncStream<Never>.makeStream()
                        for await _ in never {}
                        throw CancellationError()
                    }),
                keeper: keeper ?? self.keeper, documents: documents,
                makeReaders: { [readers] _ in readers },
                emit: { [lines] in lines.append($0) }),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// A validator in service: configured, with one reader.
    func readyValidator() async throws -> Validator {
        let validator = try await validator()
        await validator.intake.take(try publisher.configuration(), as: .configuration)
        await validator.taps.handle(.attached(Self.reader))
        return validator
    }

    static let share = ShareDirectory(
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path)

    static func mediaKey(_ number: UInt8) throws -> MediaKey {
        try #require(
            MediaKey(
                bytes: [UInt8](repeating: number, count: 16), generation: KeyGeneration(1)))
    }

    static func presented(
        _ number: UInt8, category: RiderCategoryID? = nil
    ) throws -> ReaderEvent {
        let year = Duration.seconds(365 * 86_400)
        let ticket = try ETicket(
            scheme: "demo", serial: UInt64(number), issuerKey: IssuerKeyID(1),
            riderCategory: category, validFrom: issued.advanced(by: .zero - year),
            validUntil: issued.advanced(by: year))
        return presented(
            .presentation(
                MediaPresentation(
                    mediaKey: try mediaKey(number), mediaKind: .eTicketCard, ticket: ticket)))
    }

    static func presented(_ reading: MediaReading) -> ReaderEvent {
        let now = ContinuousClock.now
        return .presented(
            reading, reader: reader,
            timing: PresentationTiming(
                enteredAt: now - .milliseconds(40), connectedAt: now - .milliseconds(30),
                finishedAt: now - .milliseconds(5), cardTime: .milliseconds(20)))
    }
}

/// A clock that a test sets.
final class StageClock: Sendable {
    private let reading = Mutex(
        DeviceClock.Reading(
            wall: Stage.issued.advanced(by: .seconds(60)),
            monotonic: MonotonicTime(milliseconds: 60_000), quality: .system))

    var clock: DeviceClock { DeviceClock { self.reading.withLock { $0 } } }

    func set(_ reading: DeviceClock.Reading) { self.reading.withLock { $0 = reading } }
}

/// Collects lines.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    func append(_ line: String) { lines.withLock { $0.append(line) } }
}
