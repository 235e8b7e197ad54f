import Journeys
import Testing
import Timetable
import TransitModel

private func epoch(_ seed: UInt64) -> EpochID {
    var random = SeededGenerator(seed: seed)
    return EpochID(using: &random)
}

/// A tap some seconds after a fixed instant.
private func tap(
    _ sequence: UInt64, at seconds: Int64, device: DeviceID = "V1", route: RouteID? = "bus",
    trip: TripID? = nil, riders: UInt8 = 1
) -> RiderTap {
    RiderTap(
        id: TapID(device: device, epoch: epoch(1), sequence: sequence),
        tappedAt: Timestamp(secondsSince1970: 1_772_430_000 + seconds),
        service: ServiceContext(vehicle: "tram-7", route: route, trip: trip, stop: "A"),
        mediaKind: .eTicketCard, riders: riders)
}

@Suite("Journeys from taps")
struct JourneyBuilderTests {
    private let builder = JourneyBuilder(linkingWindow: .seconds(3_600))

    private func sequences(_ taps: [RiderTap]) -> [[UInt64]] {
        builder.build(from: taps).journeys.map { $0.legs.map(\.tap.id.sequence) }
    }

    @Test("Nobody rode")
    func none() {
        let result = builder.build(from: [])
        #expect(result.journeys.isEmpty && result.setAside.isEmpty)
    }

    @Test("Each tap begins a leg where and when it was made")
    func leg() throws {
        let journey = try #require(builder.build(from: [tap(1, at: 5)]).journeys.first)
        #expect(journey.id == tap(1, at: 5).id)
        #expect(
            journey.legs.map(\.fareLeg) == [
                FareLeg(
                    boarding: tap(1, at: 5).id, route: "bus", fromStop: "A", toStop: nil,
                    departedAt: Timestamp(secondsSince1970: 1_772_430_005))
            ])
    }

    @Test("The window runs from one leg to the next and includes its last instant")
    func window() {
        let taps = [tap(1, at: 0), tap(2, at: 3_600), tap(3, at: 7_200), tap(4, at: 10_801)]
        #expect(sequences(taps) == [[1, 2, 3], [4]])
    }

    @Test("A copy of a tap counts once")
    func copies() {
        #expect(sequences([tap(1, at: 0), tap(2, at: 60), tap(1, at: 0)]) == [[1, 2]])
    }

    @Test("Taps of one instant are ordered by identifier")
    func ties() {
        let taps = [tap(2, at: 0, device: "V2"), tap(9, at: 0, device: "V1"), tap(1, at: 0)]
        #expect(sequences(taps) == [[1, 9, 2]])
    }

    @Test("Different taps under one identifier wait for a person")
    func contradiction() {
        let taps = [tap(1, at: 0), tap(2, at: 1), tap(1, at: 30), tap(1, at: 0)]
        let result = builder.build(from: taps)
        #expect(result.journeys.map(\.id) == [taps[1].id])
        #expect(result.setAside == [SetAsideTap(id: taps[0].id, reason: .contradictoryCopies)])
    }

    @Test("A tap for several riders waits for a person")
    func group() {
        let result = builder.build(from: [tap(1, at: 0), tap(2, at: 1, riders: 2)])
        #expect(result.setAside.map(\.reason) == [.groupRiders])
        #expect(result.journeys.count == 1)
    }

    @Test("A missing route is taken from the trip")
    func routeOfTrip() throws {
        func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
        let tables = try GTFSTables(files: [
            "agency.txt": bytes("agency_name,agency_timezone\nTown,Europe/Kyiv\n"),
            "stops.txt": bytes("stop_id,stop_name\nA,A\n"),
            "routes.txt": bytes("route_id,route_type\ntram,0\n"),
            "trips.txt": bytes("route_id,service_id,trip_id\ntram,all,t1\n"),
        ])
        let builder = JourneyBuilder(linkingWindow: .seconds(60), timetable: tables)
        let taps = [
            tap(1, at: 0, route: nil, trip: "t1"), tap(2, at: 100, route: "bus", trip: "t1"),
            tap(3, at: 200, route: nil, trip: "t9"),
        ]
        let routes = builder.build(from: taps).journeys.flatMap { $0.legs.map(\.fareLeg.route) }
        #expect(routes == ["tram", "bus", nil])
    }

    @Test("The order of arrival and copies change nothing", arguments: UInt64(1)...50)
    func arrival(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let taps = (1...Int.random(in: 1...40, using: &random)).map { sequence in
            tap(
                UInt64(sequence), at: .random(in: 0...20_000, using: &random),
                device: Bool.random(using: &random) ? "V1" : "V2",
                riders: Int.random(in: 0..<10, using: &random) == 0 ? 2 : 1)
        }
        let expected = builder.build(from: taps)
        let again = (taps + taps.prefix(5)).shuffled(using: &random)
        #expect(builder.build(from: again) == expected)

        let legs = expected.journeys.flatMap(\.legs)
        #expect(legs.count + expected.setAside.count == taps.count)
        for journey in expected.journeys {
            for (earlier, later) in zip(journey.legs, journey.legs.dropFirst()) {
                let gap = later.tap.tappedAt.elapsed(since: earlier.tap.tappedAt)
                #expect(gap >= .zero && gap <= .seconds(3_600))
            }
        }
        for (earlier, later) in zip(expected.journeys, expected.journeys.dropFirst()) {
            let end = earlier.legs.last?.tap.tappedAt ?? later.startedAt
            #expect(later.startedAt.elapsed(since: end) > .seconds(3_600))
        }
    }
}
