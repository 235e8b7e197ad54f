import Fares
import Feeds
import Foundation
import LocalStack
import Testing
import TransitModel

@Suite("Journey histories and their answers")
struct FareQuotationTests {
    private func engine() throws -> FareEngine {
        let files = try FeedFiles(path: Checkout.path("simulations/feeds/demo-town"))
        return FareEngine(try LoadedFeed(files, tariff: "demo-town").tariff)
    }

    private func answer(_ line: String) throws -> String {
        FareQuotation.answer(try JourneyHistory(jsonLine: Array(line.utf8)), under: try engine())
    }

    @Test("A priced journey, with the rules of each leg")
    func priced() throws {
        let line = """
            {"id":"a","rider":{"rider_category_id":"pupil","fare_media_id":"card",\
            "held_fare_product_ids":[]},"legs":[{"route_id":"tram-1","from_stop_id":"vokzal",\
            "to_stop_id":"teatr","departed_at":"2026-03-02T07:58:00+02:00",\
            "arrived_at":"2026-03-02T08:21:00+02:00","distance_m":1900},\
            {"route_id":"bus-3","from_stop_id":"ploshcha-bus","departed_at":"2026-03-02T06:30:00Z"}]}
            """
        #expect(
            try answer(line) == """
                {"id":"a","currency":"UAH","total":"7.50","legs":[{"charge":"7.50",\
                "fare_product_id":"single","rules":[{"rule":"fare_leg_rule","code":"leg_fare",\
                "amount":"7.50","detail":{"fare_product_id":"single","leg_group_id":"urban_ride",\
                "network_id":"urban","rider_category_id":"pupil","fare_media_id":"card"}}]},\
                {"charge":"0.00","fare_product_id":"single","rules":[{"rule":"fare_leg_rule",\
                "code":"covered_by_transfer","amount":"0.00","detail":{"fare_product_id":"single",\
                "leg_group_id":"urban_ride","network_id":"urban","rider_category_id":"pupil",\
                "fare_media_id":"card"}},{"rule":"fare_transfer_rule","code":"transfer_free",\
                "amount":"0.00","detail":{"from_leg_group_id":"urban_ride",\
                "to_leg_group_id":"urban_ride","fare_transfer_type":0,"transfer":1,\
                "duration_limit":3600,"elapsed_seconds":1920}}]}]}
                """)
    }

    @Test(
        "A refusal is an answer that names what is at fault",
        arguments: [
            (
                #"{"id":"b","legs":[]}"#,
                #"{"id":"b","error":{"code":"no_legs","message":"the journey has no legs"}}"#
            ),
            (
                #"{"id":"c","legs":[{"route_id":"99","departed_at":"2026-03-02T07:58:00Z"}]}"#,
                #"{"id":"c","error":{"code":"unknown_route","#
                    + #""message":"route \"99\" is not in routes.txt"}}"#
            ),
            (
                #"{"id":"d","rider":{"held_fare_product_ids":["monthly"]},"#
                    + #""legs":[{"route_id":"tram-1","departed_at":"2026-03-02T07:58:00Z"}]}"#,
                #"{"id":"d","error":{"code":"unknown_fare_product","#
                    + #""message":"fare product \"monthly\" is not in fare_products.txt"}}"#
            ),
        ])
    func refused(line: String, expected: String) throws {
        #expect(try answer(line) == expected)
    }

    @Test("Without a medium the cheapest is found; several categories apply at once")
    func cheapest() throws {
        let line = """
            {"id":"e","rider":{"rider_category_ids":["adult","pensioner"]},\
            "legs":[{"route_id":"tram-1","departed_at":"2026-03-02T07:58:00Z"}]}
            """
        #expect(try answer(line).contains(#""total":"0.00""#))
    }

    @Test(
        "A line that is not a history is refused with its field",
        arguments: [
            ("x", "the line is not a JSON object"),
            ("[]", "the line is not a JSON object"),
            (#"{"legs":[]}"#, "id: a value is required"),
            (#"{"id":1,"legs":[]}"#, "id: is not a text"),
            (#"{"id":"a","legs":{}}"#, "legs: is not a list"),
            (#"{"id":"a","legs":[{}]}"#, "legs[0].departed_at: a value is required"),
            (
                #"{"id":"a","legs":[{"departed_at":"2026-03-02T07:58:00"}]}"#,
                "legs[0].departed_at: \"2026-03-02T07:58:00\" is not an instant with its offset "
                    + "from UTC"
            ),
        ])
    func malformed(line: String, message: String) throws {
        let error = #expect(throws: JourneyHistoryError.self) {
            try JourneyHistory(jsonLine: Array(line.utf8))
        }
        #expect(error?.description == message)
    }
}

@Suite("Instants as text")
struct InstantTextTests {
    @Test(
        "RFC 3339 with an offset",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-03-02T07:58:00+02:00", 1_772_431_080_000),
            ("2026-03-02T05:58:00.250Z", 1_772_431_080_250),
            ("2026-03-02T05:58:00.2505z", 1_772_431_080_250),
            ("1969-12-31T23:59:59-00:00", -1_000), ("2026-10-25T03:30:00+03:00", 1_792_888_200_000),
        ] as [(String, Int64)])
    func reads(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.millisecondsSince1970 == milliseconds)
    }

    @Test(
        "Anything else is no instant",
        arguments: [
            "", "2026-03-02", "2026-03-02T07:58:00", "2026-02-30T07:58:00Z", "2026-03-02T24:00:00Z",
            "2026-03-02T07:60:00Z", "2026-03-02T07:58:00+2:00", "2026-03-02T07:58:00.Z",
            "2026-03-02T07:58:00Zx", "٢٠٢٦-03-02T07:58:00Z", "2026-03-02T٠٧:58:00Z",
        ])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("Written in UTC and read back")
    func roundTrip() {
        #expect(Timestamp(secondsSince1970: 1_772_431_080).rfc3339 == "2026-03-02T05:58:00Z")
    }
}

@Suite("Lines of a file")
struct LineReaderTests {
    private func lines(_ text: String) throws -> [String] {
        let folder = try ScratchFolder("lines")
        try Data(text.utf8).write(to: folder.url.appending(path: "f"))
        let handle = try FileHandle(forReadingFrom: folder.url.appending(path: "f"))
        var reader = LineReader(handle)
        var lines: [String] = []
        while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        #expect(reader.line == lines.count)
        return lines
    }

    @Test("Both line ends, and a last line without one")
    func ends() throws {
        #expect(try lines("a\r\n\nb") == ["a", "", "b"])
        #expect(try lines("") == [])
        #expect(try lines("a\n") == ["a"])
    }

    @Test("Lines that reach over the chunks that are read")
    func long() throws {
        let long = String(repeating: "x", count: 3 << 20)
        #expect(try lines("a\n\(long)\nb\n\(long)") == ["a", long, "b", long])
    }

    @Test("A line without end is not collected for ever")
    func endless() throws {
        #expect(throws: LineReader.LineTooLong.self) {
            try lines(String(repeating: "x", count: 18 << 20))
        }
    }
}
