import Feeds
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import SwiftProtobuf
import Testing
import TransitModel

@testable import OpenData

@Suite("Open data over HTTP")
struct OpenDataRoutesTests {
    private func town() throws -> OpenDataTown {
        OpenDataTown(
            [OpenDataTown.vehicle("101", atMetres: 1_112)],
            snapshot: ScheduleSnapshot(current: try OpenDataTown.schedule()))
    }

    @Test("The feed with its validators, and nothing when the client has it")
    func feed() async throws {
        try await town().withClient { client in
            let tag = "\"" + String(repeating: "01", count: 32) + "\""
            let modified = "Sun, 01 Mar 2026 06:05:00 GMT"
            try await client.execute(uri: "/gtfs/feed.zip", method: .get) { response in
                #expect(response.status == .ok)
                #expect(Array(buffer: response.body) == OneArchive.bytes)
                #expect(response.headers[.contentType] == "application/zip")
                #expect(response.headers[.eTag] == tag)
                #expect(response.headers[.lastModified] == modified)
                #expect(response.headers[.accessControlAllowOrigin] == "*")
            }
            try await client.execute(uri: "/gtfs/feed.zip", method: .head) { response in
                #expect(response.status == .ok)
                #expect(response.body.readableBytes == 0)
                #expect(response.headers[.contentLength] == "5")
            }
            for (field, value, status) in [
                (HTTPField.Name.ifNoneMatch, tag, HTTPResponse.Status.notModified),
                (.ifNoneMatch, "W/\(tag)", .notModified), (.ifNoneMatch, "*", .notModified),
                (.ifNoneMatch, "\"a\", \(tag)", .notModified), (.ifNoneMatch, "\"a\"", .ok),
                (.ifModifiedSince, modified, .notModified),
                (.ifModifiedSince, "Sun, 01 Mar 2026 06:04:59 GMT", .ok),
                (.ifModifiedSince, "yesterday", .ok),
            ] {
                try await client.execute(
                    uri: "/gtfs/feed.zip", method: .get, headers: [field: value]
                ) { response in
                    #expect(response.status == status, "\(field): \(value)")
                    #expect((response.body.readableBytes == 0) == (status == .notModified))
                }
            }
        }
    }

    @Test("Before the first feed there is none")
    func noFeed() async throws {
        try await OpenDataTown(snapshot: nil).withClient { client in
            try await client.execute(uri: "/gtfs/feed.zip", method: .get) { response in
                #expect(response.status == .notFound)
            }
        }
    }

    @Test("Positions as protobuf, and as JSON for who asks for it")
    func positions() async throws {
        let path = "/gtfs-realtime/vehicle-positions.pb"
        try await town().withClient { client in
            try await client.execute(uri: path, method: .get) { response in
                #expect(response.status == .ok)
                #expect(response.headers[.contentType] == "application/x-protobuf")
                #expect(response.headers[.vary] == "Accept")
                let message = try TransitRealtime_FeedMessage(
                    serializedBytes: Array(buffer: response.body))
                #expect(message.entity.map(\.id) == ["101"])
            }
            try await client.execute(
                uri: path, method: .get, headers: [.accept: "text/html, application/json;q=0.9"]
            ) { response in
                #expect(response.headers[.contentType] == "application/json; charset=utf-8")
                let text = String(buffer: response.body)
                #expect(text.contains("\"gtfs_realtime_version\":\"2.0\""))
                #expect(text.contains("\"current_status\":\"STOPPED_AT\""))
            }
            for accept in ["application/x-protobuf, application/json", "*/*"] {
                try await client.execute(uri: path, method: .get, headers: [.accept: accept]) {
                    #expect($0.headers[.contentType] == "application/x-protobuf")
                }
            }
        }
    }

    @Test("One look a second however many ask; the message's time never goes back (E017, E018)")
    func oneASecond() async throws {
        let town = try town()
        try await town.withClient { client in
            let path = "/gtfs-realtime/vehicle-positions.pb"
            func timestamp(_ headers: HTTPFields = [:]) async throws -> UInt64 {
                try await client.execute(uri: path, method: .get, headers: headers) { response in
                    if response.status == .notModified { return 0 }
                    return try TransitRealtime_FeedMessage(
                        serializedBytes: Array(buffer: response.body)
                    ).header.timestamp
                }
            }
            let first = try await timestamp()
            town.time.move(by: .milliseconds(900))
            await town.vehicles.put([])
            #expect(try await timestamp() == first)
            #expect(await town.vehicles.looks == 1)
            #expect(try await timestamp([.ifNoneMatch: "\"\(first)\""]) == 0)
            town.time.move(by: .milliseconds(200))
            #expect(try await timestamp() == first + 1)
            #expect(await town.vehicles.looks == 2)
            town.time.move(by: .seconds(-60))
            #expect(try await timestamp() == first + 1)
        }
    }

    @Test("A database that is away is said so, and asked again later")
    func away() async throws {
        let town = try town()
        await town.vehicles.goAway()
        try await town.withClient { client in
            try await client.execute(
                uri: "/gtfs-realtime/vehicle-positions.pb", method: .get
            ) { response in
                #expect(response.status == .serviceUnavailable)
                #expect(response.headers[.retryAfter] == "10")
            }
        }
    }

    @Test("Dates of headers are written and read back")
    func dates() {
        let instant = Timestamp(secondsSince1970: 784_111_777)
        #expect(HTTPDate.text(instant) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.instant("Sun, 06 Nov 1994 08:49:37 GMT") == instant)
        for bad in [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        ] {
            #expect(HTTPDate.instant(bad) == nil)
        }
    }
}
