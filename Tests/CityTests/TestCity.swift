import City
import Timetable
import TransitModel

/// Cities that several tests look at, each made once.
enum TestCity {
    static let seeds: [UInt64] = [1, 2, 3, 7, 20_261_122]

    struct Made: Sendable {
        let city: DemoCity
        let schedule: Schedule
    }

    /// A Thursday and a Saturday within the timetable's validity.
    static let weekday = ServiceDate(daysSince1970: 20_776)
    static let saturday = ServiceDate(daysSince1970: 20_778)

    private static let made = Cache()

    static func make(_ seed: UInt64) async throws -> Made { try await made.city(seed) }

    private actor Cache {
        private var cities: [UInt64: Made] = [:]

        func city(_ seed: UInt64) throws -> Made {
            if let city = cities[seed] { return city }
            let city = DemoCity.make(seed: seed)
            let made = Made(city: city, schedule: try Schedule(files: city.feed))
            cities[seed] = made
            return made
        }
    }
}
