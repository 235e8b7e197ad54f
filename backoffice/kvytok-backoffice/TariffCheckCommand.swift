import ArgumentParser
import Fares
import Feeds
import Foundation

struct TariffCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find what a tariff's authors cannot have meant.",
        discussion: """
            Says, by file, line and field, what contradicts itself, which rides have no price, \
            where changes cost nothing for ever, which amounts are absurd, and which concession \
            is dearer than the full fare. Exit status 1 means that the tariff must not take \
            effect like this; warnings alone end with 0.
            """)

    @Option(help: "A GTFS feed: a folder or a zip file.")
    var gtfs: String

    @Option(help: "A folder with a tariff, whose tables stand for the feed's fare tables.")
    var tariff: String?

    @Flag(help: "One JSON object a finding.")
    var json = false

    private struct Line: Encodable {
        let severity: String
        let code: String
        let file: String
        let line: Int?
        let field: String?
        let message: String

        init(_ finding: TariffFinding) {
            severity = finding.severity.rawValue
            code = finding.code.rawValue
            file = finding.file
            line = finding.line
            field = finding.field
            message = finding.message
        }
    }

    func run() throws {
        let inspection: TariffInspection
        do {
            var files = try FeedFiles(path: gtfs)
            if let tariff { files = try files.under(tariffAt: tariff) }
            inspection = try TariffInspection(files)
        } catch {
            throw Complaint.refused(error, in: tariff ?? gtfs)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for finding in inspection.findings {
            print(
                json
                    ? String(decoding: try encoder.encode(Line(finding)), as: UTF8.self)
                    : "\(finding.severity.rawValue): \(finding)")
        }
        if !inspection.knowsRides {
            Complaint.say(
                "the feed has no trips: gaps between rides and prices were not looked for")
        }
        if let tariff = inspection.tariff { Complaint.say("tariff \(tariff)") }
        Complaint.say(
            "errors: \(inspection.errors), warnings: \(inspection.warnings)")
        if inspection.errors > 0 { throw ExitCode(1) }
    }
}
