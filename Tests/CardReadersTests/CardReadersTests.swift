import FareMedia
import LocalStack
import Testing
import TransitModel
import VirtualCards

@testable import CardReaders

/// Real pcscd, real libpcsclite, cards in software.
@Suite(
    "Card readers over a private pcscd", .serialized, .timeLimit(.minutes(5)),
    .enabled("pcscd, vpcd or mount namespaces are missing") {
        await ReaderStage.isPossible.value
    })
struct CardReadersTests {
    @Test("Insert and read, with the parts of the time told apart")
    func insertAndRead() async throws {
        try await ReaderStage.run { stage in
            try stage.fields[0].insert(stage.makeCard(41))
            let (reading, timing) = try await stage.events.reading(at: stage.names[0])
            guard case .presentation(let presentation) = reading else {
                throw DeadlinePassed(awaited: "a presentation", evidence: ["\(reading)"])
            }
            #expect(presentation.ticket.serial == 41)
            #expect(presentation.ticket.scheme == "kvytok-test")
            let connectedAt = try #require(timing.connectedAt)
            #expect(timing.enteredAt <= connectedAt && connectedAt < timing.finishedAt)
            #expect(timing.cardTime > .zero && timing.ownTime > .zero)
            #expect(
                timing.ownTime + timing.cardTime
                    == timing.enteredAt.duration(to: timing.finishedAt))
        }
    }

    @Test("Each reader has its own card, all at once")
    func everyReader() async throws {
        try await ReaderStage.run { stage in
            for (index, field) in stage.fields.enumerated() {
                try field.insert(stage.makeCard(UInt64(50 + index)))
            }
            for (index, name) in stage.names.enumerated() {
                #expect(try await stage.events.ticket(at: name) == UInt64(50 + index))
            }
        }
    }

    @Test("Torn out in mid-read, and the next card is read", arguments: [0, 3, 5])
    func torn(afterCommands count: Int) async throws {
        try await ReaderStage.run { stage in
            try stage.fields[0].insert(
                stage.makeCard(42), fault: .tear(afterCommands: count))
            let (reading, _) = try await stage.events.reading(at: stage.names[0])
            guard case .failed(.torn, let medium) = reading else {
                throw DeadlinePassed(awaited: "torn", evidence: ["\(reading)"])
            }
            #expect((medium == nil) == (count < 4))
            let mark = stage.events.end
            try stage.fields[0].insert(stage.makeCard(43))
            #expect(try await stage.events.ticket(at: stage.names[0], from: mark) == 43)
        }
    }

    @Test(
        "A silent card hangs its own reader only, which recovers when it is taken away",
        arguments: [CardFault.silence(afterCommands: 0), .silence(afterCommands: 4)])
    func silent(fault: CardFault) async throws {
        try await ReaderStage.run(silenceLimit: .milliseconds(600)) { stage in
            let (hung, live) = (stage.names[0], stage.names[1])
            try stage.fields[0].insert(stage.makeCard(1), fault: fault)
            try await stage.events.silent(hung)

            for serial in UInt64(60)..<63 {
                let mark = stage.events.end
                try stage.fields[1].insert(stage.makeCard(serial))
                #expect(try await stage.events.ticket(at: live, from: mark) == serial)
            }

            let mark = stage.events.end
            stage.fields[0].remove()
            try await stage.events.recovered(hung, from: mark)
            try stage.fields[0].insert(stage.makeCard(64))
            #expect(try await stage.events.ticket(at: hung, from: mark) == 64)
        }
    }

    @Test("A card that hangs the service's own look at it leaves other readers alone")
    func silentOnPowerUp() async throws {
        try await ReaderStage.run { stage in
            let hung = AsyncStream.makeStream(of: Void.self)
            let field = VPCDClient(port: stage.daemon.readers[0].port) { event in
                if event == .fellSilent { hung.continuation.finish() }
            }
            try field.insert(stage.makeCard(1), fault: .silenceOnPowerUp)
            for await _ in hung.stream {}
            try stage.fields[1].insert(stage.makeCard(65))
            #expect(try await stage.events.ticket(at: stage.names[1]) == 65)
            field.remove()
            try stage.fields[0].insert(stage.makeCard(66))
            #expect(try await stage.events.ticket(at: stage.names[0]) == 66)
        }
    }

    @Test("Stopping does not wait for a silent card")
    func stopWhileSilent() async throws {
        let clock = ContinuousClock()
        var stopBegan = clock.now
        try await ReaderStage.run(silenceLimit: .milliseconds(300)) { stage in
            try stage.fields[2].insert(
                stage.makeCard(1), fault: .silence(afterCommands: 2))
            try await stage.events.silent(stage.names[2])
            stopBegan = clock.now
        }
        #expect(stopBegan.duration(to: clock.now) < .seconds(5))
    }

    @Test("A card of somebody else")
    func unknownCard() async throws {
        try await ReaderStage.run { stage in
            let uid = try #require(CardUID(bytes: [4, 9, 9, 9, 9, 9, 9]))
            try stage.fields[1].insert(VirtualCard(.nothingOfOurs(uid)))
            let (reading, _) = try await stage.events.reading(at: stage.names[1])
            #expect(reading == .failed(.unknownCard, nil))
        }
    }

    @Test("Issuers are asked for at each presentation")
    func changingIssuers() async throws {
        try await ReaderStage.run { stage in
            stage.issuerKeys.isTrusted = false
            try stage.fields[0].insert(stage.makeCard(44))
            let (reading, _) = try await stage.events.reading(at: stage.names[0])
            guard case .failed(.unknownIssuer(scheme: "kvytok-test"), .some) = reading else {
                throw DeadlinePassed(awaited: "unknown issuer", evidence: ["\(reading)"])
            }
            stage.issuerKeys.isTrusted = true
            let mark = stage.events.end
            try stage.fields[0].insert(stage.makeCard(45))
            #expect(try await stage.events.ticket(at: stage.names[0], from: mark) == 45)
        }
    }

    @Test("A card that flutters is presented once")
    func flutter() async throws {
        try await ReaderStage.run(quietTime: .seconds(60)) { stage in
            let exchanges = Exchanges()
            let field = VPCDClient(port: stage.daemon.readers[0].port) { event in
                if case .exchanged = event { exchanges.count() }
            }
            for visit in 1...3 {
                try field.insert(stage.makeCard(46))
                try await eventually("visit \(visit) to be read") {
                    exchanges.total >= visit * Exchanges.perReading
                }
            }
            try field.insert(stage.makeCard(47))
            try await stage.events.first("the other card") { event -> Void? in
                guard case .presented(.presentation(let medium), _, _) = event else { return nil }
                return medium.ticket.serial == 47 ? () : nil
            }
            field.remove()
            let tickets = stage.events.all.compactMap { event -> UInt64? in
                guard case .presented(.presentation(let medium), _, _) = event else { return nil }
                return medium.ticket.serial
            }
            #expect(tickets == [46, 47])
        }
    }

    @Test("A reader is unplugged, others go on, and it comes back")
    func unplugged() async throws {
        try await ReaderStage.run { stage in
            let name = stage.names[1]
            var mark = stage.events.end
            try await stage.daemon.unplug(stage.daemon.readers[1])
            try await stage.events.detached(name, from: mark)
            try await stage.events.attached(stage.names[0], from: mark)
            try stage.fields[0].insert(stage.makeCard(70))
            #expect(try await stage.events.ticket(at: stage.names[0], from: mark) == 70)

            mark = stage.events.end
            try await stage.daemon.plugAll()
            try await stage.events.attached(name, from: mark)
            try stage.fields[1].insert(stage.makeCard(71))
            #expect(try await stage.events.ticket(at: name, from: mark) == 71)
        }
    }

    @Test("The service crashes, stays away, and is back", arguments: [false, true])
    func restarted(withSilentCard: Bool) async throws {
        try await ReaderStage.run(silenceLimit: .milliseconds(300)) { stage in
            if withSilentCard {
                try stage.fields[2].insert(
                    stage.makeCard(1), fault: .silence(afterCommands: 1))
                try await stage.events.silent(stage.names[2])
            }
            var mark = stage.events.end
            await stage.daemon.kill9()
            try await stage.events.first("the service lost", from: mark) {
                if case .serviceLost = $0 { () } else { nil }
            }
            for name in stage.names { try await stage.events.detached(name, from: mark) }

            mark = stage.events.end
            for field in stage.fields { field.remove() }
            try await stage.daemon.start()
            try await stage.events.first("the service found", from: mark) {
                if case .serviceFound = $0 { () } else { nil }
            }
            for (index, name) in stage.names.enumerated() {
                try await stage.events.attached(name, from: mark)
                try stage.fields[index].insert(stage.makeCard(UInt64(80 + index)))
                #expect(
                    try await stage.events.ticket(at: name, from: mark) == UInt64(80 + index))
            }
        }
    }

    @Test("`kvytok-sim cards` follows its script and tells what happened")
    func cardsCommand() async throws {
        try await ReaderStage.run { stage in
            let program = Checkout.program("kvytok-sim")
            let folder = try ScratchFolder("cards")
            try await ChildCommand(program, ["keys", "--out", folder.path("keys")]).run()
            let ports = stage.daemon.readers.map { "\($0.port)" }.joined(separator: ",")
            let process = try Leash(
                ChildCommand(
                    program,
                    ["cards", "--keys", folder.path("keys"), "--ports", ports, "--script", "-"],
                    readsLines: true))

            process.write(line: #"{"reader":1,"insert":{"card":"key fob","kind":"unknown"}}"#)
            let (fob, _) = try await stage.events.reading(at: stage.names[1])
            #expect(fob == .failed(.unknownCard, nil))

            process.write(line: #"{"reader":0,"insert":{"card":"anna","tear_after":2}}"#)
            let (anna, _) = try await stage.events.reading(at: stage.names[0])
            #expect(anna == .failed(.torn, nil))

            process.finishInput()
            #expect(await process.ended().isSuccess)
            let torn = try await process.output.line("anna's end") { $0.contains("torn") }
            #expect(torn.contains(#""card":"anna""#) && torn.contains(#""commands":2"#))
            #expect(process.output.lines.contains { $0.contains("removed") })
        }
    }
}
