import TransitModel

/// The fleet's changes, one after the other, as fast as the reader takes them.
///
/// A slow reader gets fewer and larger changes, and loses nothing.
package struct FleetWatch: AsyncSequence, Sendable {
    let desk: FleetDesk
    let ticks: AsyncStream<Void>

    package struct Iterator: AsyncIteratorProtocol {
        let desk: FleetDesk
        var ticks: AsyncStream<Void>.Iterator
        var revision = 0

        package mutating func next() async -> FleetChange? {
            guard await ticks.next() != nil else { return nil }
            let change = await desk.changes(since: revision)
            revision = change.revision
            return change
        }
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(desk: desk, ticks: ticks.makeAsyncIterator())
    }
}
