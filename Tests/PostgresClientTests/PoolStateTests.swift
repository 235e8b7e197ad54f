import Testing

@testable import PostgresClient

@Suite("Pool state")
struct PoolStateTests {
    private typealias State = PoolState<String, String>

    @Test("Opens up to the limit, then lets callers wait, then turns them away")
    func limits() {
        var state = State(limit: 2, waiterLimit: 1)
        #expect(name(state.lease()) == "open")
        #expect(name(state.lease()) == "open")
        #expect(name(state.lease()) == "wait")
        state.wait("first", as: state.makeWaiterID())
        #expect(name(state.lease()) == "refuse")
    }

    @Test("A returned connection goes to who waited longest, then rests, and is used again")
    func handOver() {
        var state = State(limit: 1, waiterLimit: 10)
        _ = state.lease()
        state.wait("first", as: state.makeWaiterID())
        state.wait("second", as: state.makeWaiterID())
        #expect(name(state.giveBack("a")) == "hand a to first")
        #expect(name(state.giveBack("a")) == "hand a to second")
        #expect(name(state.giveBack("a")) == "keep")
        #expect(name(state.lease()) == "use a")
    }

    @Test("A lost connection frees its place: for a waiter, else for the next caller")
    func loss() {
        var state = State(limit: 1, waiterLimit: 10)
        _ = state.lease()
        state.wait("first", as: state.makeWaiterID())
        #expect(name(state.discard()) == "replace for first")
        #expect(name(state.discard()) == "drop")
        #expect(name(state.lease()) == "open")
    }

    @Test("Who gave up waiting is passed over, once")
    func abandoned() {
        var state = State(limit: 1, waiterLimit: 10)
        _ = state.lease()
        let first = state.makeWaiterID()
        state.wait("first", as: first)
        state.wait("second", as: state.makeWaiterID())
        #expect(state.abandonWait(first) == "first")
        #expect(state.abandonWait(first) == nil)
        #expect(name(state.giveBack("a")) == "hand a to second")
    }

    @Test("A closed pool hands out nothing and keeps nothing")
    func closing() {
        var state = State(limit: 2, waiterLimit: 10)
        _ = state.lease()
        _ = state.lease()
        _ = state.giveBack("a")
        let (waiters, idle) = state.close()
        #expect(waiters.isEmpty)
        #expect(idle == ["a"])
        #expect(name(state.giveBack("b")) == "drop")
        #expect(name(state.lease()) == "refuse")
    }

    private func name(_ lease: State.Lease) -> String {
        switch lease {
        case .use(let connection): "use \(connection)"
        case .open: "open"
        case .wait: "wait"
        case .refuse: "refuse"
        }
    }

    private func name(_ answer: State.Return) -> String {
        switch answer {
        case .hand(let connection, let waiter): "hand \(connection) to \(waiter)"
        case .keep: "keep"
        case .replace(let waiter): "replace for \(waiter)"
        case .drop: "drop"
        }
    }
}
