import Feeds
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Timetable
import TransitModel

@testable import OpenData

/// A short tram line, vehicles on it and a clock, all in memory.
struct OpenDataTown: Sendable {
    /// 2026-03-02T08:05:00+02:00, a Monday: the tram stands at its second stop.
    static let now = Timestamp(secondsSince1970: 1_772_431_500)
    static let kyiv = ZoneOffsets(name: "Europe/Kyiv", initialOffsetSeconds: 7_200)

    static let files: [String: String] = [
        "agency.txt": "agency_name,agency_url,agency_timezone\nT,https://t.ua,Europe/Kyiv\n",
        "feed_info.txt":
            "feed_publisher_name,feed_publisher_url,feed_lang,feed_version\nT,https://t.ua,uk,v7\n",
        "routes.txt": "route_id,route_short_name,route_type\nr,7,0\nn,8,0\n",
        "stops.txt": """
        stop_id,stop_name,stop_lat,stop_lon
        A,A,50.4000,30.5000
        B,B,50.4100,30.5000
        C,C,50.4200,30.5000
        """,
        "trips.txt": "trip_id,route_id,service_id,direction_id,shape_id\nt1,r,d,1,s\nf1,n,d,,s\n",
        "stop_times.txt": """
        trip_id,stop_sequence,stop_id,arrival_time,departure_time
        t1,1,A,08:00:00,08:00:00
        t1,5,B,08:05:00,08:05:30
        t1,9,C,08:10:00,08:10:00
        f1,1,A,00:00:00,00:00:00
        f1,2,C,00:10:00,00:10:00
        """,
        "frequencies.txt":
            "trip_id,start_time,end_time,headway_secs,exact_times\nf1,08:00:00,09:00:00,600,0\n",
        "shapes.txt": """
        shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon
        s,1,50.4000,30.5000
        s,2,50.4200,30.5000
        """,
        "calendar_dates.txt": "service_id,date,exception_type\nd,20260302,1\n",
    ]

    static func schedule(
        _ changes: [String: String] = [:], sha256: UInt8 = 1
    ) throws -> LoadedSchedule {
        let files = files.merging(changes) { $1 }
        return LoadedSchedule(
            feed: "town", sha256: Array(repeating: sha256, count: 32),
            effectiveFrom: now.advanced(by: .seconds(-86_400)),
            importedAt: now.advanced(by: .seconds(-90_000)),
            schedule: try Schedule(files: files.mapValues { Array($0.utf8) }), zone: kyiv)
    }

    let vehicles: ParkedVehicles
    let time = HeldTime(now)
    let snapshot: ScheduleSnapshot?

    init(_ vehicles: [OpenVehicle] = [], snapshot: ScheduleSnapshot?) {
        self.vehicles = ParkedVehicles(vehicles)
        self.snapshot = snapshot
    }

    /// A vehicle some metres along the line.
    static func vehicle(
        _ id: VehicleID, atMetres metres: Double, trip: TripID? = "t1", route: RouteID? = nil,
        eastMetres: Double = 0, secondsAgo: Int = 2
    ) -> OpenVehicle {
        let start = GeoPoint(latitude: 50.4, longitude: 30.5)
        return OpenVehicle(
            id: id,
            location: VehicleLocation(
                recordedAt: now.advanced(by: .seconds(-secondsAgo)),
                point: start.moved(eastMetres: eastMetres, northMetres: metres), bearing: 0,
                speedMetresPerSecond: 7.5, trip: trip, route: route))
    }

    func message() async throws -> TransitRealtime_FeedMessage {
        VehiclePositions(snapshot: snapshot, timetableClock: .real)
            .message(try await vehicles.listVehicles(), at: time.now)
    }

    func withClient<Value>(
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        let router = Router()
        OpenDataRoutes(
            vehicles: vehicles, archive: OneArchive(), snapshot: { snapshot },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: { [time] in time.now }
        ).add(to: router)
        return try await Application(router: router).test(.router, body)
    }
}

/// Vehicles that stand where a test puts them.
actor ParkedVehicles: VehicleSource {
    private var vehicles: [OpenVehicle]
    private(set) var looks = 0
    private var isAway = false

    struct Away: Error {}

    init(_ vehicles: [OpenVehicle]) {
        self.vehicles = vehicles
    }

    func put(_ vehicles: [OpenVehicle]) { self.vehicles = vehicles }
    func goAway() { isAway = true }

    func listVehicles() throws -> [OpenVehicle] {
        looks += 1
        if isAway { throw Away() }
        return vehicles
    }
}

/// A clock that a test moves.
final class HeldTime: Sendable {
    private let instant: Mutex<Timestamp>

    init(_ instant: Timestamp) {
        self.instant = Mutex(instant)
    }

    var now: Timestamp { instant.withLock { $0 } }
    func move(by span: Duration) { instant.withLock { $0 = $0.advanced(by: span) } }
}

struct OneArchive: FeedArchive {
    static let bytes: [UInt8] = [0x50, 0x4B, 5, 6, 0]
    func fetchArchive(of feed: TariffID, sha256: [UInt8]) -> [UInt8] { Self.bytes }
}
