import DeviceProtocol
import TapAcceptance
import TapJournal
import TransitModel
import Uplink

/// What a part that runs beside the taps, such as the uplink, may use.
package struct CompanionTools: Sendable {
    /// The way in for documents.
    package let intake: DocumentIntake
    /// Where the vehicle was since somebody was last told.
    package let positions: PositionRing
    private let taps: TapDesk
    private let documents: DocumentDesk

    package init(
        intake: DocumentIntake, taps: TapDesk, documents: DocumentDesk, positions: PositionRing
    ) {
        self.intake = intake
        self.taps = taps
        self.documents = documents
        self.positions = positions
    }

    /// How the device fares at this moment.
    package func health(
        of journal: TapJournal, at now: Timestamp = Timestamp.systemNow()
    ) async -> DeviceHealth {
        let readiness = await taps.readiness
        let backlog = try? await journal.backlog()
        return DeviceHealth(
            waitingTaps: backlog?.taps ?? 0,
            oldestWaiting: backlog?.oldestAt.map { max(.zero, now.elapsed(since: $0)) },
            readers: UInt8(clamping: readiness.knownReaders),
            soundReaders: UInt8(clamping: readiness.readerHealth.count(where: \.answers)),
            journalIsSound: readiness.isJournalSound && backlog != nil,
            documents: documents.inUse.versions, softwareVersion: SoftwareVersion.current)
    }
}

/// The version of what runs on devices.
package enum SoftwareVersion {
    package static let current = "0.3.0"
}
