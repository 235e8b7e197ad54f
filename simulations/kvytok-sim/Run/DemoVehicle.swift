import CityLife
import Foundation
import LocalStack
import Timetable
import TransitModel
import VirtualCards

/// A vehicle with a validator of its own: it does the work of one of the city's, and its riders
/// hold their cards to real readers.
struct DemoVehicle: Sendable {
    let name: String
    /// The vehicle of the city whose day it lives.
    let part: VehicleID
    let readers: [CardReaderDaemon.Reader]
    /// Tells the validator where the vehicle is.
    let serviceFile: String
    let stage: CityStage
    let narrator: Narrator

    private static let interval: Duration = .milliseconds(500)
    /// Doors close even when the queue is long.
    private static let boardingLimit = 8

    /// Writes what the driver's console says, so that the validator knows it from its start.
    func takePlace() throws {
        guard let place = stage.place(of: part, at: .now) else { return }
        try DemoService(place, of: stage.schedule)?.write(to: serviceFile)
    }

    /// Drives until the task is cancelled.
    ///
    /// - Parameter riders: Nobody boards without.
    func drive(with riders: DemoRiders?) async {
        var seen = Timestamp.now
        var written: DemoService?
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let now = Timestamp.now
                do {
                    // In the depot the console goes on showing the last trip.
                    if let place = stage.place(of: part, at: now),
                        let service = DemoService(place, of: stage.schedule), service != written
                    {
                        try service.write(to: serviceFile)
                        written = service
                    }
                } catch {
                    narrator.say("! \(name): \(error)")
                }
                if let riders {
                    for arrival in stage.arrivals(of: part, from: seen, to: now) {
                        group.addTask { await board(arrival, riders) }
                    }
                }
                seen = now
                try? await Task.sleep(for: Self.interval)
            }
            group.cancelAll()
        }
    }

    private func board(_ arrival: CityStage.Arrival, _ riders: DemoRiders) async {
        let cards = riders.boardings
            .cards(at: arrival.visit, on: arrival.date)
            .prefix(Self.boardingLimit)
        await withDiscardingTaskGroup { doors in
            for (number, reader) in readers.enumerated() {
                let queue = cards.enumerated()
                    .filter { $0.offset % readers.count == number }.map(\.element)
                guard !queue.isEmpty else { continue }
                doors.addTask {
                    do {
                        try await riders.pass(queue, through: reader)
                    } catch {
                        if !Task.isCancelled { narrator.say("! \(name): \(error)") }
                    }
                }
            }
        }
    }
}

/// Riders with cards in their hands.
struct DemoRiders: Sendable {
    let boardings: any Boardings
    let counter: TicketCounter

    /// One after the other holds a card to a reader until it has surely been read.
    func pass(
        _ cards: [TicketCounter.Card], through reader: CardReaderDaemon.Reader
    ) async throws {
        let field = VPCDClient(port: reader.port)
        defer { field.remove() }
        for card in cards {
            try await Task.sleep(for: .seconds(.random(in: 0.3...1.2)))
            // Now and then somebody is too quick.
            let isTorn = Int.random(in: 0..<100) < 3
            do {
                try field.insert(
                    try counter.makeCard(card), fault: isTorn ? .tear(afterCommands: 3) : nil)
            } catch is CardSocketError {
                // The readers are being started again, or the page's visitor is at them.
                continue
            }
            // The reader looks every 0.4 s; a person takes the card away on seeing green.
            try await Task.sleep(for: .seconds(.random(in: 0.9...1.4)))
            field.remove()
        }
    }
}

/// Where a vehicle is just now, in the file that its validator reads.
struct DemoService: Encodable, Hashable, Sendable {
    let route: String
    let routeShortName: String?
    let trip: String
    let stop: String?
    let direction: Int?

    enum CodingKeys: String, CodingKey {
        case route = "route_id"
        case routeShortName = "route_short_name"
        case trip = "trip_id"
        case stop = "stop_id"
        case direction
    }

    /// - Returns: `nil` on the way from one trip to the next.
    init?(_ place: CityStage.Place, of schedule: Schedule) {
        guard let trip = place.location.trip, let route = place.location.route else { return nil }
        self.route = route.rawValue
        routeShortName = schedule.route(route).map { schedule.routes[$0].shortName }
        self.trip = trip.rawValue
        stop = place.location.stop?.rawValue
        direction = place.direction.map { Int($0.rawValue) }
    }

    /// Replaces the file in one step, so that a reader never sees half of it.
    func write(to path: String) throws {
        try JSONEncoder().encode(self).write(to: URL(filePath: path), options: .atomic)
    }
}
