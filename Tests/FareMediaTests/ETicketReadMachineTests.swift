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

    /// The machine's steps from its start through a script of responses.
    private func steps(
        _ responses: String..., keys: (any CardKeys)? = nil
    ) throws -> [ETicketReadMachine.Step] {
        var machine = try machine(keys: keys)
        var steps = [machine.start()]
        for text in responses { steps.append(machine.receive(try response(text))) }
        return steps
    }

    private let uid = "04782e21801d809000"

    @Test("UID, application, authentication, in this order and these bytes")
    func order() throws {
        let commands = try steps(uid, "9100").map { step -> String? in
            guard case .transmit(let command) = step else { return nil }
            return command.serialized.hex
        }
        #expect(commands == ["ffca000000", "905a00000354564b00", "9071000002010000"])
    }

    @Test(
        "What is no card of ours",
        arguments: ["9000", "6a81", "6d00", "08aabbcc9000", "0102039000", "04782e21801d806a82"])
    func notACard(first: String) throws {
        #expect(try steps(first).last == .finish(.failed(.unknownCard, nil)))
    }

    @Test(
        "No such application",
        arguments: ["91a0", "6a82", "6d00", "6e00", "9000", "91ae", "911c", "6700"])
    func noApplication(second: String) throws {
        #expect(try steps(uid, second).last == .finish(.failed(.unknownCard, nil)))
    }

    @Test("A selection that answers with data breaks the protocol")
    func selectionWithData() throws {
        #expect(try steps(uid, "019100").last == .finish(.failed(.protocolViolation, nil)))
    }

    @Test("Without a key nothing is sent to the card")
    func keyUnavailable() throws {
        let steps = try steps(uid, "9100", keys: NoKeys())
        #expect(steps.last == .finish(.failed(.keyUnavailable, nil)))
    }

    @Test("An interruption ends it with its cause", arguments: [CardReadFailure.torn, .silent])
    func interruption(cause: CardReadFailure) throws {
        var machine = try machine()
        _ = machine.start()
        let step = machine.interrupt(by: cause)
        #expect(step == .finish(.failed(cause, nil)))
    }
}
