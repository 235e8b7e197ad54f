import Store
import Testing
import TransitModel

@testable import Fleet

@Suite("Fleet state")
struct FleetStateTests {
    private let now = Sample.noon

    private func state(_ locations: [ReceivedLocation]) -> FleetState {
        var state = FleetState()
        state.apply(locations, health: nil, timetable: LetterTimetable(), at: now)
        return state
    }

    @Test("Who asks first gets the whole, who asks again what changed")
    func changes() {
        var state = state([Sample.received("a"), Sample.received("b")])
        let first = state.changes(since: 0, at: now)
        #expect(first.isWhole)
        #expect(first.vehicles.map(\.id) == ["a", "b"])
        #expect(state.changes(since: first.revision, at: now).vehicles.isEmpty)
        state.apply(
            [Sample.received("b", second: 1)], health: nil, timetable: LetterTimetable(),
            at: now.advanced(by: .seconds(1)))
        let second = state.changes(since: first.revision, at: now)
        #expect(!second.isWhole)
        #expect(second.vehicles.map(\.id) == ["b"])
        #expect(second.described.isEmpty)
    }

    @Test("What was read before is no news, and older than known neither")
    func repeated() {
        var state = state([Sample.received("a", second: 5)])
        let revision = state.revision
        for second in [5, 3] {
            state.apply(
                [Sample.received("a", second: second)], health: nil,
                timetable: LetterTimetable(), at: now.advanced(by: .seconds(5)))
        }
        #expect(state.revision == revision)
    }

    @Test("On route, off route, without a trip, silent, and back")
    func statuses() {
        var state = state([
            Sample.received("a"), Sample.received("b", trip: "o-1"),
            Sample.received("c", trip: nil),
        ])
        #expect(state.vehicles.map(\.status) == [.onRoute, .offRoute, .noTrip])
        #expect(state.vehicles.map(\.delay) == [.seconds(90), nil, nil])
        let later = now.advanced(by: .seconds(30))
        state.apply([], health: nil, timetable: LetterTimetable(), at: later)
        #expect(state.vehicles.map(\.status) == [.silent, .silent, .silent])
        state.apply(
            [Sample.received("a", second: 31)], health: nil, timetable: LetterTimetable(),
            at: later.advanced(by: .seconds(1)))
        #expect(state.vehicles.map(\.status) == [.onRoute, .silent, .silent])
    }

    @Test("Who is gone for half a day is no longer shown, and everybody is told the whole again")
    func gone() {
        var state = state([Sample.received("a")])
        let seen = state.revision
        let later = now.advanced(by: .seconds(43_200))
        state.apply(
            [Sample.received("b", second: 43_200), Sample.received("a")], health: nil,
            timetable: LetterTimetable(), at: later)
        let change = state.changes(since: seen, at: later)
        #expect(change.isWhole)
        #expect(change.vehicles.map(\.id) == ["b"])
        #expect(change.vehicles.map(\.number) == [2])
    }

    @Test("Who fell silent at the end of a trip went home; who did so on the way is missed")
    func offDuty() {
        let all = [
            Sample.received("a"), Sample.received("b", trip: "e-1"),
            Sample.received("c", trip: nil), Sample.received("d", trip: "o-1"),
        ]
        var state = state(all)
        func look(after seconds: Int) -> [VehicleID] {
            state.apply(
                all, health: nil, timetable: LetterTimetable(),
                at: now.advanced(by: .seconds(seconds)))
            return state.vehicles.map(\.id)
        }
        #expect(look(after: 899) == ["a", "b", "c", "d"])
        #expect(state.vehicles.allSatisfy { $0.status == .silent })
        #expect(look(after: 900) == ["a", "d"])
        // Rows of those at home are read again and again; they are no news.
        let revision = state.revision
        #expect(look(after: 930) == ["a", "d"])
        #expect(state.revision == revision)
        #expect(look(after: 43_200).isEmpty)
    }

    @Test("A new timetable describes everybody anew")
    func newTimetable() {
        var state = state([Sample.received("a")])
        let revision = state.revision
        state.apply(
            [], health: nil, timetable: LetterTimetable(version: "second", delay: .seconds(5)),
            at: now)
        let change = state.changes(since: revision, at: now)
        #expect(change.streetsVersion == "second")
        #expect(change.vehicles.map(\.delay) == [.seconds(5)])
        #expect(!change.isWhole)
        state.apply([], health: nil, timetable: nil, at: now)
        #expect(state.vehicles.map(\.status) == [.noTrip])
    }

    @Test("The way along a trip is handed on; another trip starts afresh")
    func previousMetres() {
        var state = state([Sample.received("a")])
        func metres(_ second: Int, _ trip: TripID) -> Double? {
            state.apply(
                [Sample.received("a", second: second, trip: trip)], health: nil,
                timetable: LetterTimetable(), at: now.advanced(by: .seconds(second)))
            return state["a"]?.service.distanceMetres
        }
        #expect(metres(1, "t-1") == 2)
        #expect(metres(2, "t-1") == 3)
        #expect(metres(3, "t-2") == 1)
    }

    @Test("A device that fails, or waits too long, marks its vehicle until it is well")
    func attention() {
        var state = state([Sample.received("a"), Sample.received("b"), Sample.received("c")])
        func attention(_ health: [ReceivedHealth]?) -> [Bool] {
            state.apply([], health: health, timetable: LetterTimetable(), at: now)
            return state.vehicles.map(\.needsAttention)
        }
        let ailing = [
            Sample.health("a", journalIsSound: false),
            Sample.health("b", oldestWaiting: .seconds(901)), Sample.health("c"),
        ]
        #expect(attention(ailing) == [true, true, false])
        #expect(attention(nil) == [true, true, false])
        #expect(attention([Sample.health("c", soundReaders: 0)]) == [false, false, true])
    }
}
