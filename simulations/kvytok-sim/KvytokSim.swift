import ArgumentParser

struct KvytokSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kvytok-sim",
        abstract: "What stands in for a town: cards, readers, and the whole system on one machine.",
        subcommands: [
            RunCommand.self, CityCommand.self, CardsCommand.self, KeysCommand.self,
            LeashCommand.self,
        ])
}
