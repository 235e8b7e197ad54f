import CardReaders
import Logging
import Positioning
import ServiceLifecycle
import TapJournal
import TransitModel

extension Validator {
    /// What the program is told on its command line.
    package struct LiveOptions: Sendable {
        package var state: StateFolder
        package var cardKeys: String
        /// Where positions come from; nowhere when absent.
        package var gpsd: GPSDClient.Settings?
        package var settings: Settings

        package init(
            state: StateFolder, cardKeys: String, gpsd: GPSDClient.Settings? = nil,
            settings: Settings
        ) {
            self.state = state
            self.cardKeys = cardKeys
            self.gpsd = gpsd
            self.settings = settings
        }
    }

    /// A validator on real parts: readers through PC/SC, the journal in SQLite, documents in
    /// files.
    ///
    /// - Parameter makeCompanions: What runs beside the taps, on the same journal.
    package static func makeLive(
        _ options: LiveOptions, logger: Logger,
        makeCompanions: @escaping @Sendable (TapJournal, CompanionTools) throws -> [any Service],
        emit: @escaping @Sendable (String) -> Void
    ) async throws -> Validator {
        let identity = try DeviceFile.identity(in: options.state)
        let keys = try CardKeyFile(path: options.cardKeys)
        let clock = DeviceClock.system
        let journal = try await TapJournal.open(
            folder: options.state.url, device: identity.device, clock: { clock.read().wall })
        let validator = try await make(
            identity, settings: options.settings,
            parts: Parts(
                clock: clock, keeper: journal,
                documents: DocumentFolder(path: options.state.documents),
                makeReaders: { documents in
                    CardReaders(
                        configuration: .init { keys.reading(under: documents) }, logger: logger)
                },
                positions: options.gpsd.map { settings in
                    GPSDClient(settings, clock: { PositionInstant(clock.read()) }, logger: logger)
                },
                makeCompanions: { try makeCompanions(journal, $0) },
                emit: emit),
            logger: logger)
        for incident in await journal.incidents {
            validator.log.raise(Alarm(incident))
        }
        return validator
    }
}

extension Alarm {
    init(_ incident: JournalIncident) {
        switch incident {
        case .setAside(let path, let salvaged):
            self.init(
                code: "journal_set_aside",
                detail: "The damaged journal lies at \(path); \(salvaged) taps were taken over")
        }
    }
}
