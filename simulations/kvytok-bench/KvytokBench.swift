import ArgumentParser

/// Measures the promised figures, each as a ratio to a limit measured in the same run.
@main
struct KvytokBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kvytok-bench",
        abstract: "Measure the promised figures on this machine.",
        discussion: """
            Every figure is a ratio between our time and a limit measured in the same run, so that \
            it means the same on a slow machine. One JSON line a figure goes to standard output, \
            progress to standard error. Build with optimisation first: `make bench` does.
            """,
        subcommands: [
            TapBench.self, FareBench.self, IngestBench.self, CityBench.self, MapBench.self,
            AllBenches.self,
        ],
        defaultSubcommand: AllBenches.self)
}

/// Without a subcommand: all of them.
struct AllBenches: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Every figure, one after the other.")

    func run() async throws {
        try await TapBench.parse([]).run()
        try await FareBench.parse([]).run()
        try await IngestBench.parse([]).run()
        try await CityBench.parse([]).run()
        try await MapBench.parse([]).run()
    }
}
