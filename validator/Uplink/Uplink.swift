import DeviceProtocol
import Foundation
import Logging
import ServiceLifecycle
import SignedDocuments
import TapJournal
import TransitModel

/// Takes fetched documents in; whether to trust them is decided there.
package protocol DocumentReceiver: Sendable {
    /// The version that the server should exceed.
    func newestRefused(of role: DocumentRole) async -> UInt64
    func receive(_ bytes: [UInt8], as role: DocumentRole) async
}

/// What people should know about the connection to the back office.
package enum UplinkReport: Hashable, Sendable {
    case connected
    case disconnected(cause: String)
    /// The gateway does not deal with this device; taps go on and stay in the journal.
    case turnedAway(code: String)
    case alarm(UplinkMachine.Alarm)
    case journal(JournalFailure)
}

/// The road to the back office: sends taps the moment they are journalled, fetches documents
/// every few seconds, and forgets what the back office holds twice.
///
/// It decides nothing: ``UplinkMachine`` says what to send and when, the journal keeps what was
/// acknowledged, the receiver judges documents.
package struct Uplink: Service {
    package struct Settings: Sendable {
        package var limits: UplinkMachine.Limits
        package var documentInterval: Duration
        package var pruneInterval: Duration
        /// How often it asks whether the server still holds what it once acknowledged.
        package var recheckInterval: Duration
        /// How long taps stay for the passback rule although nobody needs them any more.
        package var retention: Duration

        package init(
            limits: UplinkMachine.Limits = .init(), documentInterval: Duration = .seconds(2),
            pruneInterval: Duration = .seconds(60), recheckInterval: Duration = .seconds(900),
            retention: Duration = .seconds(86_400)
        ) {
            self.limits = limits
            self.documentInterval = documentInterval
            self.pruneInterval = pruneInterval
            self.recheckInterval = recheckInterval
            self.retention = retention
        }
    }

    private let client: GatewayClient
    private let journal: TapJournal
    private let documents: any DocumentReceiver
    private let settings: Settings
    private let positions: PositionSender?
    private let signer: P256HeadSigner
    private let report: @Sendable (UplinkReport) -> Void

    /// - Parameters:
    ///   - positions: Without it nobody is told where the vehicle is.
    ///   - report: Hears each change once; must not block.
    package init(
        server: URL, device: EnrolledDevice, journal: TapJournal,
        documents: any DocumentReceiver, settings: Settings = Settings(),
        positions: PositionSender? = nil,
        report: @escaping @Sendable (UplinkReport) -> Void = { _ in }
    ) throws {
        client = try GatewayClient(server: server, device: device)
        self.journal = journal
        self.documents = documents
        self.settings = settings
        self.positions = positions
        signer = P256HeadSigner(key: device.key)
        self.report = report
    }

    package func run() async throws {
        let line = LineWatch(report: report)
        let sender = TapSender(
            client: client, journal: journal, signer: signer, limits: settings.limits,
            recheckInterval: settings.recheckInterval, line: line,
            report: report)
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await sender.run() }
                group.addTask { await fetchDocuments(line) }
                group.addTask { await prune() }
                if let positions { group.addTask { await positions.run(over: client) } }
            }
        }
        try await client.shutdown()
    }

    // MARK: Documents

    private func fetchDocuments(_ line: LineWatch) async {
        repeat {
            for role in [DocumentRole.root, .configuration, .denyList] {
                let version = await documents.newestRefused(of: role)
                let outcome = await client.fetch(role, after: version)
                if Task.isCancelled { return }
                line.note(outcome)
                switch outcome {
                case .answered(let bytes?): await documents.receive(bytes, as: role)
                case .answered(nil): break
                case .turnedAway, .refused, .failed: continue
                }
            }
            // A fleet that was switched on together should not ask together for ever.
            let jitter = Int.random(in: 800...1_200)
            try? await Task.sleep(for: settings.documentInterval * jitter / 1_000)
        } while !Task.isCancelled
    }

    // MARK: Forgetting

    private func prune() async {
        while (try? await Task.sleep(for: settings.pruneInterval)) != nil {
            do {
                let limit = Timestamp.systemNow().advanced(by: .zero - settings.retention)
                try await journal.prune(olderThan: limit)
            } catch let failure as JournalFailure {
                report(.journal(failure))
            } catch {
                continue
            }
        }
    }
}
