import ArgumentParser
import Foundation
import ValidatorApp

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how the validator is doing.",
        discussion: """
            Prints one line of JSON: readers, documents, taps by verdict, times to the display \
            and the newest alarms, as the running program wrote them about a second ago. \
            `running` says whether a program holds the state folder now.

            Exit status: 0 when a status was printed, 1 when there is none.
            """)

    @Option(help: "The device's state folder.")
    var state: String

    func run() async throws {
        let folder = StateFolder(state)
        guard let json = FileManager.default.contents(atPath: folder.status) else {
            throw Refusal("\(folder.status): there is no status; the validator never ran here")
        }
        let status: ValidatorStatus
        do {
            status = try ValidatorStatus(json: Array(json))
        } catch {
            throw Refusal("\(folder.status): not a status that this version understands")
        }
        let line = String(decoding: try status.json(), as: UTF8.self)
        // The status ends with a brace: whether it runs is known here alone.
        printLine(line.dropLast() + #","running":\#(folder.isInUse)}"#)
    }
}

/// Input that cannot be worked with; its message names the file and what is wrong.
struct Refusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
