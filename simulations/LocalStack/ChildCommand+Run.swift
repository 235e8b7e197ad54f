/// A program that ended other than hoped.
package struct CommandFailure: Error, CustomStringConvertible {
    package let program: String
    package let status: ExitStatus
    package let lastLines: [String]

    package var description: String {
        (["\(program) ended with \(status)"] + lastLines.map { "  | \($0)" })
            .joined(separator: "\n")
    }
}

extension ChildCommand {
    /// Runs the command to its end.
    ///
    /// - Returns: The lines of its standard output, when the command keeps them.
    /// - Throws: ``SystemFailure`` when it could not start, ``CommandFailure`` for any exit status
    ///   but zero.
    @discardableResult
    package func run() async throws -> [String] {
        let leash = try Leash(self)
        let status = await withTaskCancellationHandler {
            await leash.ended()
        } onCancel: {
            leash.signal(15)
        }
        try await eventually("the output of \(program)") {
            leash.output.isFinished && leash.diagnostics.isFinished
        }
        guard status.isSuccess else {
            let lines = leash.diagnostics.lines.isEmpty ? leash.output : leash.diagnostics
            throw CommandFailure(
                program: program, status: status, lastLines: lines.lines.suffix(20))
        }
        return leash.output.lines
    }
}
