import Foundation

/// A Python script that drives headless Chromium through Playwright, from the checkout's own
/// environment. It prints a line when it wants something to happen, and ends with a message when
/// something on the page is wrong.
package struct BrowserScript: Sendable {
    package static let python = Checkout.path(".local/venv/bin/python")
    package static let chromium = "/usr/bin/chromium"

    package static var isReady: Bool {
        [python, chromium].allSatisfy(FileManager.default.isExecutableFile(atPath:))
    }

    /// What to do where ``isReady`` is false.
    package static let advice = "needs /usr/bin/chromium and .local/venv: `scripts/install test`"

    private let command: ChildCommand

    /// - Parameters:
    ///   - script: A path in the checkout.
    ///   - address: Where the page is.
    ///   - password: What the script signs in with.
    package init(
        _ script: String, at address: String, password: String, arguments: [String] = []
    ) {
        command = ChildCommand(
            Self.python, [Checkout.path(script), address] + arguments,
            environment: [
                "KVYTOK_PASSWORD": password, "KVYTOK_CHROMIUM": Self.chromium,
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": Checkout.path("Tests/Browser"),
            ],
            readsLines: true)
    }

    /// Runs the script to its end.
    ///
    /// - Parameter whenAsked: Called with each line that the script prints, in order. When it
    ///   returns, the script can read a line that says so.
    /// - Throws: ``CommandFailure`` with what the script said, or what `whenAsked` throws.
    package func run(
        whenAsked: @Sendable (String) async throws -> Void = { _ in }
    ) async throws {
        let leash = try Leash(command)
        defer { leash.signal(9) }
        var answered = 0
        while true {
            let isOver = leash.output.isFinished
            for line in leash.output.lines(from: answered) {
                answered += 1
                try await whenAsked(line)
                _ = leash.write(line: "done")
            }
            if isOver { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        let status = await leash.endedOrKilled()
        guard status.isSuccess else {
            throw CommandFailure(
                program: command.arguments[0], status: status,
                lastLines: leash.diagnostics.lines.suffix(25))
        }
    }
}
