import Feeds
import Foundation
import SwiftProtobuf
import TransitModel

/// Publishes vehicle positions, made anew at most once a second however many ask.
///
/// The message's time is what readers tell versions apart by: it never goes back, and two
/// messages of one time are one message.
actor VehiclePositionsFeed {
    /// One message in both its forms.
    struct Edition: Sendable {
        let madeAt: Timestamp
        let protobuf: [UInt8]
        let json: [UInt8]
    }

    private let source: any VehicleSource
    private let snapshot: @Sendable () -> ScheduleSnapshot?
    private let timetableClock: TimetableClock
    private let clock: @Sendable () -> Timestamp
    private var latest: Edition?
    private var making: Task<Edition, any Error>?

    init(
        source: any VehicleSource, snapshot: @escaping @Sendable () -> ScheduleSnapshot?,
        timetableClock: TimetableClock, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.source = source
        self.snapshot = snapshot
        self.timetableClock = timetableClock
        self.clock = clock
    }

    /// The message of this second.
    func edition() async throws -> Edition {
        let now = clock().wholeSecond
        if let latest, latest.madeAt >= now { return latest }
        if let making { return try await making.value }
        let task = Task { try await make(at: now) }
        making = task
        defer { making = nil }
        let edition = try await task.value
        latest = edition
        return edition
    }

    private func make(at now: Timestamp) async throws -> Edition {
        let message = VehiclePositions(snapshot: snapshot(), timetableClock: timetableClock)
            .message(try await source.listVehicles(), at: now)
        let protobuf: [UInt8] = try message.serializedBytes()
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        let json: [UInt8] = try message.jsonUTF8Bytes(options: options)
        return Edition(madeAt: now, protobuf: protobuf, json: json)
    }
}

extension Timestamp {
    fileprivate var wholeSecond: Timestamp {
        Timestamp(secondsSince1970: millisecondsSince1970 / 1_000)
    }
}
