import Positioning
import Testing
import TransitModel

@Suite("Which claims are fixes")
struct FixJudgeTests {
    private static let square = GeoPoint(latitude: 50.45, longitude: 30.52)
    /// 3 km to the east.
    private static let elsewhere = square.moved(eastMetres: 3_000, northMetres: 0)

    private static func instant(_ seconds: Int) -> PositionInstant {
        PositionInstant(
            wall: Timestamp(secondsSince1970: 1_795_000_000 + Int64(seconds)),
            monotonic: MonotonicTime(milliseconds: Int64(seconds) * 1_000))
    }

    private static func claim(
        _ point: GeoPoint, _ second: Int
    ) -> GPSDReport.TimePositionVelocity {
        .init(mode: 3, time: "\(second)", point: point)
    }

    @Test("Away, there, a fix, silence, a fix, away")
    func life() throws {
        var judge = FixJudge()
        #expect(judge.state(at: Self.instant(0).monotonic) == .disconnected)
        judge.connected()
        #expect(judge.state(at: Self.instant(0).monotonic) == .noFix)
        #expect(judge.receive(.init(mode: 1), at: Self.instant(1)) == nil)
        #expect(judge.state(at: Self.instant(1).monotonic) == .noFix)

        let first = judge.receive(Self.claim(Self.square, 2), at: Self.instant(2))
        let fix = try #require(first)
        #expect(judge.state(at: Self.instant(7).monotonic) == .fix(fix))
        #expect(judge.state(at: Self.instant(8).monotonic) == .stale(fix))
        #expect(fix.age(at: Self.instant(8).monotonic) == .seconds(6))

        // A mode without a place is no fix, whatever it says; the old place is remembered.
        #expect(judge.receive(.init(mode: 3, time: "9"), at: Self.instant(9)) == nil)
        #expect(judge.state(at: Self.instant(9).monotonic) == .noFix)
        judge.disconnected()
        #expect(judge.state(at: Self.instant(9).monotonic) == .disconnected)
        #expect(judge.lastFix(at: Self.instant(9).monotonic) == fix)
        #expect(judge.lastFix(at: Self.instant(603).monotonic) == nil)
    }

    @Test("One epoch that is reported twice is one fix and makes nothing younger")
    func repeated() throws {
        var judge = FixJudge()
        judge.connected()
        let first = judge.receive(Self.claim(Self.square, 1), at: Self.instant(1))
        let fix = try #require(first)
        #expect(judge.receive(Self.claim(Self.square, 1), at: Self.instant(5)) == nil)
        #expect(judge.state(at: Self.instant(7).monotonic) == .stale(fix))
    }

    @Test("A leap is believed only when the receiver stays with it")
    func leap() throws {
        var judge = FixJudge()
        judge.connected()
        let first = judge.receive(Self.claim(Self.square, 1), at: Self.instant(1))
        let last = try #require(first)
        for second in 2...5 {
            #expect(
                judge.receive(Self.claim(Self.elsewhere, second), at: Self.instant(second)) == nil)
            #expect(
                judge.state(at: Self.instant(second).monotonic)
                    == .implausible(claimed: Self.elsewhere, last: last))
        }
        #expect(judge.receive(Self.claim(Self.elsewhere, 6), at: Self.instant(6)) != nil)
        #expect(judge.receive(Self.claim(Self.elsewhere, 7), at: Self.instant(7)) != nil)
    }

    @Test("A receiver that jumps to and fro convinces nobody, and home it is believed at once")
    func toAndFro() {
        var judge = FixJudge()
        judge.connected()
        _ = judge.receive(Self.claim(Self.square, 1), at: Self.instant(1))
        for second in 2...20 {
            let spoofed = Self.square.moved(
                eastMetres: second.isMultiple(of: 2) ? 9_000 : -9_000, northMetres: 0)
            #expect(judge.receive(Self.claim(spoofed, second), at: Self.instant(second)) == nil)
        }
        #expect(judge.receive(Self.claim(Self.square, 21), at: Self.instant(21)) != nil)
    }

    @Test("What a vehicle can have driven in the time is no leap")
    func tunnel() {
        var judge = FixJudge()
        judge.connected()
        _ = judge.receive(Self.claim(Self.square, 1), at: Self.instant(1))
        // Three kilometres in two minutes are 90 km/h.
        #expect(judge.receive(Self.claim(Self.elsewhere, 121), at: Self.instant(121)) != nil)
    }
}
