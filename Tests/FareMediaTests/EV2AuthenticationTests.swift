import FareMedia
import Testing
import TransitModel

/// One published run of AuthenticateEV2First with key number 0.
struct PublishedAuthentication: Sendable, CustomTestStringConvertible {
    let source: String
    let key: String
    let readerChallenge: String
    let exchange: [(command: String, response: String)]
    let transactionIdentifier: String
    let encryptionKey: String
    let macKey: String

    var testDescription: String { source }

    static let all = [
        PublishedAuthentication(
            source: "NXP AN12196 rev. 2.0, table 14",
            key: "00000000000000000000000000000000",
            readerChallenge: "13c5db8a5930439fc3def9a4c675360f",
            exchange: [
                ("9071000002000000", "a04c124213c186f22399d33ac2a3021591af"),
                (
                    "90af00002035c3e05a752e0144bac0de51c1f22c56b34408a23d8aea266cab947ea8e0118d00",
                    "3fa64db5446d1f34cd6ea311167f5e4985b89690c04a05f17fa7ab2f081206639100"
                ),
            ],
            transactionIdentifier: "9d00c4df",
            encryptionKey: "1309c877509e5a215007ff0ed19ca564",
            macKey: "4c6626f5e72ea694202139295c7a7fc7"),
        PublishedAuthentication(
            source: "NXP AN12343, pages 33 to 35",
            key: "00000000000000000000000000000000",
            readerChallenge: "b04d0787c93ee0cc8cacc8e86f16c6fe",
            exchange: [
                ("9071000002000000", "24677ddbd46349e623798fd729006e7991af"),
                (
                    "90af0000203b50445f21d21d77d500794deb245e5a754f5f901844259f4c9b31a5c7335acd00",
                    "04c6dbd67417ed0d31ddde4d2e3ffac2b4b074f638eef7fff9254963b65c77599100"
                ),
            ],
            transactionIdentifier: "8cf141f3",
            encryptionKey: "63dc07286289a7a6c0334ca31c314a04",
            macKey: "774f26743ece6af5033b6ae8522946f6"),
    ]
}

@Suite("AuthenticateEV2First")
struct EV2AuthenticationTests {
    private func machine(_ published: PublishedAuthentication) throws -> EV2FirstAuthentication {
        EV2FirstAuthentication(
            key: try key(published.key), keyNumber: 0,
            challenge: try #require(ReaderChallenge(bytes: bytes(published.readerChallenge))))
    }

    @Test("Published runs, byte for byte", arguments: PublishedAuthentication.all)
    func published(_ published: PublishedAuthentication) throws {
        var machine = try machine(published)
        let first = machine.start()
        #expect(first.serialized.hex == published.exchange[0].command)
        guard
            case .transmit(let second) = machine.receive(
                try response(published.exchange[0].response))
        else { throw UnexpectedStep() }
        #expect(second.serialized.hex == published.exchange[1].command)
        guard
            case .finish(let session) = machine.receive(
                try response(published.exchange[1].response))
        else { throw UnexpectedStep() }
        #expect(session.transactionIdentifier.hex == published.transactionIdentifier)
        #expect(session.encryptionKey.bytes.hex == published.encryptionKey)
        #expect(session.macKey.bytes.hex == published.macKey)
        #expect(session.commandCounter == 0)
    }

    /// AN12196, table 23 (AuthenticateEV2NonFirst): the same derivation of session keys.
    @Test("Session keys of a later authentication")
    func laterKeys() throws {
        let session = EV2Session(
            key: try key("00000000000000000000000000000000"),
            readerChallenge: try bytes("60be759eda560250ac57cddc11743cf6"),
            cardChallenge: try bytes("6924e8d09722659a2e7dec68e66312b8"),
            transactionIdentifier: try bytes("7614281a"))
        #expect(session.encryptionKey.bytes.hex == "4cf3cb41a22583a61e89b158d252fc53")
        #expect(session.macKey.bytes.hex == "5529860b2fc5fb6154b7f28361d30bf9")
    }

    @Test("Every turned bit of the card's proof of our challenge is noticed")
    func alteredProof() throws {
        let published = PublishedAuthentication.all[0]
        let answer = try response(published.exchange[1].response)
        // Our challenge, rotated, lies in bytes 4 to 19; CBC spreads a turned bit over its block
        // and repeats it in the next.
        for index in 0..<20 {
            for bit in 0..<8 {
                var machine = try machine(published)
                _ = machine.start()
                _ = machine.receive(try response(published.exchange[0].response))
                var data = answer.data
                data[index] ^= 1 << bit
                let step = machine.receive(APDUResponse(data: data, status: answer.status))
                guard case .fail(.authenticationFailed) = step else { throw UnexpectedStep() }
            }
        }
    }

    @Test(
        "First answer: wrong statuses and lengths",
        arguments: [
            ("9100", CardReadFailure.unexpectedStatus(0x9100)),
            ("91ae", .authenticationFailed), ("9140", .authenticationFailed),
            ("919d", .authenticationFailed), ("911c", .unknownCard), ("6d00", .unknownCard),
            ("6e00", .unknownCard), ("91ca", .unexpectedStatus(0x91CA)),
            ("91af", .protocolViolation), ("a04c91af", .protocolViolation),
            ("a04c124213c186f22399d33ac2a3021591", .unexpectedStatus(0x1591)),
            ("a04c124213c186f22399d33ac2a302150091af", .protocolViolation),
        ])
    func firstAnswer(hex: String, failure: CardReadFailure) throws {
        var machine = try machine(PublishedAuthentication.all[0])
        _ = machine.start()
        guard case .fail(let stopped) = machine.receive(try response(hex)) else {
            throw UnexpectedStep()
        }
        #expect(stopped == failure)
    }

    @Test(
        "Second answer: wrong statuses and lengths",
        arguments: [
            ("91ae", CardReadFailure.authenticationFailed),
            ("91af", .unexpectedStatus(0x91AF)), ("9100", .protocolViolation),
            ("3fa64db5446d1f34cd6ea311167f5e499100", .protocolViolation),
            ("6700", .unexpectedStatus(0x6700)),
        ])
    func secondAnswer(hex: String, failure: CardReadFailure) throws {
        let published = PublishedAuthentication.all[0]
        var machine = try machine(published)
        _ = machine.start()
        _ = machine.receive(try response(published.exchange[0].response))
        guard case .fail(let stopped) = machine.receive(try response(hex)) else {
            throw UnexpectedStep()
        }
        #expect(stopped == failure)
    }

    @Test("Nothing secret prints itself")
    func descriptions() throws {
        let secret = try key("00112233445566778899aabbccddeeff")
        #expect("\(secret)" == "AESKey")
        #expect("\(InMemoryCardKeys(masterKey: secret))" == "InMemoryCardKeys")
        #expect("\(try #require(CardUID(bytes: bytes("04782e21801d80"))))" == "CardUID")
    }
}

/// A machine took another turn than the published one.
struct UnexpectedStep: Error {}
