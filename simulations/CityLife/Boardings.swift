import City
import Synchronization
import Timetable
import TransitModel
import ValidatorApp

/// Who gets on where.
package protocol Boardings: Sendable {
    /// Gets ready for the days of a service; until then nobody boards.
    func prepare(for dates: [ServiceDate]) async
    /// The cards that are held to a vehicle's readers at a stop, in order.
    func cards(at visit: FleetMotion.Visit, on date: ServiceDate) -> [TicketCounter.Card]
}

/// The people of a city, who live by their habits: home, work, errands, transfers.
///
/// Everybody taps with an e-ticket card, also whom the city gives a bank card or a QR ticket:
/// validators read the scheme's own cards so far.
package final class Citizens: Boardings {
    private let schedule: Schedule
    private let riders: [Rider]
    /// Those that the feed's tariff knows, without the one that needs no proof.
    private let categories: Set<RiderCategoryID>
    private let seed: UInt64
    private let days = Mutex<[ServiceDate: RiderDay]>([:])

    /// - Parameter riders: Empty for a feed that is not a generated city's; people are invented.
    package init(
        schedule: Schedule, riders: [Rider], categories: Set<RiderCategoryID>, seed: UInt64
    ) {
        self.schedule = schedule
        self.riders = riders.isEmpty ? Population.make(for: schedule, seed: seed) : riders
        self.categories = categories
        self.seed = seed
    }

    /// Working out how thousands of people spend a day takes a moment.
    package func prepare(for dates: [ServiceDate]) async {
        for date in dates where days.withLock({ $0[date] == nil }) {
            let day = try? await withoutBlockingTasks { [schedule, riders, seed] in
                RiderDay(schedule: schedule, riders: riders, date: date, seed: seed)
            }
            days.withLock { $0[date] = day }
        }
        days.withLock { days in days = days.filter { dates.contains($0.key) } }
    }

    package func cards(
        at visit: FleetMotion.Visit, on date: ServiceDate
    ) -> [TicketCounter.Card] {
        guard let day = days.withLock({ $0[date] }) else { return [] }
        return day.boardings(trip: visit.trip, call: visit.call).map { boarding in
            let rider = riders[boarding.rider]
            return TicketCounter.Card(
                number: UInt32(boarding.rider + 1),
                category: categories.contains(rider.category) ? rider.category : nil,
                condition: TicketCounter.Card.Condition(rider.medium.condition))
        }
    }
}

extension TicketCounter.Card.Condition {
    /// Whether a card is blocked stands on the deny list, not on the card.
    fileprivate init(_ condition: Rider.Medium.Condition) {
        switch condition {
        case .sound, .blocked: self = .sound
        case .expired: self = .expired
        case .foreign: self = .foreign
        }
    }
}
