import FareMedia
import Testing
import TransitModel
import VirtualCards

/// Reader's machine and card's machine talking to each other, with every kind of disturbance
/// between them.
@Suite("Reading a card")
struct CardConversationTests {
    private func read(
        _ card: VirtualCard, as scheme: Scheme, hook: @escaping HookedChannel.Hook = { $1 }
    ) throws -> MediaReading {
        HookedChannel(card, hook: hook)
            .readETicket(scheme.reading, challenge: try makeChallenge())
    }

    @Test("A good card, whatever its frame size", arguments: [16, 32, 59, 60, 64, 136, 200, 250])
    func good(frameSize: Int) throws {
        let scheme = try Scheme()
        let issued = try scheme.issue()
        let reading = try read(VirtualCard(.eTicket(issued), frameSize: frameSize), as: scheme)
        #expect(
            reading
                == .presentation(
                    MediaPresentation(
                        mediaKey: scheme.uidMediaKey, mediaKind: .eTicketCard,
                        ticket: issued.ticket)))
    }

    @Test("Seven exchanges with native frames, five with long ones")
    func exchangeCount() throws {
        let scheme = try Scheme()
        for (frameSize, count) in [(59, 7), (250, 5)] {
            let channel = HookedChannel(
                VirtualCard(.eTicket(try scheme.issue()), frameSize: frameSize))
            _ = channel.readETicket(scheme.reading, challenge: try makeChallenge())
            #expect(channel.answers.count == count)
        }
    }

    @Test("A card that sends crumbs plays for time and is cut off")
    func crumbs() throws {
        let scheme = try Scheme()
        let reading = try read(VirtualCard(.eTicket(try scheme.issue()), frameSize: 5), as: scheme)
        #expect(reading == .failed(.protocolViolation, scheme.uidMediaKey))
    }

    @Test("Torn out at any exchange", arguments: 0..<7)
    func torn(at exchange: Int) throws {
        let scheme = try Scheme()
        let reading = try read(VirtualCard(.eTicket(try scheme.issue())), as: scheme) {
            $0 == exchange ? nil : $1
        }
        // Proven from the fourth answer on; only then is the medium known.
        #expect(reading == .failed(.torn, exchange < 4 ? nil : scheme.uidMediaKey))
    }

    @Test("No turned bit in any answer ends in a presentation", arguments: 0..<7)
    func turnedBits(exchange: Int) throws {
        let scheme = try Scheme()
        let card = VirtualCard(.eTicket(try scheme.issue()))
        let clean = HookedChannel(card)
        _ = clean.readETicket(scheme.reading, challenge: try makeChallenge())
        let length = clean.answers[exchange].serialized.count
        for index in 0..<length {
            for bit in 0..<8 {
                let reading = try read(card, as: scheme) { at, answer in
                    guard at == exchange else { return answer }
                    var raw = answer.serialized
                    raw[index] ^= 1 << bit
                    return APDUResponse(bytes: raw)
                }
                // The card's capabilities, the last 12 bytes of the proof, are padding to us.
                if exchange == 3, 20..<32 ~= index { continue }
                guard case .failed = reading else {
                    Issue.record("byte \(index) bit \(bit) of answer \(exchange) was believed")
                    return
                }
            }
        }
    }

    @Test("No truncated or prolonged answer ends in a presentation", arguments: 0..<7)
    func lengths(exchange: Int) throws {
        let scheme = try Scheme()
        let card = VirtualCard(.eTicket(try scheme.issue()))
        for change in -64...64 where change != 0 {
            let reading = try read(card, as: scheme) { at, answer in
                guard at == exchange else { return answer }
                let count = max(0, answer.data.count + change)
                let fill = [UInt8](repeating: 0, count: max(0, change))
                return APDUResponse(
                    data: Array((answer.data + fill).prefix(count)), status: answer.status)
            }
            // An empty answer cannot get shorter.
            if exchange == 1, change < 0 { continue }
            guard case .failed = reading else {
                Issue.record("answer \(exchange) was believed with \(change) bytes more")
                return
            }
        }
    }

    @Test("Every error status at every exchange is a failure, never a trap", arguments: 0..<7)
    func statuses(exchange: Int) throws {
        let scheme = try Scheme()
        let card = VirtualCard(.eTicket(try scheme.issue()))
        let statuses: [UInt16] =
            (0...255).map { 0x9100 | UInt16($0) } + [0x9000, 0x6700, 0x6A82, 0x6D00, 0x6E00, 0]
        for status in statuses {
            var genuine: UInt16?
            let reading = try read(card, as: scheme) { at, answer in
                guard at == exchange else { return answer }
                genuine = answer.status
                return APDUResponse(data: answer.data, status: status)
            }
            if status == genuine { continue }
            guard case .failed = reading else {
                Issue.record("status \(status) at \(exchange) was believed")
                return
            }
        }
    }

    @Test("A recorded conversation is worthless against a new challenge")
    func replay() throws {
        let scheme = try Scheme()
        let recorded = HookedChannel(VirtualCard(.eTicket(try scheme.issue())))
        _ = recorded.readETicket(scheme.reading, challenge: try makeChallenge(0x44))
        let card = VirtualCard(.nothingOfOurs(try scheme.issue().uid))
        let channel = HookedChannel(card) { index, _ in recorded.answers[index] }
        let reading = channel.readETicket(scheme.reading, challenge: try makeChallenge(0x45))
        #expect(reading == .failed(.authenticationFailed, nil))
    }

    @Test("A card under other master keys fails authentication")
    func otherKeys() throws {
        let other = try Scheme(masterKeyByte: 0x99)
        let reading = try read(VirtualCard(.eTicket(try other.issue())), as: Scheme())
        #expect(reading == .failed(.authenticationFailed, nil))
    }

    @Test("A card of another issuer under our keys")
    func otherIssuer() throws {
        let scheme = try Scheme()
        let neighbour = try Scheme("neighbour", issuerSeed: 0x77)
        let reading = try read(VirtualCard(.eTicket(try neighbour.issue())), as: scheme)
        #expect(reading == .failed(.forgedTicket(scheme: "neighbour"), scheme.uidMediaKey))
    }

    @Test("A forged ticket on a genuine card")
    func forged() throws {
        let scheme = try Scheme()
        let forged = scheme.issuer.forge(try scheme.issue())
        let reading = try read(VirtualCard(.eTicket(forged)), as: scheme)
        #expect(reading == .failed(.forgedTicket(scheme: "kvytok-demo"), scheme.uidMediaKey))
    }

    @Test("A genuine card whose file was cut short, or holds noise")
    func brokenFiles() throws {
        let scheme = try Scheme()
        let issued = try scheme.issue()
        let cases: [([UInt8], CardReadFailure)] = [
            (Array(issued.ticketFile.dropLast()), .malformedTicket(.wrongLength)),
            ([], .malformedTicket(.wrongLength)),
            ([UInt8](repeating: 0xFF, count: 126), .malformedTicket(.unknownVersion)),
        ]
        for (file, failure) in cases {
            let broken = IssuedCard(
                uid: issued.uid, readKey: issued.readKey, ticket: issued.ticket, ticketFile: file)
            let reading = try read(VirtualCard(.eTicket(broken)), as: scheme)
            #expect(reading == .failed(failure, scheme.uidMediaKey))
        }
    }

    @Test("A card of somebody else")
    func unknown() throws {
        let scheme = try Scheme()
        let uid = try scheme.issue().uid
        #expect(
            try read(VirtualCard(.nothingOfOurs(uid)), as: scheme) == .failed(.unknownCard, nil))
    }
}
