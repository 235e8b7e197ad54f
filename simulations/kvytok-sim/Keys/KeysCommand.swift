import ArgumentParser
import TransitModel
import VirtualCards

/// `kvytok-sim keys`: the secrets of a scheme that exists on one desk.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make the keys of a development scheme.",
        discussion: """
            Writes card-keys.json (for validators), issuer.json (for making cards) and \
            issuer-public.json (for the back office). Existing keys are never overwritten.
            """)

    @Option(help: ArgumentHelp("Where the files go.", valueName: "folder"))
    var out: String

    @Option(help: "The scheme that the cards are of.")
    var scheme = "demo-town"

    func run() throws {
        try DevelopmentKeys(scheme: SchemeID(scheme)).write(to: out)
    }
}
