import Store
import TransitModel

/// The newest known comparison of the books.
package struct BooksCheck: Hashable, Sendable {
    package let books: Books
    package let checkedAt: Timestamp

    package init(books: Books, checkedAt: Timestamp) {
        self.books = books
        self.checkedAt = checkedAt
    }
}

/// Compares the books now and then, however many pages show the outcome.
///
/// A comparison reads every entry there is. It is therefore repeated only after a rest that grows
/// with the time it took, so that watching the books never becomes the database's main work.
package actor BooksWatch {
    private let readings: any BookReadings
    private let clock: @Sendable () -> Timestamp
    private let shortestRest: Duration
    private var latest: BooksCheck?
    private var restsUntil: Timestamp?
    private var running: Task<BooksCheck, any Error>?

    package init(
        readings: any BookReadings, shortestRest: Duration = .seconds(5),
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.readings = readings
        self.shortestRest = shortestRest
        self.clock = clock
    }

    /// The last comparison, or a new one when that is due. Callers share one that is under way.
    package func check() async throws -> BooksCheck {
        if let latest, let restsUntil, clock() < restsUntil { return latest }
        if let running { return try await running.value }
        let task = Task { [readings, clock] in
            BooksCheck(books: try await readings.books(), checkedAt: clock())
        }
        running = task
        defer { running = nil }
        let began = clock()
        let check = try await task.value
        let took = check.checkedAt.elapsed(since: began)
        latest = check
        restsUntil = check.checkedAt.advanced(by: max(shortestRest, took * 20))
        return check
    }
}
