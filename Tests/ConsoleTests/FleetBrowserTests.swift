import Foundation
import LocalStack
import PostgresClient
import Store
import Synchronization
import Testing
import TransitModel

/// The map of the fleet in a real browser, with vehicles that move.
@Suite(
    "The map in a browser", .enabled(if: BrowserScript.isReady, "\(BrowserScript.advice)"),
    .timeLimit(.minutes(5)))
struct FleetBrowserTests {
    @Test("Vehicles move, are found, chosen, filtered and read; the line is lost and comes back")
    func dispatchersMap() async throws {
        let site = try await TestSite()
        try await site.town.charge(Browser.ride(at: site.clock.now))
        try await site.serve { address in
            try await FleetTraffic(site: site, vehicles: 240).whileMoving { traffic in
                try await Browser.run("dispatchers_map.py", address, answering: traffic.obey)
            }
        }
    }

    @Test("An empty fleet is explained")
    func empty() async throws {
        let site = try await TestSite()
        try await site.serve { address in
            try await Browser.run("empty_map.py", address)
        }
    }

    @Test("axe-core finds no serious fault on the map, in light and dark, narrow and wide")
    func accessibility() async throws {
        let site = try await TestSite()
        try await site.serve { address in
            try await FleetTraffic(site: site, vehicles: 240).whileMoving { _ in
                try await Browser.run("fleet_pictures.py", address)
            }
        }
    }

    /// A debug build on a shared machine: the promise itself is `kvytok-bench map`'s.
    @Test("A thousand vehicles keep moving")
    func thousand() async throws {
        let site = try await TestSite()
        try await site.serve { address in
            try await FleetTraffic(site: site, vehicles: 1_000).whileMoving { _ in
                try await Browser.run("fleet_map.py", address, answering: { _ in })
            }
        }
    }
}

/// Writes what gateways would, once a second.
struct FleetTraffic: Sendable {
    let site: TestSite
    let vehicles: Int
    private let isMoving = Flag()

    init(site: TestSite, vehicles: Int) {
        self.site = site
        self.vehicles = vehicles
        isMoving.raise(true)
    }

    func whileMoving(
        _ body: @escaping @Sendable (FleetTraffic) async throws -> Void
    ) async throws {
        try await write(second: 0)
        try await whileRunning {
            var second = 0
            try await repeatedly(every: .seconds(1)) {
                site.clock.advance(by: .seconds(1))
                second += 1
                if isMoving.isRaised { try await write(second: second) }
            }
        } _: {
            try await body(self)
        }
    }

    /// What a browser script asks for.
    func obey(_ line: String) {
        switch line {
        case "silence":
            isMoving.raise(false)
            // Nobody has to wait for what only the clock decides.
            site.clock.advance(by: .seconds(31))
        case "traffic": isMoving.raise(true)
        default: Issue.record("The script asks for \(line)")
        }
    }

    private func write(second: Int) async throws {
        let now = site.clock.now
        let locations = TestFleet.locations(count: vehicles, second: second, at: now)
        let batch = FleetBatch(
            history: locations, states: locations,
            health: second % 15 == 0 ? TestFleet.health(count: vehicles, at: now) : [])
        try await site.database.withTransaction { connection in
            try FleetStore.write(batch, on: connection)
        }
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isRaised: Bool { state.withLock { $0 } }
    func raise(_ value: Bool) { state.withLock { $0 = value } }
}
