import DenyList
import SignedDocuments
import TapAcceptance
import TransitModel

/// The way in for fetched documents: judge and keep them, alarm what is refused, and let the
/// display know of what changed.
package struct DocumentIntake: Sendable {
    private let documents: DocumentDesk
    private let taps: TapDesk
    private let clock: DeviceClock
    let log: ValidatorLog

    package init(
        documents: DocumentDesk, taps: TapDesk, clock: DeviceClock, log: ValidatorLog
    ) {
        self.documents = documents
        self.taps = taps
        self.clock = clock
        self.log = log
    }

    /// The version that the server should exceed.
    package func newestRefused(of role: DocumentRole) async -> UInt64 {
        await documents.newestRefused(of: role)
    }

    /// - Returns: What became of it; a refusal has been alarmed already.
    @discardableResult
    package func take(_ bytes: [UInt8], as role: DocumentRole) async -> DocumentDesk.Outcome {
        let outcome = await documents.take(bytes, as: role, at: clock.read().believableWall)
        if let alarm = Alarm(outcome) { log.raise(alarm) }
        await announce()
        return outcome
    }

    /// Brings status and display in line with the documents in use.
    package func announce() async {
        let versions = await documents.versions
        log.note(
            ValidatorStatus.Documents(
                root: versions[.root], configuration: versions[.configuration],
                denyList: versions[.denyList],
                denyListEntries: documents.inUse.denyList?.entryCount))
        await taps.refreshRest()
    }
}
