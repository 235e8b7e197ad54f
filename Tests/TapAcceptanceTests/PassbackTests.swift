import TapAcceptance
import Testing
import TransitModel

@Suite("Passback")
struct PassbackTests {
    @Test("The same ticket is held back until the window has passed, to the millisecond")
    func window() throws {
        var scene = try Scene()
        #expect(try scene.tap(Scene.rider()) == .accepted)
        scene.pass(.milliseconds(599_999))
        #expect(try scene.tap(Scene.rider()) == .refused(.passback))
        scene.pass(.milliseconds(1))
        #expect(try scene.tap(Scene.rider()) == .accepted)
    }

    @Test("Other tickets, another trip and another vehicle are free")
    func otherRides() throws {
        var scene = try Scene()
        #expect(try scene.tap(Scene.rider(1)) == .accepted)
        #expect(try scene.tap(Scene.rider(2)) == .accepted)
        scene.circumstances.service.stop = "s4"
        #expect(try scene.tap(Scene.rider(1)) == .refused(.passback))
        scene.circumstances.service.trip = "t2"
        #expect(try scene.tap(Scene.rider(1)) == .accepted)
        scene.circumstances.service.vehicle = "bus-8"
        #expect(try scene.tap(Scene.rider(1)) == .accepted)
    }

    @Test("While the trip is unknown the route stands in for it")
    func unknownTrip() throws {
        var scene = try Scene()
        scene.circumstances.service.trip = nil
        #expect(try scene.tap(Scene.rider()) == .accepted)
        #expect(try scene.tap(Scene.rider()) == .refused(.passback))
        scene.circumstances.service.route = "13"
        #expect(try scene.tap(Scene.rider()) == .accepted)
    }

    @Test("A refused tap holds nobody back")
    func refusedTap() throws {
        var scene = try Scene()
        let from = Scene.noon.advanced(by: .seconds(10))
        #expect(try scene.tap(Scene.rider(validFrom: from)) == .refused(.notYetValid))
        scene.pass(.seconds(10))
        #expect(try scene.tap(Scene.rider(validFrom: from)) == .accepted)
    }

    @Test("Wall time that jumps changes nothing within a boot")
    func wallClockJumps() throws {
        var scene = try Scene()
        #expect(try scene.tap(Scene.rider()) == .accepted)
        scene.pass(.seconds(5))
        scene.circumstances.tappedAt = Scene.noon.advanced(by: .seconds(3_000))
        #expect(try scene.tap(Scene.rider()) == .refused(.passback))
        scene.pass(.seconds(600))
        scene.circumstances.tappedAt = Scene.noon
        #expect(try scene.tap(Scene.rider()) == .accepted)
    }

    @Test("After a restart the journal's taps hold back by wall time")
    func recovered() throws {
        var scene = try Scene()
        let tap = try scene.decide(Scene.rider()).tap
        scene.recent.recover([tap])
        scene.pass(.seconds(30))
        scene.circumstances.monotonic = MonotonicTime(milliseconds: 100)
        #expect(try scene.decide(Scene.rider()).verdict == .refused(.passback))
        scene.circumstances.clockQuality = .unset
        #expect(try scene.decide(Scene.rider()).verdict == .accepted)
        scene.circumstances.clockQuality = .system
        scene.circumstances.tappedAt = Scene.noon.advanced(by: .seconds(-1))
        #expect(try scene.decide(Scene.rider()).verdict == .accepted)
    }

    @Test("Memory is bounded and forgets the oldest first", arguments: [1, 2, 7, 64])
    func bounded(limit: Int) throws {
        var scene = try Scene()
        scene.recent = RecentTaps(limit: limit)
        for number in UInt8(0)..<200 {
            #expect(try scene.tap(Scene.rider(number)) == .accepted)
            #expect(scene.recent.count <= limit)
            #expect(try scene.decide(Scene.rider(number)).verdict == .refused(.passback))
        }
        #expect(try scene.decide(Scene.rider(0)).verdict == .accepted)
    }

    @Test("No ride is ever paid twice within the window", arguments: UInt64(1)...50)
    func neverTwice(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var scene = try Scene()
        var accepted: [UInt8: Int64] = [:]
        for _ in 0..<200 {
            scene.pass(.seconds(Int64.random(in: 0...120, using: &random)))
            let rider = UInt8.random(in: 1...8, using: &random)
            let now = scene.circumstances.monotonic.milliseconds
            let verdict = try scene.tap(Scene.rider(rider))
            if let last = accepted[rider], now - last < 600_000 {
                #expect(verdict == .refused(.passback))
            } else {
                #expect(verdict == .accepted)
                accepted[rider] = now
            }
        }
    }
}
