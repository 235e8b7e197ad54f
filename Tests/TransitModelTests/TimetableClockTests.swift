import Testing
import TransitModel

@Suite("The timetable's clock")
struct TimetableClockTests {
    private static let start = Timestamp(secondsSince1970: 1_795_000_000)
    private static let rush = Timestamp(secondsSince1970: 1_795_020_000)

    @Test("In service it shows the time as it is")
    func real() {
        #expect(TimetableClock.real.isReal)
        #expect(TimetableClock.real.timetable(at: Self.start) == Self.start)
    }

    @Test("Shifted and sped up, it goes on from its anchor and back", arguments: [1, 7, 60])
    func shifted(rate: Int) {
        let clock = TimetableClock(wall: Self.start, timetable: Self.rush, rate: rate)
        #expect(!clock.isReal)
        #expect(clock.timetable(at: Self.start) == Self.rush)
        let later = Self.start.advanced(by: .seconds(90))
        #expect(clock.timetable(at: later) == Self.rush.advanced(by: .seconds(90 * rate)))
        #expect(clock.wall(atTimetable: clock.timetable(at: later)) == later)
    }

    @Test("It travels as text, and nonsense is refused")
    func text() {
        let clock = TimetableClock(wall: Self.start, timetable: Self.rush, rate: 10)
        #expect(TimetableClock(text: clock.text) == clock)
        for nonsense in ["", "1,2", "1,2,0", "1,2,61", "-1,2,1", "1,2,3,4", "a,2,1"] {
            #expect(TimetableClock(text: nonsense) == nil)
        }
    }
}
