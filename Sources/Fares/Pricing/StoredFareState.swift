internal import Timetable
internal import TransitModel

/// A state as it is stored: with identifiers in place of a compiled tariff's numbers.
///
/// It outlives the tariff that it was made under: what the next one still has goes on (a cap of
/// the same identifier keeps its month's sums), what it has no longer is forgotten.
struct StoredFareState {
    static let version: UInt8 = 1

    struct Group {
        var from: LegGroupID?
        var to: LegGroupID?
    }

    struct Run {
        var family = Group()
        var count = 0
        var firstDepartedAt = Timestamp(millisecondsSince1970: 0)
        var earliestArrival = Timestamp(millisecondsSince1970: 0)
        var latestArrival: Timestamp?
    }

    struct OpenLeg {
        var group: LegGroupID?
        var departedAt = Timestamp(millisecondsSince1970: 0)
        var arrivedAt: Timestamp?
        var replaceableFare: Int64?
        var run: Run?
    }

    struct Distance {
        var product: FareProductID = ""
        var metres = 0
        var price: Int64 = 0
    }

    struct LimitSum {
        var legSet: LegSetID?
        var category: RiderCategoryID?
        var isJourney = false
        var due: Int64 = 0
        var charged: Int64 = 0
    }

    struct Journey {
        /// Whether a rule made it; its set follows.
        var hasRule = false
        var legSet: LegSetID?
        var startedAt = Timestamp(millisecondsSince1970: 0)
        var startStop: StopID?
        var legs = 0
        var lastLeftAt = Timestamp(millisecondsSince1970: 0)
        var lastRoute: RouteID?
        var distances: [Distance] = []
        var sums: [LimitSum] = []
    }

    struct Chain {
        var firstDepartedAt = Timestamp(millisecondsSince1970: 0)
        var earliestArrival = Timestamp(millisecondsSince1970: 0)
        var latestArrival: Timestamp?
        var count = 0
        var dearest: Int64 = 0
        var previous: Int64 = 0
        var paid: Int64 = 0
        var sets: [LegSetID] = []
        var route: RouteID?
        var isClosed = false
    }

    struct Ticket {
        var product: FareProductID = ""
        var start: Int64 = 0
        var rides = 0
        var paid: Int64 = 0
        var eligible: [FareProductID] = []
        var openedAt = Timestamp(millisecondsSince1970: 0)
    }

    struct Entry {
        var at = Timestamp(millisecondsSince1970: 0)
        var due: Int64 = 0
        var paid: Int64 = 0
    }

    struct Account {
        var cap: FareCapID = ""
        var opening: Int64 = 0
        var due: Int64 = 0
        var paid: Int64 = 0
        var entries: [Entry] = []
    }

    struct Rides {
        var discount: RideDiscountID = ""
        var category: RiderCategoryID?
        var opening: Int64 = 0
        var rides = 0
        var journeyStart: Timestamp?
        var instants: [Timestamp] = []
    }

    struct Use {
        var product: FareProductID = ""
        var start: Int64 = 0
        var rides = 0
    }

    struct Standing {
        var open: OpenLeg?
        var journey: Journey?
        var chain: Chain?
        var ticket: Ticket?
        var accounts: [Account] = []
        var rideCounts: [Rides] = []
        var uses: [Use] = []
        var riders = 1
    }

    struct Leg {
        var route: RouteID?
        var network: NetworkID?
        var agency: AgencyID?
        var fromStop: StopID?
        var toStop: StopID?
        var departedAt = Timestamp(millisecondsSince1970: 0)
        var arrivedAt: Timestamp?
        var metres: Int?
    }

    struct Held {
        var product: FareProductID = ""
        var validFrom: Timestamp?
        var validUntil: Timestamp?
        var ridesLeft: Int?
    }

    struct Joinable {
        var categories: [RiderCategoryID] = []
        /// `nil` where nothing is known of the media.
        var media: [FareMediaID]?
        var held: [Held] = []
        var riders = 1
        var whole = Leg()
        /// Of several legs.
        var last: Leg?
        /// `nil` stands for "any".
        var networks: [NetworkID?] = []
        var base = Standing()
        var charged: Int64 = 0
    }

    var standing = Standing()
    var joinable: Joinable?
}

// MARK: - Bytes

extension StoredFareState {
    mutating func archive(_ archive: inout some StateArchive) throws(FareStateError) {
        try archive.standing(&standing)
        try archive.optional(&joinable, makeValue: { Joinable() }) {
            archive, value throws(FareStateError) in try archive.joinable(&value)
        }
    }
}

extension StateArchive {
    fileprivate mutating func ids<Kind>(
        _ values: inout [Identifier<Kind>]
    ) throws(FareStateError) {
        try list(&values, makeValue: { Identifier("") }) {
            archive, value throws(FareStateError) in try archive.id(&value)
        }
    }

    fileprivate mutating func standing(
        _ value: inout StoredFareState.Standing
    ) throws(FareStateError) {
        try optional(&value.open, makeValue: { .init() }) {
            archive, value throws(FareStateError) in try archive.openLeg(&value)
        }
        try optional(&value.journey, makeValue: { .init() }) {
            archive, value throws(FareStateError) in try archive.journey(&value)
        }
        try optional(&value.chain, makeValue: { .init() }) {
            archive, value throws(FareStateError) in try archive.chain(&value)
        }
        try optional(&value.ticket, makeValue: { .init() }) {
            archive, value throws(FareStateError) in
            try archive.id(&value.product)
            try archive.word(&value.start)
            try archive.number(&value.rides)
            try archive.word(&value.paid)
            try archive.ids(&value.eligible)
            try archive.instant(&value.openedAt)
        }
        try list(&value.accounts, makeValue: { .init() }) {
            archive, value throws(FareStateError) in try archive.account(&value)
        }
        try list(&value.rideCounts, makeValue: { .init() }) {
            archive, value throws(FareStateError) in
            try archive.id(&value.discount)
            try archive.optionalID(&value.category)
            try archive.word(&value.opening)
            try archive.number(&value.rides)
            try archive.optionalInstant(&value.journeyStart)
            try archive.list(
                &value.instants, makeValue: { Timestamp(millisecondsSince1970: 0) }
            ) { archive, value throws(FareStateError) in try archive.instant(&value) }
        }
        try list(&value.uses, makeValue: { .init() }) {
            archive, value throws(FareStateError) in
            try archive.id(&value.product)
            try archive.word(&value.start)
            try archive.number(&value.rides)
        }
        try number(&value.riders)
    }

    private mutating func openLeg(
        _ value: inout StoredFareState.OpenLeg
    ) throws(FareStateError) {
        try optionalID(&value.group)
        try instant(&value.departedAt)
        try optionalInstant(&value.arrivedAt)
        try optionalWord(&value.replaceableFare)
        try optional(&value.run, makeValue: { .init() }) {
            archive, value throws(FareStateError) in
            try archive.optionalID(&value.family.from)
            try archive.optionalID(&value.family.to)
            try archive.number(&value.count)
            try archive.instant(&value.firstDepartedAt)
            try archive.instant(&value.earliestArrival)
            try archive.optionalInstant(&value.latestArrival)
        }
    }

    private mutating func journey(
        _ value: inout StoredFareState.Journey
    ) throws(FareStateError) {
        try flag(&value.hasRule)
        try optionalID(&value.legSet)
        try instant(&value.startedAt)
        try optionalID(&value.startStop)
        try number(&value.legs)
        try instant(&value.lastLeftAt)
        try optionalID(&value.lastRoute)
        try list(&value.distances, makeValue: { .init() }) {
            archive, value throws(FareStateError) in
            try archive.id(&value.product)
            try archive.number(&value.metres)
            try archive.word(&value.price)
        }
        try list(&value.sums, makeValue: { .init() }) {
            archive, value throws(FareStateError) in
            try archive.optionalID(&value.legSet)
            try archive.optionalID(&value.category)
            try archive.flag(&value.isJourney)
            try archive.word(&value.due)
            try archive.word(&value.charged)
        }
    }

    private mutating func chain(_ value: inout StoredFareState.Chain) throws(FareStateError) {
        try instant(&value.firstDepartedAt)
        try instant(&value.earliestArrival)
        try optionalInstant(&value.latestArrival)
        try number(&value.count)
        try word(&value.dearest)
        try word(&value.previous)
        try word(&value.paid)
        try ids(&value.sets)
        try optionalID(&value.route)
        try flag(&value.isClosed)
    }

    private mutating func account(
        _ value: inout StoredFareState.Account
    ) throws(FareStateError) {
        try id(&value.cap)
        try word(&value.opening)
        try word(&value.due)
        try word(&value.paid)
        try list(&value.entries, makeValue: { .init() }) {
            archive, value throws(FareStateError) in
            try archive.instant(&value.at)
            try archive.word(&value.due)
            try archive.word(&value.paid)
        }
    }

    fileprivate mutating func leg(_ value: inout StoredFareState.Leg) throws(FareStateError) {
        try optionalID(&value.route)
        try optionalID(&value.network)
        try optionalID(&value.agency)
        try optionalID(&value.fromStop)
        try optionalID(&value.toStop)
        try instant(&value.departedAt)
        try optionalInstant(&value.arrivedAt)
        try optionalNumber(&value.metres)
    }

    fileprivate mutating func joinable(
        _ value: inout StoredFareState.Joinable
    ) throws(FareStateError) {
        try ids(&value.categories)
        try optional(&value.media, makeValue: { [] }) {
            archive, value throws(FareStateError) in try archive.ids(&value)
        }
        try list(&value.held, makeValue: { .init() }) {
            archive, value throws(FareStateError) in
            try archive.id(&value.product)
            try archive.optionalInstant(&value.validFrom)
            try archive.optionalInstant(&value.validUntil)
            try archive.optionalNumber(&value.ridesLeft)
        }
        try number(&value.riders)
        try leg(&value.whole)
        try optional(&value.last, makeValue: { .init() }) {
            archive, value throws(FareStateError) in try archive.leg(&value)
        }
        try list(&value.networks, makeValue: { nil }) {
            archive, value throws(FareStateError) in try archive.optionalID(&value)
        }
        try standing(&value.base)
        try word(&value.charged)
    }
}
