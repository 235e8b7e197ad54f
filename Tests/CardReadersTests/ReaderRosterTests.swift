import CPCSC
import Testing
import TransitModel

@testable import CardReaders

@Suite("Reader roster")
struct ReaderRosterTests {
    private let empty = UInt(SCARD_STATE_EMPTY)
    private let present = UInt(SCARD_STATE_PRESENT)

    private func state(_ name: ReaderName, _ bits: UInt, events: UInt) -> PCSCContext.ReaderState {
        PCSCContext.ReaderState(name: name, bits: bits | events << 16)
    }

    /// What a script of states of one reader means.
    private func changes(_ states: [(bits: UInt, events: UInt)]) -> [ReaderRoster.Change?] {
        var roster = ReaderRoster()
        _ = roster.update(names: ["a"])
        return states.map { roster.observe(state("a", $0.bits, events: $0.events)) }
    }

    @Test("Readers come and go, in a fixed order")
    func names() {
        var roster = ReaderRoster()
        let steps = [["b", "a"], ["b", "a"], ["a", "c"], []].map { (names: [ReaderName]) in
            roster.update(names: names)
        }
        #expect(
            steps == [
                [.attached("b"), .attached("a")], [], [.detached("b"), .attached("c")],
                [.detached("a"), .detached("c")],
            ])
        #expect(roster.known.isEmpty)
    }

    @Test("A medium that enters, lies there, leaves and comes back")
    func medium() {
        #expect(
            changes([(empty, 0), (present, 1), (present, 1), (empty, 2), (present, 3)])
                == [nil, .mediumEntered("a"), nil, nil, .mediumEntered("a")])
    }

    @Test("Power and use by others are no presentation")
    func otherBits() {
        let inUse = UInt(SCARD_STATE_INUSE | SCARD_STATE_EXCLUSIVE)
        let unpowered = UInt(SCARD_STATE_UNPOWERED)
        #expect(
            changes([(present, 1), (present | inUse, 1), (present | unpowered, 1)])
                == [.mediumEntered("a"), nil, nil])
    }

    @Test("A change between two looks shows in the count alone")
    func fastChange() {
        #expect(
            changes([(present, 1), (present, 3)])
                == [.mediumEntered("a"), .mediumEntered("a")])
    }

    @Test("A medium that lies there when we come is read")
    func alreadyThere() {
        #expect(changes([(present, 0)]) == [.mediumEntered("a")])
    }

    @Test("A reader that is not on the list says nothing")
    func stranger() {
        var roster = ReaderRoster()
        let change = roster.observe(state("x", present, events: 1))
        #expect(change == nil)
    }

    @Test("A reader that comes back is looked at anew")
    func comesBack() {
        var roster = ReaderRoster()
        _ = roster.update(names: ["a"])
        _ = roster.observe(state("a", present, events: 1))
        _ = roster.update(names: [])
        _ = roster.update(names: ["a"])
        let change = roster.observe(state("a", present, events: 1))
        #expect(change == .mediumEntered("a"))
    }
}
