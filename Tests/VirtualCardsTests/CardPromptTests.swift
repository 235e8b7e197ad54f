import Testing
import TransitModel
import VirtualCards

@testable import kvytok_sim

@Suite("The prompt of kvytok-sim cards")
struct CardPromptTests {
    @Test("What a person may type")
    func requests() throws {
        let order = CardOrder(
            name: "ivan", kind: .expired, riderCategory: "pupil", fault: .tear(afterCommands: 3))
        let requests = try [
            "", "help", "readers", "quit", "remove 1", "tap 0 anna",
            "  insert 1 ivan expired category=pupil tear=3 ", "insert 0 olha silent=0",
        ].map { try CardPrompt.parse($0, readers: 2) }
        #expect(
            requests == [
                .nothing, .help, .readers, .quit, .act(reader: 1, .remove),
                .tap(reader: 0, CardOrder(name: "anna")), .act(reader: 1, .insert(order)),
                .act(
                    reader: 0,
                    .insert(CardOrder(name: "olha", fault: .silence(afterCommands: 0)))),
            ])
    }

    @Test(
        "Misunderstandings are said, not guessed",
        arguments: [
            ("dance", "dance? Type help."), ("remove", "remove READER"),
            ("remove 2", "readers are 0 to 1, not 2"), ("remove -1", "readers are 0 to 1, not -1"),
            ("tap 0", "tap READER CARD [KIND] [WISH ...]"),
            ("tap 0 anna shiny", "no kind of card is called shiny"),
            ("tap 0 anna tear=x", "x is not a count from 0 to 255"),
            ("tap 0 anna colour=red", "no wish is called colour=red"),
        ])
    func misunderstandings(line: String, reason: String) {
        let error = #expect(throws: CardPrompt.Misunderstanding.self) {
            try CardPrompt.parse(line, readers: 2)
        }
        #expect(error?.reason == reason)
    }

    @Test("Every kind is named in the help")
    func help() {
        for kind in CardKind.allCases { #expect(CardPrompt.help.contains(kind.rawValue)) }
    }
}
