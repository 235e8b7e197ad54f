internal import Timetable
internal import TransitModel

/// What changes between sets of legs cost: the matrix of operators or modes.
struct TransferTermsIndex: Sendable {
    struct Term: Sendable {
        let record: TransferTermsRecord
        let from: Int32
        let to: Int32
        /// ``ProductIndex/any`` where the terms need none.
        let product: Int32
    }

    /// From the highest priority; equal ones in an order that does not depend on the file's.
    let terms: [Term]
    /// The sets that a leg is asked for when it is left.
    let fromSets: [Int32]

    var isEmpty: Bool { terms.isEmpty }

    init(_ records: [TransferTermsRecord], _ legSets: LegSetIndex, _ products: ProductIndex) {
        func order(_ term: Term) -> [Int] {
            [
                -term.record.priority, Int(term.from), Int(term.to),
                TransferTerms.allCases.firstIndex(of: term.record.terms) ?? 0, Int(term.product),
                term.record.reduction ?? -1, term.record.transferCount ?? .max,
                term.record.durationLimit.map { Int($0.components.seconds) } ?? .max,
            ]
        }
        terms = records.map { record in
            Term(
                record: record, from: legSets.number(record.from), to: legSets.number(record.to),
                product: record.product.map(products.number) ?? ProductIndex.any)
        }.sorted { order($0).lexicographicallyPrecedes(order($1)) }
        fromSets = Set(terms.map(\.from)).subtracting([ProductIndex.any]).sorted()
    }
}

/// The legs between which changes have been made, as far as the next change depends on them.
struct TransferChain: Hashable, Sendable {
    let firstDepartedAt: Timestamp
    let firstArrival: FareState.ArrivalBounds
    /// Changes so far.
    var count: Int
    /// By their own fares.
    var dearest: Int64
    var previous: Int64
    var paid: Int64
    /// The sets that the last leg is in, of those that terms ask for.
    var sets: [Int32]
    var route: RouteID?
    /// Whether no change may follow.
    var isClosed = false
}
