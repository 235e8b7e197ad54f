import FareMedia
import Testing
import TransitModel
import VirtualCards

/// The card alone, against readers that are curious, confused or hostile.
@Suite("Virtual card")
struct VirtualCardTests {
    /// A card in a reader that sends whatever it is told.
    private final class Terminal {
        var card: VirtualCard

        init() throws {
            card = VirtualCard(.eTicket(try Scheme().issue()), seed: 1)
        }

        func send(_ hex: String) throws -> String {
            card.respond(to: try #require([UInt8](hex: hex))).serialized.hex
        }
    }

    @Test(
        "What tools try first",
        arguments: [
            ("ffca000000", "04782e21801d809000"),
            ("ffca010000", "6a81"), ("ffb0000010", "6a81"),
            ("00a4040c07a0000001510000", "6a82"), ("00a40000023f0000", "6a82"),
            ("00b0000010", "6d00"), ("80ca9f7f00", "6d00"), ("9060000000", "911c"),
            ("905a00000300000000", "91a0"), ("905a000002000000", "917e"),
            ("60", "6700"), ("", "6700"),
        ])
    func probes(command: String, expected: String) throws {
        let terminal = try Terminal()
        #expect(try terminal.send(command) == expected)
        // And still works.
        #expect(try terminal.send("905a00000354564b00") == "9100")
    }

    @Test("Nothing is read without authentication")
    func readWithoutAuthentication() throws {
        let terminal = try Terminal()
        #expect(try terminal.send("90ad00000701000000000000" + "00") == "911c")
        _ = try terminal.send("905a00000354564b00")
        #expect(try terminal.send("90ad00000701000000000000" + "00") == "919d")
    }

    @Test("A reader without the key learns nothing and must begin again")
    func wrongReader() throws {
        let terminal = try Terminal()
        _ = try terminal.send("905a00000354564b00")
        #expect(try terminal.send("9071000002020000") == "9140")
        #expect(try terminal.send("9071000002010000").hasSuffix("91af"))
        let guess = String(repeating: "00", count: 32)
        #expect(try terminal.send("90af000020" + guess + "00") == "91ae")
        #expect(try terminal.send("90af000020" + guess + "00") == "911c")
        #expect(try terminal.send("9071000002010000").hasSuffix("91af"))
        #expect(try terminal.send("905a00000354564b00") == "9100")
    }

    @Test("Each authentication brings a new challenge")
    func challenges() throws {
        let terminal = try Terminal()
        _ = try terminal.send("905a00000354564b00")
        var seen: Set<String> = []
        for _ in 0..<20 {
            seen.insert(try terminal.send("9071000002010000"))
            _ = try terminal.send("90af00000100" + "00")
        }
        #expect(seen.count == 20)
    }

    @Test("A power cut forgets the selection")
    func reset() throws {
        let terminal = try Terminal()
        _ = try terminal.send("905a00000354564b00")
        terminal.card.reset()
        #expect(try terminal.send("9071000002010000") == "911c")
    }

    @Test("Any noise gets an answer of a legal size", arguments: UInt64(1)...16)
    func noise(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let terminal = try Terminal()
        let instructions: [UInt8] = [0x5A, 0x71, 0xAF, 0xAD, 0x60]
        for _ in 0..<2_000 {
            var command: [UInt8] = [0x90, instructions.randomElement(using: &random) ?? 0, 0, 0]
            let count = Int.random(in: 0...40, using: &random)
            if count > 0 { command.append(UInt8(count)) }
            command += (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            command.append(0)
            if Bool.random(using: &random) {
                command = [UInt8](hex: "905a00000354564b00") ?? []
            }
            #expect(terminal.card.respond(to: command).serialized.count <= APDUResponse.sizeLimit)
        }
    }
}

@Suite("A card in the field")
struct PresentedCardTests {
    private let selection = [UInt8](hex: "905a00000354564b00") ?? []

    /// A card's reactions to a script of messages.
    private func reactions(
        _ fault: CardFault?, to messages: [VPCDMessage]
    ) throws -> [PresentedCard.Reaction] {
        var card = PresentedCard(VirtualCard(.eTicket(try Scheme().issue())), fault: fault)
        return messages.map { card.react(to: $0) }
    }

    @Test("Control messages are four; every other body is a command")
    func messages() {
        #expect(VPCDMessage(body: [0]) == .powerOff)
        #expect(VPCDMessage(body: [1]) == .powerOn)
        #expect(VPCDMessage(body: [2]) == .reset)
        #expect(VPCDMessage(body: [4]) == .answerToResetRequest)
        #expect(VPCDMessage(body: [0x60]) == .command([0x60]))
        #expect(VPCDMessage(body: []) == .command([]))
    }

    private let answerToReset = PresentedCard.Reaction.reply(VirtualCard.answerToReset)
    private let success = PresentedCard.Reaction.reply([0x91, 0x00])

    private func selections(_ count: Int) -> [VPCDMessage] {
        [VPCDMessage](repeating: .command(selection), count: count)
    }

    @Test("Without a fault it answers for ever")
    func good() throws {
        let reactions = try reactions(
            nil, to: [.powerOn, .answerToResetRequest] + selections(100))
        #expect(
            reactions
                == [.nothing, answerToReset]
                + [PresentedCard.Reaction](repeating: success, count: 100))
    }

    @Test("Torn after so many commands", arguments: 0..<5)
    func tear(after count: Int) throws {
        let reactions = try reactions(
            .tear(afterCommands: count),
            to: selections(count) + [.answerToResetRequest] + selections(1))
        #expect(
            reactions
                == [PresentedCard.Reaction](repeating: success, count: count)
                + [answerToReset, .tear])
    }

    @Test("Silent after so many commands, and then to everything", arguments: 0..<5)
    func silence(after count: Int) throws {
        let reactions = try reactions(
            .silence(afterCommands: count),
            to: selections(count + 1) + [.answerToResetRequest, .reset])
        #expect(
            reactions
                == [PresentedCard.Reaction](repeating: success, count: count)
                + [.silent, .silent, .silent])
    }

    @Test("Silent from the moment it is powered")
    func silenceOnPowerUp() throws {
        let reactions = try reactions(
            .silenceOnPowerUp,
            to: [.powerOff, .answerToResetRequest, .powerOn, .answerToResetRequest])
        #expect(reactions == [.nothing, answerToReset, .silent, .silent])
    }
}
