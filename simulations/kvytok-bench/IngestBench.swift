import ArgumentParser
import AsyncHTTPClient
import Crypto
import DeviceProtocol
import Foundation
import LocalStack
import NIOCore
import NIOSSL
import PostgresClient
import SmallTown
import TransitModel

/// Batches through the whole gateway against a bare COPY of the same rows.
struct IngestBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Ingest over mutual TLS against COPY of the same rows into the same table.",
        discussion: """
            Both ways commit 500 rows at a time, durably, over as many connections. Ours speaks \
            TLS, checks chain and signature, archives the batch, holds the head's row lock and \
            advances it. Devices' batches are made beforehand.
            """)

    @Option(help: "How many devices send at once, and how many connections copy.")
    var devices = 4

    @Option(help: "How many batches of 500 taps each device sends.")
    var batches = 100

    func run() async throws {
        progress("starting a back office")
        let server = try PrivatePostgres(
            folder: try ScratchFolder("bench").path, durability: .durable)
        try await server.start()
        try await server.ensureDatabase("bench")
        let database = server.url(database: "bench")
        try await Town.live(database: database, roles: ["gateway"]) { town in
            try await measure(town)
        }
        await server.stop()
    }

    private func measure(_ town: Town) async throws {
        progress("making \(devices * batches * TapBatch.recordLimit) taps")
        var senders: [BatchSender] = []
        for number in 1...devices {
            senders.append(
                try await BatchSender(vehicle: "bench-\(number)", batches: batches, in: town))
        }
        let rows = Double(devices * batches * TapBatch.recordLimit)
        let database = PostgresClient(town.installation.database, connectionLimit: devices)

        progress("sending them through the gateway")
        let clock = ContinuousClock()
        let ours = try await clock.measure {
            try await inParallel(senders) { try await $0.send(to: town.gateway) }
        }
        let stored = try await database.query("select count(*) as count from tap_log")
            .first?.decode("count", as: Int.self)
        guard stored == Int(rows) else {
            throw ValidationError("the log holds \(stored ?? 0) rows, not \(Int(rows))")
        }

        progress("copying the same rows")
        let copying = try await clock.measure {
            try await inParallel(senders) { try await $0.copy(to: database) }
        }
        await database.close()
        for sender in senders { try await sender.close() }

        let ourSeconds = ours.seconds
        let copySeconds = copying.seconds
        try report(
            "ingest_to_copy",
            [
                "rows": rows, "devices": Double(devices),
                "ratio": copySeconds / ourSeconds,
                "rows_per_second": rows / ourSeconds, "copy_rows_per_second": rows / copySeconds,
            ])
    }

    private func inParallel(
        _ senders: [BatchSender], _ body: @escaping @Sendable (BatchSender) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in senders { group.addTask { try await body(sender) } }
            try await group.waitForAll()
        }
    }
}

extension Duration {
    fileprivate var seconds: Double { self / .seconds(1) }
}
