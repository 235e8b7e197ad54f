import ArgumentParser

/// A tariff as its authors handle it.
struct TariffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tariff", abstract: "Check and read tariffs.",
        subcommands: [TariffCheckCommand.self])
}
