import FareMedia
import Testing
import TransitModel
import VirtualCards

/// The card alone, against readers that are curious, confused or hostile.
@Suite("Virtual card")
struct VirtualCardTests {
    private func makeCard() throws -> VirtualCard {
        VirtualCard(.eTicket(try Scheme().issue()), seed: 1)
    }

    private func answer(_ card: inout VirtualCard, _ hex: String) throws -> String {
        card.respond(to: try #require([UInt8](hex: hex))).serialized.hex
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
        var card = try makeCard()
        #expect(try answer(&card, command) == expected)
        // And still works.
        #expect(try answer(&card, "905a00000354564b00") == "9100")
    }

    @Test("Nothing is read without authentication")
    func readWithoutAuthentication() throws {
        var card = try makeCard()
        #expect(try answer(&card, "90ad00000701000000000000" + "00") == "911c")
        _ = try answer(&card, "905a00000354564b00")
        #expect(try answer(&card, "90ad00000701000000000000" + "00") == "919d")
    }

    @Test("A reader without the key learns nothing and must begin again")
    func wrongReader() throws {
        var card = try makeCard()
        _ = try answer(&card, "905a00000354564b00")
        #expect(try answer(&card, "9071000002020000") == "9140")
        #expect(try answer(&card, "9071000002010000").hasSuffix("91af"))
        let guess = String(repeating: "00", count: 32)
        #expect(try answer(&card, "90af000020" + guess + "00") == "91ae")
        #expect(try answer(&card, "90af000020" + guess + "00") == "911c")
        #expect(try answer(&card, "9071000002010000").hasSuffix("91af"))
        #expect(try answer(&card, "905a00000354564b00") == "9100")
    }

    @Test("Each authentication brings a new challenge")
    func challenges() throws {
        var card = try makeCard()
        _ = try answer(&card, "905a00000354564b00")
        var seen: Set<String> = []
        for _ in 0..<20 {
            seen.insert(try answer(&card, "9071000002010000"))
            _ = try answer(&card, "90af00000100" + "00")
        }
        #expect(seen.count == 20)
    }

    @Test("A power cut forgets the selection")
    func reset() throws {
        var card = try makeCard()
        _ = try answer(&card, "905a00000354564b00")
        card.reset()
        #expect(try answer(&card, "9071000002010000") == "911c")
    }

    @Test("Any noise gets an answer of a legal size", arguments: UInt64(1)...16)
    func noise(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var card = try makeCard()
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
            #expect(card.respond(to: command).serialized.count <= APDUResponse.sizeLimit)
        }
    }
}

@Suite("A card in the field")
struct PresentedCardTests {
    private let selection = [UInt8](hex: "905a00000354564b00") ?? []

    private func present(_ fault: CardFault? = nil) throws -> PresentedCard {
        PresentedCard(VirtualCard(.eTicket(try Scheme().issue())), fault: fault)
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

    @Test("Without a fault it answers for ever")
    func good() throws {
        var card = try present()
        #expect(card.react(to: .powerOn) == .nothing)
        #expect(card.react(to: .answerToResetRequest) == .reply(VirtualCard.answerToReset))
        for _ in 0..<100 {
            #expect(card.react(to: .command(selection)) == .reply([0x91, 0x00]))
        }
    }

    @Test("Torn after so many commands", arguments: 0..<5)
    func tear(after count: Int) throws {
        var card = try present(.tear(afterCommands: count))
        for _ in 0..<count {
            #expect(card.react(to: .command(selection)) == .reply([0x91, 0x00]))
        }
        #expect(card.react(to: .answerToResetRequest) == .reply(VirtualCard.answerToReset))
        #expect(card.react(to: .command(selection)) == .tear)
    }

    @Test("Silent after so many commands, and then to everything", arguments: 0..<5)
    func silence(after count: Int) throws {
        var card = try present(.silence(afterCommands: count))
        for _ in 0..<count {
            #expect(card.react(to: .command(selection)) == .reply([0x91, 0x00]))
        }
        #expect(card.react(to: .command(selection)) == .silent)
        #expect(card.react(to: .answerToResetRequest) == .silent)
        #expect(card.react(to: .reset) == .silent)
    }

    @Test("Silent from the moment somebody connects")
    func silenceOnConnect() throws {
        var card = try present(.silenceOnConnect)
        #expect(card.react(to: .powerOff) == .nothing)
        #expect(card.react(to: .answerToResetRequest) == .reply(VirtualCard.answerToReset))
        #expect(card.react(to: .powerOn) == .silent)
        #expect(card.react(to: .answerToResetRequest) == .silent)
    }
}
