import Foundation
import LocalStack
import TransitModel
import VirtualCards

/// A vehicle on its route: it stops, riders board and hold their cards to its readers, it goes on.
struct DemoVehicle: Sendable {
    let name: String
    let route: DemoRoute
    let readers: [CardReaderDaemon.Reader]
    /// Tells the validator where the vehicle is.
    let serviceFile: String
    let narrator: Narrator

    /// All calls of all trips, one after the other.
    private var calls: [DemoService] {
        route.trips.flatMap { trip in
            trip.stops.map {
                DemoService(route: route.id, trip: trip.id, stop: $0, direction: trip.direction)
            }
        }
    }

    /// - Parameter call: Counts from the first stop of the first trip; after the last comes the
    ///   first again.
    func arrive(at call: Int) throws {
        let calls = calls
        try calls[call % calls.count].write(to: serviceFile)
    }

    /// Drives until the task is cancelled, at the pace of a quiet street.
    func drive(with riders: DemoRiders) async {
        for call in 0... {
            do {
                try arrive(at: call)
                try await withThrowingTaskGroup(of: Void.self) { doors in
                    for reader in readers {
                        doors.addTask { try await board(through: reader, riders) }
                    }
                    try await doors.waitForAll()
                }
                try await Task.sleep(for: .seconds(.random(in: 4...9)))
            } catch {
                if error is CancellationError || Task.isCancelled { return }
                narrator.say("! \(name): \(error)")
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }

    private func board(
        through reader: CardReaderDaemon.Reader, _ riders: DemoRiders
    ) async throws {
        let field = VPCDClient(port: reader.port)
        defer { field.remove() }
        for _ in 0..<Int.random(in: 0...3) {
            try await Task.sleep(for: .seconds(.random(in: 0.6...2.5)))
            let rider = try await riders.next(at: .now)
            do {
                try field.insert(rider.card, fault: rider.fault)
            } catch is CardSocketError {
                // The readers are being started again; the rider waits with the others.
                continue
            }
            // The reader looks every 0.4 s; a person takes the card away on seeing green.
            try await Task.sleep(for: .seconds(.random(in: 1.0...1.6)))
            field.remove()
        }
    }
}

extension Timestamp {
    fileprivate static var now: Timestamp {
        Timestamp(millisecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1_000))
    }
}
