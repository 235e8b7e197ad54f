import Console
import Store
import Testing
import TransitModel

@Suite("Watching the books")
struct BooksWatchTests {
    @Test("Books are compared again only after a rest")
    func booksRest() async throws {
        struct Counting: BookReadings {
            let count: Counter
            func books() async throws -> Books {
                await count.add()
                return FakeReadings().standing
            }
        }
        actor Counter {
            var value = 0
            func add() { value += 1 }
        }
        let (clock, counter) = (TestClock(), Counter())
        let watch = BooksWatch(
            readings: Counting(count: counter), shortestRest: .seconds(5), clock: { clock.now })
        _ = try await watch.check()
        _ = try await watch.check()
        #expect(await counter.value == 1)
        clock.advance(by: .seconds(5))
        #expect(try await watch.check().checkedAt == clock.now)
        #expect(await counter.value == 2)
    }
}
