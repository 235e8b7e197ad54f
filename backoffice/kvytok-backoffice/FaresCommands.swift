import ArgumentParser
import Fares
import Feeds
import Foundation
import TransitModel

/// Fares without a database: what a tariff makes of journeys.
struct FaresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fares", abstract: "Price journeys offline.",
        subcommands: [FaresPriceCommand.self])
}

struct FaresPriceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "price",
        abstract: "Price journey histories under a feed's fare tables.",
        discussion: """
            Reads one JSON object a line and writes one JSON object a line, in the same order. \
            A journey that has no price is answered with an error object. A line that is not a \
            journey history is named on standard error, and the exit status is then 1.
            """)

    @Option(help: "A GTFS feed: a folder or a zip file.")
    var gtfs: String

    @Option(help: "A folder with a tariff, whose tables stand for the feed's fare tables.")
    var tariff: String?

    @Option(help: "A file of journey histories; - for standard input.")
    var journeys: String

    func run() throws {
        let engine = try loadEngine()
        var lines = LineReader(try openInput())
        let output = FileHandle.standardOutput
        var pending: [UInt8] = []
        var hasRefusedLines = false
        while let line = try nextLine(&lines) {
            if line.allSatisfy({ $0 == UInt8(ascii: " ") }) { continue }
            do {
                let history = try JourneyHistory(jsonLine: line)
                pending += FareQuotation.answer(history, under: engine).utf8
                pending.append(UInt8(ascii: "\n"))
            } catch let error as JourneyHistoryError {
                hasRefusedLines = true
                Complaint.say("\(journeys):\(lines.line): \(error)")
            }
            if pending.count >= 1 << 16 {
                try output.write(contentsOf: pending)
                pending.removeAll(keepingCapacity: true)
            }
        }
        try output.write(contentsOf: pending)
        if hasRefusedLines { throw ExitCode(1) }
    }

    private func loadEngine() throws -> FareEngine {
        do {
            var files = try FeedFiles(path: gtfs)
            if let tariff { files = try files.under(tariffAt: tariff) }
            return FareEngine(try LoadedFeed(files, tariff: TariffID(files.name)).tariff)
        } catch {
            throw Complaint.refused(error, in: tariff ?? gtfs)
        }
    }

    private func openInput() throws -> FileHandle {
        if journeys == "-" { return .standardInput }
        guard let handle = FileHandle(forReadingAtPath: journeys) else {
            Complaint.say("\(journeys): the file cannot be read")
            throw ExitCode(1)
        }
        return handle
    }

    private func nextLine(_ lines: inout LineReader) throws -> [UInt8]? {
        do {
            return try lines.next()
        } catch {
            Complaint.say("\(journeys): \(error)")
            throw ExitCode(1)
        }
    }
}
