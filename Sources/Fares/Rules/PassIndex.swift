internal import Timetable
internal import TransitModel

/// The products that cover more than one leg.
struct PassIndex: Sendable {
    struct Pass: Sendable {
        let product: Int32
        let id: FareProductID
        /// ``ProductIndex/any``: the legs whose leg rule names the product.
        let legSet: Int32
        let sale: PassSale
        let validity: PassValidity
        let rideLimit: Int?
        let coversUpTo: Int64?
        let isUpgrade: Bool
    }

    /// By identifier.
    let passes: [Pass]
    private let passOfProduct: [Int32: Int32]
    /// Those that a tap may buy, by number.
    let atTap: [Int32]

    init(_ records: [FarePassRecord], _ legSets: LegSetIndex, _ products: ProductIndex) {
        let passes = records.sorted { $0.product < $1.product }.map { record in
            Pass(
                product: products.number(of: record.product), id: record.product,
                legSet: legSets.number(record.legSet), sale: record.sale,
                validity: record.validity, rideLimit: record.rideLimit,
                coversUpTo: record.coversUpTo?.minorUnits, isUpgrade: record.isUpgrade)
        }
        self.passes = passes
        var passOfProduct: [Int32: Int32] = [:]
        for (index, pass) in passes.enumerated() { passOfProduct[pass.product] = Int32(index) }
        self.passOfProduct = passOfProduct
        atTap = passes.indices.filter { passes[$0].sale == .atTap }.map(Int32.init)
    }

    func pass(of product: Int32) -> Pass? {
        passOfProduct[product].map { passes[Int($0)] }
    }

    func find(_ id: FareProductID) -> Int32? {
        passes.firstIndex { $0.id == id }.map(Int32.init)
    }

    func number(of product: Int32) -> Int32? { passOfProduct[product] }
}

/// How far a pass is used.
struct PassUse: Hashable, Sendable {
    let product: Int32
    /// The instant of its first use in milliseconds, or the number of its first calendar unit.
    let start: Int64
    var rides: Int
}

/// A ticket bought at a tap, and the legs since.
struct TicketRun: Hashable, Sendable {
    let pass: Int32
    let start: Int64
    var rides: Int
    /// What was paid for it and for those before it that it replaces.
    let paid: Int64
    /// Tickets that would have covered every leg of the run.
    var eligible: [Int32]
    let openedAt: Timestamp
}

extension PassIndex.Pass {
    /// Where its time begins, when it is first used at a moment.
    func start(at moment: LegMoment, validFrom: Timestamp?, _ calendar: FareCalendar) -> Int64 {
        switch validity {
        case .unlimited: 0
        case .calendar(let kind, _):
            calendar.unit(kind, of: validFrom.map(calendar.day) ?? moment.day)
        case .rolling: (validFrom ?? moment.instant).millisecondsSince1970
        case .firstUse: moment.instant.millisecondsSince1970
        }
    }

    /// Whether it still holds; its last instant counts in.
    func holds(at moment: LegMoment, since start: Int64, _ calendar: FareCalendar) -> Bool {
        switch validity {
        case .unlimited: return true
        case .calendar(let kind, let count):
            let unit = calendar.unit(kind, of: moment.day)
            return unit >= start && unit < start + Int64(count)
        case .rolling(let duration), .firstUse(let duration):
            let elapsed = moment.instant.millisecondsSince1970 - start
            return elapsed >= 0 && elapsed <= duration.wholeMilliseconds
        }
    }
}
