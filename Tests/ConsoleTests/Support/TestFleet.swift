import DeviceProtocol
import Fleet
import Store
import TransitModel

/// A made-up city of a few round lines, and vehicles on them.
enum TestFleet {
    static let centre = GeoPoint(latitude: 49.588, longitude: 34.551)

    static let routes: [VehicleService.Route] = [
        route("1", 0, "c22b14"), route("2", 0, "1d4f91"), route("4", 11, "2e7d32"),
        route("6", 11, "8c2f8f"), route("10", 3, "b06500"), route("17", 3, "0a7358"),
        route("21", 3, "5b6873"), route("32А", 3, "d81b60"),
    ]

    static let timetable: any FleetTimetable = RoundTimetable()

    /// Where a vehicle of a route is after a part of its round: rings and spokes around the
    /// centre, so that it looks like a city.
    static func point(_ route: Int, part: Double) -> GeoPoint {
        let turn = (part - part.rounded(.down)) * 360
        let reach = 1_300.0 + Double(route % 4) * 900
        if route < 4 {
            let wobble = 1 + 0.12 * Trigonometry.sine(degrees: turn * 3 - 90)
            return centre.moved(
                eastMetres: 1.45 * reach * wobble * cosine(turn),
                northMetres: reach * wobble * sine(turn))
        }
        let way = (turn < 180 ? turn : 360 - turn) / 90 - 1
        let angle = Double(route) * 43
        let bend = 420 * sine((way + 1) * 90) * (route % 2 == 0 ? 1 : -1)
        return centre.moved(
            eastMetres: way * 4_600 * cosine(angle) - bend * sine(angle),
            northMetres: way * 3_400 * sine(angle) + bend * cosine(angle))
    }

    /// - Parameters:
    ///   - second: Which second of the city's life.
    static func locations(
        count: Int, second: Int, at now: Timestamp
    ) -> [ReceivedLocation] {
        (0..<count).map { number in
            let route = number % routes.count
            let lap = 1_500.0 + Double(number % 7) * 90
            let start = Double(number) * 0.618
            let here = point(route, part: start + Double(second) / lap)
            let there = point(route, part: start + Double(second + 1) / lap)
            let isQuiet = number % 40 == 13
            let recordedAt = now.advanced(by: .seconds(isQuiet ? -480 : 0))
            var location = VehicleLocation(
                recordedAt: recordedAt, point: isQuiet ? point(route, part: start) : here,
                bearing: here.bearing(to: there),
                speedMetresPerSecond: here.distanceMetres(to: there),
                trip: TripID("\(route)-\(number)"), route: routes[route].id)
            if number % 25 == 9 { (location.trip, location.route) = (nil, nil) }
            return ReceivedLocation(
                vehicle: VehicleID("\(1_001 + number)"), device: DeviceID("v-\(1_001 + number)"),
                location: location, receivedAt: recordedAt)
        }
    }

    static func health(count: Int, at now: Timestamp) -> [ReceivedHealth] {
        (0..<count).map { number in
            ReceivedHealth(
                device: DeviceID("v-\(1_001 + number)"), vehicle: VehicleID("\(1_001 + number)"),
                health: DeviceHealth(
                    waitingTaps: number % 23 == 4 ? 31 : 0,
                    oldestWaiting: number % 23 == 4 ? .seconds(1_500) : nil, readers: 1,
                    soundReaders: number % 61 == 7 ? 0 : 1,
                    documents: DocumentVersions(
                        denyListBase: 12, denyListOverlay: 3, configuration: 4),
                    softwareVersion: "1.0"), reportedAt: now)
        }
    }

    private static func route(
        _ name: String, _ type: Int, _ colour: String
    ) -> VehicleService.Route {
        VehicleService.Route(
            id: RouteID(name), name: name, type: type, colour: colour, textColour: "ffffff")
    }

    private static func cosine(_ degrees: Double) -> Double {
        let turned = degrees - 360 * (degrees / 360).rounded()
        return Trigonometry.cosine(degrees: turned)
    }

    private static func sine(_ degrees: Double) -> Double { cosine(degrees - 90) }
}

/// Knows the routes, and gives each trip a delay of its own.
private struct RoundTimetable: FleetTimetable {
    let version = "test-city"

    var streets: Streets {
        let lines = TestFleet.routes.indices.map { route in
            Streets.Line(
                route: TestFleet.routes[route],
                points: (0...180).map { TestFleet.point(route, part: Double($0) / 180) })
        }
        let stops = TestFleet.routes.indices.flatMap { route in
            stride(from: 0.0, to: route < 4 ? 1 : 0.5, by: route < 4 ? 0.05 : 0.04).map { part in
                Streets.Stop(
                    point: TestFleet.point(route, part: part),
                    name: LocalText(
                        "Зупинка \(Int(part * 100))",
                        translated: ["en": "Stop \(Int(part * 100))"]))
            }
        }
        return Streets(version: version, lines: lines, stops: stops)
    }

    func service(of location: VehicleLocation, previousMetres: Double?) -> VehicleService {
        let parts = location.trip?.rawValue.split(separator: "-").compactMap { Int($0) } ?? []
        guard parts.count == 2 else { return .unknown }
        let delays = [20, 45, -20, 95, 200, 10, 60, -130, 30, 0, 330, 75, 700, 40, -10, 150]
        let headsigns = [
            ("Вокзал", "Railway station"), ("Річковий порт", "River port"),
            ("Університет", "University"), ("Ботанічний сад", "Botanical garden"),
        ]
        let (own, english) = headsigns[parts[1] % headsigns.count]
        return VehicleService(
            route: TestFleet.routes[parts[0]],
            headsign: LocalText(own, translated: ["en": english]),
            nextStop: LocalText("Площа Ринок", translated: ["en": "Market Square"]),
            progress: parts[1] % 83 == 12
                ? .offRoute : .onRoute(delay: .seconds(delays[parts[1] % delays.count])))
    }
}
