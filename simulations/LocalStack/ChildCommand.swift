/// What to start, with which surroundings; a value, so that a restart is the same start again.
package struct ChildCommand: Sendable {
    /// Where the child's standard output and error go.
    package enum Output: Sendable {
        /// Kept line by line, standard output and error apart; read by ``Leash/output`` and
        /// ``Leash/diagnostics``.
        case kept
        /// Both appended to one file, which is created 0600 when it is not there.
        case appended(to: String)
        /// Standard output kept line by line, standard error appended to a file.
        case keptWithDiagnostics(to: String)
        /// Straight to our own standard output and error.
        case inherited
        case discarded
    }

    /// A path, or a name to be found by PATH.
    package var program: String
    package var arguments: [String]
    /// Added to our own environment; a value of `nil` takes the variable away.
    package var environment: [String: String?]
    package var workingFolder: String?
    package var output: Output
    /// True when the child reads lines from us (``Leash/write(line:)``); otherwise its standard
    /// input is empty.
    package var readsLines: Bool

    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:],
        workingFolder: String? = nil, output: Output = .kept, readsLines: Bool = false
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingFolder = workingFolder
        self.output = output
        self.readsLines = readsLines
    }
}

/// How a process ended.
package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    package var isSuccess: Bool { self == .exited(0) }

    package var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signalled(let signal): "signal \(signal)"
        }
    }
}
