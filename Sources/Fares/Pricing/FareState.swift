internal import Timetable
internal import TransitModel

/// What the next leg's price depends on: the leg before it, the transfers that led there, and what
/// counts towards caps, discounts and passes.
///
/// A small value; pricing can stop anywhere and go on from it with the same result.
package struct FareState: Hashable, Sendable {
    /// Times between which an alighting must have been; equal when it is known.
    struct ArrivalBounds: Hashable, Sendable {
        let earliest: Timestamp
        let latest: Timestamp?
    }

    /// Transfers in a row under one family of rules.
    struct Run: Hashable, Sendable {
        let family: Int32
        let count: Int
        let firstDepartedAt: Timestamp
        let firstArrival: ArrivalBounds
    }

    struct OpenLeg: Hashable, Sendable {
        let group: Int32
        let departedAt: Timestamp
        let arrivedAt: Timestamp?
        /// The leg's own fare while no transfer has touched it, in minor units; a transfer that
        /// replaces it gives it back. `nil` once the leg is part of a transfer.
        let replaceableFare: Int64?
        let run: Run?
    }

    /// All that the next leg's price depends on, but for what may still be joined.
    struct Standing: Hashable, Sendable {
        var open: OpenLeg?
        var travel = Rare<Travel>.none
        /// By cap.
        var accounts: [CapAccount] = []
        /// By discount.
        var rideCounts: [RideCount] = []
        /// By product.
        var passUses: [PassUse] = []
        /// How many people rode the last leg on the medium.
        var riders = 1
    }

    /// What only tariffs with journeys, terms of transfers or tickets look at.
    struct Travel: Hashable, Sendable {
        var journey: OpenJourney?
        var chain: TransferChain?
        var ticket: TicketRun?
    }

    /// The leg that the next one may be joined with, where the tariff has join rules.
    struct Joinable: Hashable, Sendable {
        let leg: EffectiveLeg
        /// How things stood when it began.
        let base: Standing
        /// In minor units.
        let charged: Int64
    }

    var standing = Standing()
    private var joining = Rare<Joinable>.none

    var joinable: Joinable? {
        get { joining.value }
        set { joining = Rare(newValue) }
    }

    /// Before the first leg.
    package init() {}

    init(_ standing: Standing) {
        self.standing = standing
    }
}

/// A large value that is seldom there, kept apart so that what holds it stays small.
indirect enum Rare<Value: Hashable & Sendable>: Hashable, Sendable {
    case none
    case present(Value)

    init(_ value: Value?) {
        self = value.map { .present($0) } ?? .none
    }

    var value: Value? {
        switch self {
        case .none: nil
        case .present(let value): value
        }
    }
}

extension FareState {
    /// What is left when a journey is over: sums towards caps, counted rides, tickets and passes.
    package var betweenJourneys: FareState {
        var standing = self.standing
        standing.open = nil
        standing.riders = 1
        standing.set(Travel(ticket: self.standing.ticket))
        return FareState(standing)
    }
}

extension FareState.Standing {
    var journey: OpenJourney? { travel.value?.journey }
    var chain: TransferChain? { travel.value?.chain }
    var ticket: TicketRun? { travel.value?.ticket }

    mutating func set(_ travel: FareState.Travel) {
        let isEmpty = travel.journey == nil && travel.chain == nil && travel.ticket == nil
        self.travel = isEmpty ? .none : .present(travel)
    }
}

extension FareState {
    /// The run that a transfer to a leg would belong to: the one that the open leg is in, when the
    /// same family goes on, or else a new one that begins with the open leg.
    ///
    /// "When a transfer rule […] is matched multiple times consecutively […], the duration_limit
    /// […] should be measured starting from the first matched leg" (GTFS reference).
    static func run(from open: OpenLeg, family: Int32, nextDeparture: Timestamp) -> Run {
        if let run = open.run, run.family == family {
            return Run(
                family: family, count: run.count + 1, firstDepartedAt: run.firstDepartedAt,
                firstArrival: run.firstArrival)
        }
        return Run(
            family: family, count: 1, firstDepartedAt: open.departedAt,
            firstArrival: ArrivalBounds(
                earliest: open.arrivedAt ?? open.departedAt,
                latest: open.arrivedAt ?? nextDeparture))
    }
}

/// Whether a transfer came in time.
enum TransferTiming {
    case within(elapsed: Duration?)
    case expired(elapsed: Duration)
    /// It depends on an alighting that is not known.
    case undecided
}

/// When a leg began and, where that is known, ended.
struct LegTimes {
    let departedAt: Timestamp
    let arrivedAt: Timestamp?

    init(_ leg: FareLeg) {
        departedAt = leg.departedAt
        arrivedAt = leg.arrivedAt
    }
}

/// A limit on the time that changes may take, which includes its last instant.
struct TransferTimeLimit {
    let limit: Duration?
    let type: DurationLimitType

    /// Where an alighting is not known, its bounds decide if they can: a rider who boarded the
    /// first vehicle less than the limit ago has also left it less than the limit ago.
    func timing(
        of leg: LegTimes, firstDepartedAt: Timestamp, firstArrival: FareState.ArrivalBounds
    ) -> TransferTiming {
        guard let limit else { return .within(elapsed: nil) }
        let endsAtArrival = type == .departureToArrival || type == .arrivalToArrival
        let startsAtArrival = type == .arrivalToDeparture || type == .arrivalToArrival
        let latestEnd = endsAtArrival ? leg.arrivedAt : leg.departedAt
        let earliestEnd = latestEnd ?? leg.departedAt
        let earliestStart = startsAtArrival ? firstArrival.earliest : firstDepartedAt
        let latestStart =
            startsAtArrival ? firstArrival.latest ?? firstArrival.earliest : firstDepartedAt
        if let latestEnd, latestEnd.elapsed(since: earliestStart) <= limit {
            return .within(elapsed: latestEnd.elapsed(since: earliestStart))
        }
        if earliestEnd.elapsed(since: latestStart) > limit {
            return .expired(elapsed: earliestEnd.elapsed(since: latestStart))
        }
        return .undecided
    }
}

extension CompiledTransferRule {
    func timing(of leg: LegTimes, in run: FareState.Run) -> TransferTiming {
        TransferTimeLimit(limit: source.durationLimit, type: source.durationLimitType).timing(
            of: leg, firstDepartedAt: run.firstDepartedAt, firstArrival: run.firstArrival)
    }
}
