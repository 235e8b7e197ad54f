import DeviceProtocol
import Faults
import Foundation
import LocalStack
import PostgresClient
import SmallTown
import Store
import TapJournal
import Testing
import TransitModel
import VirtualCards

/// Real cards' protocol, real readers, real processes, a real database, and everything that a bad
/// day brings. What must hold afterwards is counted, not sampled.
@Suite("Three hundred taps", .serialized)
struct ThreeHundredTapsTests {
    private static let riderCount = 75
    private static let doorCount = 4
    /// Each rider boards once a round, on the bus and the line of that round.
    private static let rounds: [(vehicle: String, route: String)] = [
        ("tram-101", "tram-1"), ("bus-201", "bus-3"), ("tram-101", "trolleybus-2"),
        ("bus-201", "tram-1"),
    ]

    @Test(
        "Every accepted tap is logged and charged exactly once, through three kills of the back office, lost acknowledgements and doubled batches",
        .timeLimit(.minutes(10)))
    func exactlyOnce() async throws {
        try await Town.live { town in
            try await town.withBus("tram-101", doors: Self.doorCount, meddlerSeed: 11) { tram in
                try await town.withBus("bus-201", doors: Self.doorCount, meddlerSeed: 12) { bus in
                    try await rideAndJudge(town, ["tram-101": tram, "bus-201": bus])
                }
            }
        }
    }

    private func rideAndJudge(_ town: Town, _ buses: [String: Bus]) async throws {
        let riders = try Riders(of: town, now: .now)
        let cards = try (1...Self.riderCount).map { try riders.card($0) }

        // The journeys, each round on other trips. In three rounds the back office loses power
        // while riders board.
        for (number, round) in Self.rounds.enumerated() {
            let bus = try #require(buses[round.vehicle])
            try await bus.drive(route: round.route, trip: "trip-\(number)")
            try await board(cards.prefix(30), bus, expecting: "accepted")
            async let powerCut: Void = number < 3 ? town.cutOfficePower() : ()
            try await board(cards.dropFirst(30), bus, expecting: "accepted")
            try await powerCut
        }

        // Planted: a line that the tariff does not know, and cards that ran out yesterday.
        let planted = cards.prefix(9)
        let tram = try #require(buses["tram-101"])
        try await tram.drive(route: "ghost-99", trip: "trip-ghost")
        try await board(planted, tram, expecting: "accepted")
        let expired = try (0..<6).map { try riders.card(500 + $0, hasExpired: true) }
        try await tram.drive(route: "tram-1", trip: "trip-late")
        try await board(expired, tram, expecting: "expired")

        let accepted = Self.rounds.count * cards.count + planted.count
        #expect(accepted == 309)
        try await judge(
            town, buses, accepted: accepted, refused: expired.count, planted: planted.count)
    }

    /// All cards board through all doors at once, each door one after the other.
    private func board(
        _ cards: some Collection<VirtualCard>, _ bus: Bus, expecting verdict: String
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, door) in bus.doors.enumerated() {
                let queue = cards.enumerated()
                    .filter { $0.offset % bus.doors.count == index }.map(\.element)
                group.addTask {
                    for card in queue {
                        let answer = try await bus.tap(card, at: door)
                        #expect(answer.verdict == verdict)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func judge(
        _ town: Town, _ buses: [String: Bus], accepted: Int, refused: Int, planted: Int
    ) async throws {
        let database = PostgresClient(town.installation.database)
        let evidence = Evidence(database: database)
        try await eventually("all taps to arrive", within: .seconds(90), every: .milliseconds(200))
        {
            try await evidence.count("select count(*) as count from tap_log")
                >= accepted + refused
        }
        try await eventually("all to be rated", within: .seconds(90), every: .milliseconds(200)) {
            try await evidence.isQuiet()
        }

        // Journals, log and riders agree, tap by tap.
        let logged = try await evidence.loggedTaps()
        let places = Set(logged.map(\.id))
        #expect(places.count == logged.count, "a tap stands in the log twice")
        #expect(logged.filter(\.tap.verdict.isAccepted).count == accepted)
        #expect(logged.filter { !$0.tap.verdict.isAccepted }.count == refused)
        var journalled: Set<TapID> = []
        for vehicle in buses.keys {
            let folder = town.installation.folders.validator(vehicle)
            let journal = try JournalInspection(folder: URL(filePath: folder))
            #expect(journal.verify().findings.isEmpty)
            for record in try journal.listRecords() {
                journalled.insert(try TapRecord(serialized: record).id)
            }
        }
        #expect(journalled == places)
        #expect(try await evidence.ratedTapCount() == accepted)

        // Unpriced are exactly the planted ones, and everybody paid one fare for the hour.
        #expect(try await evidence.unpricedTaps() == ["ghost-99": planted])
        #expect(try await evidence.unchargedTapCount() == 0)
        #expect(try await evidence.totals() == [1_500: Self.riderCount])

        let books = try await LedgerStore(database).books()
        #expect(books.agree, "\(books)")
        #expect(
            try await evidence.count("select count(*) as count from quarantined_batch") == 0)

        // The bad network really was one.
        for bus in buses.values {
            let tally = try #require(bus.tally)
            #expect(tally.count(of: .acknowledgementDropped) > 0)
            #expect(tally.count(of: .sentTwice) > 0)
        }
        await database.close()
    }
}
