import CardReaders
import Foundation
import Logging
import PassengerDisplay
import Synchronization
import TransitModel

/// What a validator tells the people who run it: alarms into the log, a line of measurements
/// per tap, and the sum of it all as the status.
package final class ValidatorLog: Sendable {
    private struct State {
        var status: ValidatorStatus
        var times = TapTimes()
    }

    /// Alarms that the status names.
    package static let alarmLimit = 32

    private let state: Mutex<State>
    private let logger: Logger
    private let clock: DeviceClock
    private let emit: @Sendable (String) -> Void

    /// - Parameter emit: Takes one line of JSON per tap.
    package init(
        status: ValidatorStatus, clock: DeviceClock, logger: Logger,
        emit: @escaping @Sendable (String) -> Void
    ) {
        state = Mutex(State(status: status))
        self.clock = clock
        self.logger = logger
        self.emit = emit
    }

    package func raise(_ alarm: Alarm) {
        logger.warning("\(alarm.detail)", metadata: ["alarm": "\(alarm.code)"])
        let raisedAt = clock.read().wall.iso8601
        state.withLock {
            $0.status.alarmCount += 1
            $0.status.alarms.append(
                .init(code: alarm.code, detail: alarm.detail, raisedAt: raisedAt))
            if $0.status.alarms.count > Self.alarmLimit { $0.status.alarms.removeFirst() }
        }
    }

    package func note(_ readiness: Readiness) {
        state.withLock {
            $0.status.state = readiness.rest.name
            $0.status.readers = readiness.readerHealth.map {
                .init(name: $0.name.rawValue, answers: $0.answers)
            }
        }
    }

    package func note(_ documents: ValidatorStatus.Documents) {
        state.withLock { $0.status.documents = documents }
    }

    package func note(_ service: ServiceContext) {
        state.withLock {
            $0.status.service = .init(
                routeId: service.route?.rawValue, tripId: service.trip?.rawValue,
                stopId: service.stop?.rawValue)
        }
    }

    package func note(position: String) { state.withLock { $0.status.position = position } }

    package func note(display: String) { state.withLock { $0.status.display = display } }

    /// One recorded tap: its place in the journal, its instant, its verdict, and when its parts
    /// were done, in microseconds from field entry.
    package func record(
        _ identity: TapID, _ tap: Tap, from reader: ReaderName, _ timing: TapTiming
    ) {
        let verdict = tap.verdict
        state.withLock {
            $0.times.record(timing)
            $0.status.taps[verdict.name, default: 0] += 1
        }
        let line = MeasuredTap(
            tap: identity.description, tappedAt: tap.tappedAt.iso8601, verdict: verdict.name,
            reader: reader.rawValue, cardUs: timing.card.microseconds,
            readUs: timing.read.microseconds, decidedUs: timing.decided.microseconds,
            journalledUs: timing.journalled.microseconds, shownUs: timing.shown.microseconds,
            ownUs: timing.own.microseconds)
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            emit(String(decoding: try encoder.encode(line), as: UTF8.self))
        } catch {
            logger.error("A tap's measurements could not be written: \(error)")
        }
    }

    /// The status at this moment.
    package var status: ValidatorStatus {
        let time = clock.read()
        return state.withLock {
            var status = $0.status
            status.updatedAt = time.wall.iso8601
            status.clockQuality = "\(time.quality)"
            status.tapTimes = .init(
                count: $0.times.count,
                shownP50: $0.times.shown(percentile: 50)?.microseconds,
                shownP95: $0.times.shown(percentile: 95)?.microseconds,
                ownP50: $0.times.own(percentile: 50)?.microseconds,
                ownP95: $0.times.own(percentile: 95)?.microseconds)
            return status
        }
    }
}

private struct MeasuredTap: Encodable {
    let tap: String
    /// By the wall clock, at the decision.
    let tappedAt: String
    let verdict: String
    let reader: String
    let cardUs: Int64
    let readUs: Int64
    let decidedUs: Int64
    let journalledUs: Int64
    let shownUs: Int64
    let ownUs: Int64
}

extension TapVerdict {
    /// The word for logs and counters.
    package var name: String {
        switch self {
        case .accepted: "accepted"
        case .refused(.denied): "denied"
        case .refused(.passback): "passback"
        case .refused(.expired): "expired"
        case .refused(.notYetValid): "not_yet_valid"
        case .refused(.foreignScheme): "foreign_scheme"
        case .refused(.unreadable): "unreadable"
        case .refused(.unknownMedia): "unknown_media"
        case .refused(.notAuthentic): "not_authentic"
        case .refused(.outOfService): "out_of_service"
        }
    }
}

extension DisplayMachine.Rest {
    var name: String {
        switch self {
        case .starting: "starting"
        case .ready: "ready"
        case .readerFault: "reader_fault"
        case .outOfService: "out_of_service"
        }
    }
}

extension Duration {
    /// Whole microseconds, the rest dropped.
    package var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}

extension Timestamp {
    /// As ISO 8601 in UTC with milliseconds.
    package var iso8601: String {
        Date(timeIntervalSince1970: Double(millisecondsSince1970) / 1_000)
            .formatted(
                .iso8601.year().month().day().time(includingFractionalSeconds: true)
                    .timeZone(separator: .omitted))
    }
}
