import City
import Timetable
import TransitModel

/// Who gets on where; made up by whoever knows the city's people.
package protocol Boardings: Sendable {
    /// The cards that are held to a vehicle's readers at a stop, in order.
    func cards(
        at visit: FleetMotion.Visit, on date: ServiceDate, of schedule: Schedule
    ) -> [TicketCounter.Card]
}

/// People of a city of which nothing is known but its timetable: more of them at the peaks, the
/// same ones again and again, now and then somebody with a card that is no ticket.
package struct Passers: Boardings {
    package static let count: UInt32 = 6_000
    private let seed: UInt64

    package init(seed: UInt64) {
        self.seed = seed
    }

    package func cards(
        at visit: FleetMotion.Visit, on date: ServiceDate, of schedule: Schedule
    ) -> [TicketCounter.Card] {
        guard !visit.isLastOfTrip else { return [] }
        let day = UInt64(bitPattern: Int64(date.daysSince1970))
        var random = SeededGenerator(
            seed: seed ^ day << 40 ^ UInt64(visit.trip) << 16 ^ UInt64(visit.call))
        let crowd = 1.0 + 2.5 * Traffic.peak(at: visit.arrival)
        let number = Int(Double.random(in: 0..<1, using: &random) * (crowd + 1))
        return (0..<number).map { _ in card(using: &random) }
    }

    private func card(using random: inout SeededGenerator) -> TicketCounter.Card {
        let number = UInt32.random(in: 1...Self.count, using: &random)
        let condition: TicketCounter.Card.Condition =
            switch number % 97 {
            case 0: .expired
            case 1: .foreign
            default: .sound
            }
        return TicketCounter.Card(number: number, condition: condition)
    }
}
