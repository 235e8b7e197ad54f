import ArgumentParser
import Foundation
import TapJournal

struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Look into the journal of taps.",
        subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Follow every chain of the journal and say what does not hold.",
            discussion: """
                Reads only, also beside a running validator. Prints one line of JSON with counts \
                and findings; each finding names epoch, sequence and what is wrong.

                Exit status: 0 when all chains hold, 1 when one does not.
                """)

        @Option(help: "The device's state folder.")
        var state: String

        private struct Answer: Encodable {
            let isSound: Bool
            let epochs: Int
            let records: Int
            let accepted: Int
            let unsent: Int
            let findings: [String]

            enum CodingKeys: String, CodingKey {
                case isSound = "is_sound"
                case epochs, records, accepted, unsent, findings
            }
        }

        func run() async throws {
            let folder = URL(fileURLWithPath: state, isDirectory: true)
            let report: JournalInspection.Report
            do {
                report = try JournalInspection(folder: folder).verify()
            } catch let failure as JournalFailure {
                throw Refusal("\(state): the journal cannot be opened: \(failure.code)")
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let answer = Answer(
                isSound: report.isSound, epochs: report.epochCount, records: report.recordCount,
                accepted: report.acceptedCount, unsent: report.unsentCount,
                findings: report.findings.map(\.description))
            printLine(String(decoding: try encoder.encode(answer), as: UTF8.self))
            if !report.isSound { throw ExitCode(1) }
        }
    }
}
