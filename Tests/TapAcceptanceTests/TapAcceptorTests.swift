import DenyList
import DenyListBuilder
import FareMedia
import TapAcceptance
import Testing
import TransitModel

@Suite("Verdicts")
struct TapAcceptorTests {
    @Test("An honest rider rides, and sees the most that it can cost")
    func accepted() throws {
        let scene = try Scene()
        let decision = try scene.decide(Scene.rider())
        #expect(decision.verdict == .accepted)
        #expect(decision.display.atMost == Money(minorUnits: 1_500, currency: .uah))
        let tap = decision.tap
        #expect(tap.tappedAt == Scene.noon)
        #expect(tap.service == scene.circumstances.service)
        #expect(try tap.mediaKey == Scene.mediaKey(1))
        #expect(tap.mediaKind == .eTicketCard)
        #expect(tap.riders == 1)
        #expect(
            tap.documents
                == DocumentVersions(denyListBase: 0, denyListOverlay: 0, configuration: 4))
    }

    @Test("A proven category is recorded and priced; a strange one costs no less than others")
    func categories() throws {
        let scene = try Scene()
        let pupil = try scene.decide(Scene.rider(category: "pupil"))
        #expect(pupil.tap.riderCategory == "pupil")
        #expect(pupil.display.atMost?.minorUnits == 750)
        #expect(pupil.display.riderCategory == "pupil")
        let stranger = try scene.decide(Scene.rider(category: "veteran"))
        #expect(stranger.display.atMost?.minorUnits == 1_500)
    }

    @Test(
        "A reading that failed is refused for its reason",
        arguments: [
            (CardReadFailure.torn, TapRefusal.unreadable),
            (.silent, .unreadable),
            (.unexpectedStatus(0x6F00), .unreadable),
            (.protocolViolation, .unreadable),
            (.unknownCard, .unknownMedia),
            (.malformedTicket(.unknownVersion), .unknownMedia),
            (.authenticationFailed, .notAuthentic),
            (.forgedTicket(scheme: "demo"), .notAuthentic),
            (.forgedTicket(scheme: "other"), .notAuthentic),
            (.unknownIssuer(scheme: "demo"), .notAuthentic),
            (.unknownIssuer(scheme: "other"), .foreignScheme),
            (.keyUnavailable, .outOfService),
        ])
    func failures(failure: CardReadFailure, refusal: TapRefusal) throws {
        let decision = try Scene().decide(.failed(failure, nil))
        #expect(decision.verdict == .refused(refusal))
        #expect(decision.display.atMost == nil)
        #expect(decision.tap.mediaKey == nil)
        #expect(decision.tap.mediaKind == nil)
    }

    @Test("A card that proved itself is recorded even when its ticket could not be read")
    func knownCardUnreadable() throws {
        let tap = try Scene().decide(.failed(.torn, Scene.mediaKey(3))).tap
        #expect(try tap.mediaKey == Scene.mediaKey(3))
        #expect(tap.mediaKind == .eTicketCard)
    }

    @Test("A ticket of another scheme is told so")
    func foreign() throws {
        let decision = try Scene().decide(Scene.rider(scheme: "other"))
        #expect(decision.verdict == .refused(.foreignScheme))
    }

    @Test("A listed ticket is refused, its neighbours are not")
    func denied() throws {
        var scene = try Scene()
        scene.documents.denyList = try DenyList(
            bytes: DenyListBuilder.build(version: 9, keys: [Scene.mediaKey(2)]))
        #expect(try scene.decide(Scene.rider(1)).verdict == .accepted)
        let refused = try scene.decide(Scene.rider(2))
        #expect(refused.verdict == .refused(.denied))
        #expect(refused.tap.documents.denyListBase == 9)
    }

    @Test("Validity begins at its first instant and ends before its last")
    func validity() throws {
        let scene = try Scene()
        let noon = Scene.noon
        let later = noon.advanced(by: .milliseconds(1))
        #expect(try scene.decide(Scene.rider(validFrom: noon)).verdict == .accepted)
        #expect(
            try scene.decide(Scene.rider(validFrom: later)).verdict == .refused(.notYetValid))
        #expect(try scene.decide(Scene.rider(validUntil: later)).verdict == .accepted)
        #expect(try scene.decide(Scene.rider(validUntil: noon)).verdict == .refused(.expired))
    }

    @Test("Without a configuration the device is out of service, whatever is shown to it")
    func unconfigured() throws {
        var scene = try Scene()
        scene.documents.configuration = nil
        for reading in [try Scene.rider(), .failed(.torn, nil)] {
            let decision = scene.decide(reading)
            #expect(decision.verdict == .refused(.outOfService))
            #expect(decision.tap.documents.configuration == 0)
        }
    }

    @Test("Of several reasons the earlier check's is given")
    func order() throws {
        var scene = try Scene()
        let past = Scene.noon.advanced(by: .seconds(-60))
        #expect(try scene.tap(Scene.rider(1)) == .accepted)
        scene.documents.denyList = try DenyList(
            bytes: DenyListBuilder.build(version: 1, keys: [Scene.mediaKey(1)]))
        #expect(
            try scene.tap(Scene.rider(1, scheme: "other", validUntil: past))
                == .refused(.foreignScheme))
        #expect(try scene.tap(Scene.rider(1, validUntil: past)) == .refused(.denied))
        scene.documents.denyList = nil
        #expect(try scene.tap(Scene.rider(1, validUntil: past)) == .refused(.expired))
        #expect(try scene.tap(Scene.rider(1)) == .refused(.passback))
    }
}

@Suite("Doubtful time")
struct DoubtfulTimeTests {
    @Test("A clock that was never set refuses nobody for validity", arguments: UInt64(1)...100)
    func unsetClock(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var scene = try Scene()
        scene.circumstances.clockQuality = .unset
        scene.circumstances.tappedAt = Timestamp(
            secondsSince1970: Int64.random(in: -1_000...4_000_000_000, using: &random))
        let from = Int64.random(in: 0...4_000_000_000, using: &random)
        let reading = try Scene.rider(
            validFrom: Timestamp(secondsSince1970: from),
            validUntil: Timestamp(
                secondsSince1970: from + Int64.random(in: 1...100_000_000, using: &random)))
        #expect(scene.decide(reading).verdict == .accepted)
    }

    @Test("A clock before the issue of a held document is wrong, so it judges nobody")
    func beforeIssue() throws {
        var scene = try Scene()
        let future = try Scene.rider(validFrom: Scene.noon.advanced(by: .seconds(-1_000)))
        scene.circumstances.tappedAt = Timestamp(secondsSince1970: 1_000)
        #expect(scene.decide(future).verdict == .accepted)
        scene.documents.newestIssueAt = nil
        #expect(scene.decide(future).verdict == .refused(.notYetValid))
    }

    @Test("An old deny list refuses no honest rider")
    func oldList() throws {
        var scene = try Scene()
        scene.documents.denyList = try DenyList(
            bytes: DenyListBuilder.build(version: 1, keys: [Scene.mediaKey(9)]))
        scene.pass(.seconds(300 * 86_400))
        #expect(try scene.decide(Scene.rider()).verdict == .accepted)
    }
}
