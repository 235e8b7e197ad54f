import FareMedia
import Testing
import TransitModel

/// Event-and-step scripts up to authentication; whole conversations with a card are in
/// VirtualCardsTests.
@Suite("E-ticket read machine")
struct ETicketReadMachineTests {
    private struct NoKeys: CardKeys {
        func readKey(forUID: CardUID) throws(CardReadFailure) -> AESKey { throw .keyUnavailable }
    }

    private func machine(keys: (any CardKeys)? = nil) throws -> ETicketReadMachine {
        let master = try key("00112233445566778899aabbccddeeff")
        return ETicketReadMachine(
            reading: ETicketReading(
                cardKeys: keys ?? InMemoryCardKeys(masterKey: master),
                mediaKeys: try #require(
                    MediaKeyDeriver(
                        secret: [UInt8](repeating: 9, count: 32), generation: KeyGeneration(1))),
                issuerKeys: [:]),
            challenge: try #require(ReaderChallenge(bytes: [UInt8](repeating: 5, count: 16))))
    }

    private func hex(_ step: ETicketReadMachine.Step) -> String? {
        guard case .transmit(let command) = step else { return nil }
        return command.serialized.hex
    }

    @Test("UID, application, authentication, in this order and these bytes")
    func order() throws {
        var machine = try machine()
        #expect(hex(machine.start()) == "ffca000000")
        #expect(hex(machine.receive(try response("04782e21801d809000"))) == "905a00000354564b00")
        #expect(hex(machine.receive(try response("9100"))) == "9071000002010000")
    }

    @Test(
        "What is no card of ours",
        arguments: ["9000", "6a81", "6d00", "08aabbcc9000", "0102039000", "04782e21801d806a82"])
    func notACard(first: String) throws {
        var machine = try machine()
        _ = machine.start()
        #expect(
            machine.receive(try response(first)) == .finish(.failed(.unknownCard, nil)))
    }

    @Test(
        "No such application",
        arguments: ["91a0", "6a82", "6d00", "6e00", "9000", "91ae", "911c", "6700"])
    func noApplication(second: String) throws {
        var machine = try machine()
        _ = machine.start()
        _ = machine.receive(try response("04782e21801d809000"))
        #expect(
            machine.receive(try response(second)) == .finish(.failed(.unknownCard, nil)))
    }

    @Test("A selection that answers with data breaks the protocol")
    func selectionWithData() throws {
        var machine = try machine()
        _ = machine.start()
        _ = machine.receive(try response("04782e21801d809000"))
        #expect(
            machine.receive(try response("019100")) == .finish(.failed(.protocolViolation, nil)))
    }

    @Test("Without a key nothing is sent to the card")
    func keyUnavailable() throws {
        var machine = try machine(keys: NoKeys())
        _ = machine.start()
        _ = machine.receive(try response("04782e21801d809000"))
        #expect(machine.receive(try response("9100")) == .finish(.failed(.keyUnavailable, nil)))
    }

    @Test("An interruption ends it with its cause", arguments: [CardReadFailure.torn, .silent])
    func interruption(cause: CardReadFailure) throws {
        var machine = try machine()
        _ = machine.start()
        #expect(machine.interrupt(by: cause) == .finish(.failed(cause, nil)))
    }
}
