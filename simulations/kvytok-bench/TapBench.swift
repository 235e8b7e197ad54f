import ArgumentParser
import Foundation
import LocalStack
import PostgresClient
import SmallTown
import Synchronization
import TransitModel
import VirtualCards

/// A tap from field to green over real pcscd: how much of it is ours, and when it is a charge.
struct TapBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "Our share of a tap over real pcscd: all time minus card time.",
        discussion: """
            Time runs from the reader's report that a medium is in the field. Card time is what \
            was spent inside PC/SC calls to the card; all the rest is ours: cryptography, verdict, \
            durable journal, display.
            """)

    @Option(help: "How many taps, by as many cards.")
    var taps = 200

    @Option(help: "How many further taps are awaited on the accountant's page.")
    var watched = 30

    func run() async throws {
        progress("starting a back office and a validator")
        try await Town.live { town in
            try await town.withBus("bench-1", doors: 2) { bus in
                try await measure(bus, town)
                try await watch(bus, town)
            }
        }
    }

    private func measure(_ bus: Bus, _ town: Town) async throws {
        let riders = try Riders(of: town, now: .now)
        try await bus.drive(route: "tram-1", trip: "bench")
        var answers: [Bus.Answer] = []
        for number in 1...taps {
            let answer = try await bus.tap(
                try riders.card(number), at: bus.doors[number % bus.doors.count])
            guard answer.verdict == "accepted" else {
                throw ValidationError("tap \(number) was \(answer.verdict)")
            }
            answers.append(answer)
            if number.isMultiple(of: 50) { progress("\(number) of \(taps) taps") }
        }
        let shares = answers.map { Double($0.ownUs) / Double($0.shownUs) }
        func milliseconds(_ part: (Bus.Answer) -> Int64, _ rank: Int) -> Double {
            percentile(rank, of: answers.map { Double(part($0)) / 1_000 })
        }
        try report(
            "tap_own_share",
            [
                "taps": Double(taps),
                "ratio_p50": percentile(50, of: shares), "ratio_p95": percentile(95, of: shares),
                "shown_ms_p50": milliseconds(\.shownUs, 50),
                "shown_ms_p95": milliseconds(\.shownUs, 95),
                "shown_ms_p99": milliseconds(\.shownUs, 99),
                "card_ms_p50": milliseconds(\.cardUs, 50),
                "own_ms_p50": milliseconds(\.ownUs, 50),
                "own_ms_p95": milliseconds(\.ownUs, 95),
                "decide_ms_p50": milliseconds({ $0.decidedUs - $0.readUs }, 50),
                "journal_ms_p50": milliseconds({ $0.journalledUs - $0.decidedUs }, 50),
                "show_ms_p50": milliseconds({ $0.shownUs - $0.journalledUs }, 50),
            ])
        if let process = await bus.validator.run?.processIdentifier,
            let megabytes = residentMegabytes(of: process)
        {
            try report("validator_resident", ["megabytes": megabytes, "limit_megabytes": 80])
        }
        try await reportChargeLatency(town)
    }

    /// From green to the charge on Today in a browser.
    private func watch(_ bus: Bus, _ town: Town) async throws {
        guard BrowserScript.isReady else {
            progress("not measured: taps on the page, which \(BrowserScript.advice)")
            return
        }
        progress("watching \(watched) taps on the page")
        let riders = try Riders(of: town, now: .now)
        let times = PageTimes()
        let script = BrowserScript(
            "Tests/Browser/time_to_page.py", at: town.console, password: Town.demoPassword,
            arguments: ["\(watched)"])
        let firstCard = taps + 1
        try await script.run { line in
            if line == "tap" {
                let card = try riders.card(firstCard + times.count)
                _ = try await bus.tap(card, at: bus.doors[0])
                times.tapped(at: .now)
            } else if let seen = Int64(line.dropFirst("seen ".count)) {
                times.seen(at: Timestamp(millisecondsSince1970: seen))
            }
        }
        let seconds = times.seconds
        try report(
            "tap_to_page",
            [
                "taps": Double(seconds.count), "seconds_p50": percentile(50, of: seconds),
                "seconds_p95": percentile(95, of: seconds), "limit_seconds": 5,
            ])
    }

    /// From the tap to its charge in the back office, by the same clock on this machine.
    private func reportChargeLatency(_ town: Town) async throws {
        let database = PostgresClient(town.installation.database, connectionLimit: 1)
        try await eventually("every tap to be charged", within: .seconds(30)) {
            try await chargeLatencies(database).count == taps
        }
        let seconds = try await chargeLatencies(database)
        await database.close()
        try report(
            "tap_to_charge",
            [
                "seconds_p50": percentile(50, of: seconds),
                "seconds_p95": percentile(95, of: seconds), "limit_seconds": 5,
            ])
    }

    private func chargeLatencies(_ database: PostgresClient) async throws -> [Double] {
        try await database.query(
            """
            select extract(epoch from charge.charged_at - tap.tapped_at)::float8 as seconds
            from rider_tap as tap
            join charge_tap using (rider_id, device_id, epoch_id, sequence)
            join charge using (rider_id, charge_id, revision)
            where revision = 1
            """
        ).map { try $0.decode("seconds") }
    }
}

/// When taps were green and when their charges were seen.
private final class PageTimes: Sendable {
    private struct State {
        var tappedAt: [Timestamp] = []
        var seenAt: [Timestamp] = []
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.tappedAt.count } }

    func tapped(at instant: Timestamp) { state.withLock { $0.tappedAt.append(instant) } }

    func seen(at instant: Timestamp) { state.withLock { $0.seenAt.append(instant) } }

    var seconds: [Double] {
        state.withLock { state in
            zip(state.tappedAt, state.seenAt).map { $1.elapsed(since: $0) / .seconds(1) }
        }
    }
}
