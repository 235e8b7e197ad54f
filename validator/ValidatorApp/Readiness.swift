import CardReaders
import PassengerDisplay
import TransitModel

/// Whether the validator can take taps, from all that it depends on.
package struct Readiness: Hashable, Sendable {
    /// Readers that are plugged in, and whether each answers.
    private var readers: [ReaderName: Bool] = [:]
    private var isServiceLost = false
    private var hasHeardOfReaders = false

    /// The most readers that were plugged in at once: one that is missing is missed.
    package private(set) var knownReaders = 0

    package var hasConfiguration = false
    /// False from a tap that could not be recorded until one that could.
    package var isJournalSound = true

    package init() {}

    /// Names of readers that are plugged in, sorted, with whether each answers.
    package var readerHealth: [(name: ReaderName, answers: Bool)] {
        readers.sorted { $0.key < $1.key }.map { ($0.key, $0.value && !isServiceLost) }
    }

    package var rest: DisplayMachine.Rest {
        if !isJournalSound { return .outOfService }
        if !hasConfiguration || !hasHeardOfReaders { return .starting }
        return readerHealth.contains(where: \.answers) ? .ready : .readerFault
    }

    /// - Returns: What is worth an alarm in the log.
    package mutating func observe(_ event: ReaderEvent) -> Alarm? {
        hasHeardOfReaders = true
        switch event {
        case .attached(let reader):
            readers[reader] = true
            knownReaders = max(knownReaders, readers.count)
        case .detached(let reader):
            readers[reader] = nil
            return Alarm(code: "reader_detached", detail: reader.rawValue)
        case .silent(let reader):
            readers[reader] = false
            return Alarm(code: "reader_silent", detail: reader.rawValue)
        case .recovered(let reader): readers[reader] = true
        case .serviceLost:
            isServiceLost = true
            readers = [:]
            return Alarm(code: "reader_service_lost", detail: "pcscd does not answer")
        case .serviceFound: isServiceLost = false
        case .presented: break
        }
        return nil
    }
}
