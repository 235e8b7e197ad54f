internal import Timetable
internal import TransitModel

/// The caps, from the shortest window.
///
/// Each cap keeps two sums for its window: what is **due** without it, and what is **paid**. A leg
/// may then cost what is still missing of the lesser of due and cap. What one cap lets through is
/// what the next one sees, so that a week never counts more than its days charged.
struct CapIndex: Sendable {
    struct Cap: Sendable {
        let id: FareCapID
        let name: String?
        let legSet: Int32
        let window: FareWindow
        /// From the least.
        let amounts: [Amount]

        func limit(for rider: ResolvedRider) -> Int64? {
            amounts.first { amount in
                (amount.category == ProductIndex.any || rider.categories.contains(amount.category))
                    && (amount.medium == ProductIndex.any || rider.media.contains(amount.medium))
            }?.minorUnits
        }
    }

    struct Amount: Hashable, Sendable {
        let minorUnits: Int64
        let category: Int32
        let medium: Int32
    }

    let caps: [Cap]

    init(
        _ records: [FareCapRecord], _ legSets: LegSetIndex, _ products: ProductIndex
    ) throws(TariffError) {
        var recordsOfCap: [FareCapID: [FareCapRecord]] = [:]
        for record in records { recordsOfCap[record.cap, default: []].append(record) }
        var caps: [Cap] = []
        for (id, records) in recordsOfCap {
            let first = records[0]
            for record in records where record.window != first.window {
                throw .contradiction(
                    RecordPlace("fare_caps.txt", record.line).failure(
                        "window", .forbidden("the cap has another window on line \(first.line)")))
            }
            for record in records where record.legSet != first.legSet {
                throw .contradiction(
                    RecordPlace("fare_caps.txt", record.line).failure(
                        "leg_set_id", .forbidden("the cap has another set on line \(first.line)")))
            }
            let amounts = records.map { record in
                Amount(
                    minorUnits: record.amount.minorUnits,
                    category: record.riderCategory.map(products.number) ?? ProductIndex.any,
                    medium: record.fareMedia.map(products.number) ?? ProductIndex.any)
            }
            caps.append(
                Cap(
                    id: id, name: records.compactMap(\.name).min(),
                    legSet: legSets.number(first.legSet), window: first.window,
                    amounts: amounts.sorted { left, right in
                        (left.minorUnits, left.category, left.medium)
                            < (right.minorUnits, right.category, right.medium)
                    }))
        }
        self.caps = caps.sorted { ($0.window.rank, $0.id) < ($1.window.rank, $1.id) }
    }
}

/// What a rider has spent towards one cap.
struct CapAccount: Hashable, Sendable {
    /// A leg within a rolling window.
    struct Entry: Hashable, Sendable {
        let at: Timestamp
        let due: Int64
        let paid: Int64
    }

    let cap: Int32
    /// Tells the window; see ``FareWindow/opening(at:_:open:opens:)``.
    var opening: Int64
    var due: Int64 = 0
    var paid: Int64 = 0
    /// Only of rolling windows, from the oldest.
    var entries: [Entry] = []

    /// Lets go of what a rolling window has left behind.
    mutating func slide(to instant: Timestamp, _ duration: Duration) {
        guard let first = entries.first, instant.elapsed(since: first.at) >= duration else {
            return
        }
        let gone = entries.prefix { instant.elapsed(since: $0.at) >= duration }
        for entry in gone {
            due -= entry.due
            paid -= entry.paid
        }
        entries.removeFirst(gone.count)
    }
}

extension CapAccount {
    /// Counts a leg in and gives what of it is to be paid.
    mutating func add(_ charge: Int64, limit: Int64) -> Int64 {
        due += charge
        let missing = min(due, limit) - paid
        let allowed = min(max(missing, min(0, charge)), max(0, charge))
        paid += allowed
        return allowed
    }
}
