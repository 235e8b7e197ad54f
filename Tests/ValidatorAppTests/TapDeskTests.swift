import CardReaders
import DeviceProtocol
import FareMedia
import Foundation
import PassengerDisplay
import SignedDocuments
import Testing
import TransitModel
import ValidatorApp

@Suite("A tap, from reader to display")
struct TapDeskTests {
    @Test("An accepted tap is recorded, then shown with its price, then measured")
    func accepted() async throws {
        let stage = try Stage()
        let validator = try await stage.readyValidator()
        await validator.taps.handle(try Stage.presented(1))
        #expect(stage.keeper.taps.map(\.verdict) == [.accepted])
        #expect(
            await validator.board.scene
                == .accepted(atMost: Money(minorUnits: 1_500, currency: .uah), isReduced: false))
        let line = try #require(stage.lines.all.first)
        let measured = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(measured?["verdict"] as? String == "accepted")
        #expect(measured?["card_us"] as? Int == 20_000)
        let parts = ["read_us", "decided_us", "journalled_us", "shown_us"]
            .compactMap { measured?[$0] as? Int }
        #expect(parts.count == 4 && parts == parts.sorted())
        #expect(!line.contains(String(repeating: "01", count: 16)))
    }

    @Test("Green never shows before the tap is recorded")
    func durableBeforeGreen() async throws {
        let stage = try Stage()
        let validator = try await stage.readyValidator()
        let scenes = Scenes()
        stage.keeper.beforeKeeping { await scenes.note(await validator.board.scene) }
        await validator.taps.handle(try Stage.presented(1))
        #expect(await scenes.seen == [.ready])
        #expect(await validator.board.scene.look == .accepted)
    }

    @Test("A tap that cannot be recorded is not accepted; the next one that can heals")
    func journalFails() async throws {
        let stage = try Stage()
        let validator = try await stage.readyValidator()
        stage.keeper.setFailing(true)
        await validator.taps.handle(try Stage.presented(1))
        #expect(await validator.board.scene == .refused(.outOfService))
        #expect(validator.log.status.state == "out_of_service")
        #expect(validator.log.status.alarms.map(\.code) == ["tap_not_recorded"])
        #expect(stage.keeper.taps.isEmpty && stage.lines.all.isEmpty)
        stage.keeper.setFailing(false)
        // The rider of the failed tap taps again and is not held back for it.
        await validator.taps.handle(try Stage.presented(1))
        #expect(await validator.board.scene.look == .accepted)
        #expect(validator.log.status.state == "ready")
    }

    @Test("Refusals are recorded and shown for their reason")
    func refusals() async throws {
        let stage = try Stage()
        let validator = try await stage.readyValidator()
        await validator.intake.take(
            try stage.publisher.denyList(version: 3, [Stage.mediaKey(2)]), as: .denyList)
        await validator.taps.handle(try Stage.presented(2))
        #expect(await validator.board.scene == .refused(.denied))
        await validator.taps.handle(Stage.presented(.failed(.torn, nil)))
        #expect(await validator.board.scene == .refused(.unreadable))
        await validator.taps.handle(try Stage.presented(1))
        await validator.taps.handle(try Stage.presented(1))
        #expect(await validator.board.scene == .refused(.passback))
        #expect(
            stage.keeper.taps.map(\.verdict) == [
                .refused(.denied), .refused(.unreadable), .accepted, .refused(.passback),
            ])
        #expect(stage.keeper.taps[0].documents.denyListBase == 3)
        #expect(
            validator.log.status.taps
                == ["accepted": 1, "denied": 1, "passback": 1, "unreadable": 1])
    }

    @Test("After a restart nobody who was just let in is let in twice")
    func restart() async throws {
        let stage = try Stage()
        let first = try await stage.readyValidator()
        await first.taps.handle(try Stage.presented(1))
        // Boot has begun anew, the wall clock has gone on.
        stage.clock.set(
            .init(
                wall: Stage.issued.advanced(by: .seconds(90)),
                monotonic: MonotonicTime(milliseconds: 10), quality: .system))
        let second = try await stage.validator()
        await second.taps.handle(.attached(Stage.reader))
        await second.taps.handle(try Stage.presented(1))
        #expect(await second.board.scene == .refused(.passback))
        await second.taps.handle(try Stage.presented(2))
        #expect(await second.board.scene.look == .accepted)
    }

    @Test("A device that boots in 1970 lets honest riders in")
    func noClock() async throws {
        let stage = try Stage()
        stage.clock.set(
            .init(
                wall: Timestamp(secondsSince1970: 9), monotonic: MonotonicTime(milliseconds: 9_000),
                quality: .unset))
        let validator = try await stage.readyValidator()
        await validator.taps.handle(try Stage.presented(1))
        #expect(await validator.board.scene.look == .accepted)
        #expect(stage.keeper.taps.map(\.clockQuality) == [.unset])
    }

    @Test("A reduced fare is told from a full one")
    func reduced() async throws {
        let stage = try Stage()
        let validator = try await stage.readyValidator()
        await validator.taps.handle(try Stage.presented(1, category: "pupil"))
        #expect(
            await validator.board.scene
                == .accepted(atMost: Money(minorUnits: 750, currency: .uah), isReduced: true))
    }

    private actor Scenes {
        var seen: [DisplayScene] = []
        func note(_ scene: DisplayScene) { seen.append(scene) }
    }
}

@Suite("Readiness")
struct ReadinessTests {
    private let one: ReaderName = "Reader 00"
    private let two: ReaderName = "Reader 01"

    private func readiness(after events: ReaderEvent...) -> Readiness {
        var readiness = Readiness()
        readiness.hasConfiguration = true
        for event in events { _ = readiness.observe(event) }
        return readiness
    }

    @Test("Before readers and configuration are known the validator is starting")
    func starting() {
        #expect(Readiness().rest == .starting)
        #expect(readiness().rest == .starting)
        var unconfigured = readiness(after: .attached(one))
        #expect(unconfigured.rest == .ready)
        unconfigured.hasConfiguration = false
        #expect(unconfigured.rest == .starting)
    }

    @Test("One reader that answers is enough; none is a fault, and it passes by itself")
    func readers() {
        #expect(readiness(after: .attached(one), .attached(two), .silent(one)).rest == .ready)
        #expect(readiness(after: .attached(one), .silent(one)).rest == .readerFault)
        #expect(readiness(after: .attached(one), .silent(one), .recovered(one)).rest == .ready)
        #expect(readiness(after: .attached(one), .detached(one)).rest == .readerFault)
        #expect(
            readiness(after: .attached(one), .detached(one), .attached(one)).rest == .ready)
        #expect(readiness(after: .attached(one), .serviceLost).rest == .readerFault)
        #expect(
            readiness(after: .attached(one), .serviceLost, .serviceFound, .attached(one)).rest
                == .ready)
    }

    @Test("What went wrong is alarmed, what came right is not")
    func alarms() {
        var readiness = Readiness()
        var alarms: [String?] = []
        for event in [
            ReaderEvent.attached(one), .silent(one), .recovered(one), .detached(one),
            .serviceLost, .serviceFound,
        ] {
            alarms.append(readiness.observe(event)?.code)
        }
        let expected = [
            nil, "reader_silent", nil, "reader_detached", "reader_service_lost", nil,
        ]
        #expect(alarms == expected)
    }

    @Test("A journal that fails outweighs everything")
    func journal() {
        var readiness = readiness(after: .attached(one))
        readiness.isJournalSound = false
        #expect(readiness.rest == .outOfService)
    }
}
