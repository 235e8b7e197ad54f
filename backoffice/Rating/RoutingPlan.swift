import DeviceProtocol
import Store
import TransitModel

/// What is to become of one page of an epoch's log; decided from bytes alone.
struct RoutingPlan: Hashable, Sendable {
    struct Accepted: Hashable, Sendable {
        let id: TapID
        let tap: Tap
        let mediaKey: MediaKey
        let mediaKind: MediaKind
        let receivedAt: Timestamp
    }

    private(set) var accepted: [Accepted] = []
    private(set) var refused: [RefusedTapRow] = []
    private(set) var setAside: [SetAsideRow] = []
    /// The epoch is routed up to here once the plan is carried out.
    private(set) var routedSequence: UInt64

    /// - Parameters:
    ///   - page: Rows after the epoch's routed sequence, in order.
    ///   - isLast: Whether the log holds no more of the epoch up to its head.
    init(_ page: [LoggedTap], of epoch: UnroutedEpoch, isLast: Bool) {
        routedSequence = epoch.routedSequence
        for row in page where row.sequence > routedSequence {
            setAsideGap(before: row.sequence)
            sort(row, of: epoch)
            routedSequence = row.sequence
        }
        if isLast {
            setAsideGap(before: epoch.headSequence + 1)
            routedSequence = epoch.headSequence
        }
    }

    /// The media of the accepted taps.
    var media: [MediaKey: MediaKind] {
        Dictionary(accepted.map { ($0.mediaKey, $0.mediaKind) }) { first, _ in first }
    }

    /// Gives up on the page's taps: the database would not have one of them.
    mutating func setAsideAll(because reason: String) {
        let sequences = accepted.map(\.id.sequence) + refused.map(\.id.sequence)
        setAside += sequences.map { SetAsideRow(sequence: $0, reason: reason) }
        accepted = []
        refused = []
    }

    /// The head counts records that the log no longer has. They must show, not vanish.
    private mutating func setAsideGap(before sequence: UInt64) {
        let missing = (routedSequence + 1)..<max(sequence, routedSequence + 1)
        setAside += missing.map { SetAsideRow(sequence: $0, reason: "missing_from_log") }
    }

    private mutating func sort(_ row: LoggedTap, of epoch: UnroutedEpoch) {
        func putAside(_ reason: String) {
            setAside.append(SetAsideRow(sequence: row.sequence, reason: reason))
        }
        let record: TapRecord
        do {
            record = try TapRecord(serialized: row.record)
        } catch {
            return putAside(error.code)
        }
        let id = TapID(device: epoch.device, epoch: epoch.epoch, sequence: row.sequence)
        guard record.id == id else { return putAside("misplaced") }
        guard record.tap.isStorableText else { return putAside("invalid.text") }
        switch record.tap.verdict {
        case .refused(let refusal):
            refused.append(
                RefusedTapRow(
                    id: id, tappedAt: record.tap.tappedAt, receivedAt: row.receivedAt,
                    refusal: refusal, service: record.tap.service))
        case .accepted:
            guard let key = record.tap.mediaKey, let kind = record.tap.mediaKind else {
                return putAside("accepted_without_media")
            }
            accepted.append(
                Accepted(
                    id: id, tap: record.tap, mediaKey: key, mediaKind: kind,
                    receivedAt: row.receivedAt))
        }
    }
}

extension Tap {
    /// PostgreSQL's text holds no NUL.
    fileprivate var isStorableText: Bool {
        let texts = [
            service.vehicle.rawValue, service.route?.rawValue, service.trip?.rawValue,
            service.stop?.rawValue, riderCategory?.rawValue,
        ]
        return texts.allSatisfy { $0?.utf8.contains(0) != true }
    }
}
