import City
import Testing
import Timetable
import TransitModel

@Suite("The city's vehicles", .timeLimit(.minutes(5)))
struct FleetTests {
    @Test(
        "Nobody drives two trips at once, or begins where he is not", arguments: TestCity.seeds)
    func chains(seed: UInt64) async throws {
        let schedule = try await TestCity.make(seed).schedule
        for date in [TestCity.weekday, TestCity.saturday] {
            for block in schedule.blocks(on: date) {
                #expect(block.isStated && !block.id.rawValue.contains("~"))
                for (before, trip) in zip(block.trips, block.trips.dropFirst()) {
                    let rest = schedule.trips[trip].startsAt - schedule.trips[before].endsAt
                    #expect(rest >= 60, "\(block.id) rests \(rest) s")
                    let here = try position(schedule.calls(of: before).last, schedule)
                    let there = try position(schedule.calls(of: trip).first, schedule)
                    #expect(
                        here.distanceMetres(to: there) < 250,
                        "\(block.id): \(schedule.trips[trip].id) begins elsewhere")
                }
            }
        }
    }

    private func position(_ call: Call?, _ schedule: Schedule) throws -> GeoPoint {
        let call = try #require(call)
        return try #require(schedule.stops[call.stop].position)
    }

    @Test(
        "Each block has one vehicle of its kind, and each vehicle one block a day",
        arguments: TestCity.seeds)
    func vehicles(seed: UInt64) async throws {
        let made = try await TestCity.make(seed)
        let (city, schedule) = (made.city, made.schedule)
        #expect(Set(city.vehicles.map(\.id)).count == city.vehicles.count)
        #expect(Set(city.vehicles.map(\.fleetNumber)).count == city.vehicles.count)
        for (date, service) in [(TestCity.weekday, "weekday"), (TestCity.saturday, "weekend")] {
            let driven = city.vehicles.compactMap { $0.blocks[service] }
            let blocks = schedule.blocks(on: date)
            #expect(driven.sorted() == blocks.map(\.id.rawValue).sorted())
            let types = Dictionary(
                uniqueKeysWithValues: blocks.map { block in
                    (block.id.rawValue, schedule.routes[schedule.trips[block.trips[0]].route].type)
                })
            for vehicle in city.vehicles {
                guard let block = vehicle.blocks[service] else { continue }
                #expect(types[block] == vehicle.routeType)
            }
        }
    }

    @Test("Mornings begin at the depot, and nights end there")
    func pullOuts() async throws {
        let schedule = try await TestCity.make(1).schedule
        let blocks = schedule.blocks(on: TestCity.weekday)
        let firstCalls = blocks.compactMap { schedule.calls(of: $0.trips[0]).first }
        let fromDepot = firstCalls.count { call in
            schedule.name(ofStop: call.stop, in: "en").contains("Depot")
        }
        #expect(fromDepot == blocks.count)
        #expect(blocks.contains { schedule.trips[$0.trips[0]].startsAt < 6 * 3_600 })
        let ends = blocks.compactMap(\.trips.last).map { schedule.trips[$0].endsAt }
        #expect((ends.max() ?? 0) > 23 * 3_600)
    }
}
