import LocalStack
import PostgresClient
import Testing
import TransitModel

@Suite("Values")
struct ValueTests {
    @Test("What is bound comes back")
    func roundTrip() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        let text = "тролейбус ' \" \\ \u{1F68E}"
        let bytes = (0...255).map(UInt8.init)
        let instant = Timestamp(millisecondsSince1970: 1_795_342_736_123)
        let ancient = Timestamp(millisecondsSince1970: -1)
        let day = try #require(ServiceDate("1999-12-31"))
        let epoch = try #require(EpochID(bytes: (0..<16).map(UInt8.init)))
        let nothing: Int? = nil
        let rows = try await database.query(
            """
            select \(text)::text as text, \(bytes) as bytes, \(instant) as instant,
                \(ancient) as ancient, \(day) as day, \(epoch) as epoch, \(true) as yes,
                \(Int64.min) as large, \(Int16(-3)) as small, \(-0.25) as fraction,
                \(nothing) as nothing, \("{\"a\": 1}")::jsonb as json,
                12345678901234567::numeric as whole, -30000::numeric as round
            """)
        let row = try #require(rows.first)
        #expect(try row.decode("text", as: String.self) == text)
        #expect(try row.decode("bytes", as: [UInt8].self) == bytes)
        #expect(try row.decode("instant", as: Timestamp.self) == instant)
        #expect(try row.decode("ancient", as: Timestamp.self) == ancient)
        #expect(try row.decode("day", as: ServiceDate.self) == day)
        #expect(try row.decode("epoch", as: EpochID.self) == epoch)
        #expect(try row.decode("yes", as: Bool.self))
        #expect(try row.decode("large", as: Int64.self) == .min)
        #expect(try row.decode("small", as: Int.self) == -3)
        #expect(try row.decode("fraction", as: Double.self) == -0.25)
        #expect(try row.decodeIfPresent("nothing", as: Int.self) == nil)
        #expect(try row.decode("json", as: String.self) == "{\"a\": 1}")
        #expect(try row.decode("whole", as: Int64.self) == 12_345_678_901_234_567)
        #expect(try row.decode("round", as: Int.self) == -30_000)
        await database.close()
    }

    @Test("A clock thousands of centuries off is stored at the edge, not refused")
    func absurdInstants() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        for instant in [Int64.min, Int64.max] {
            let rows = try await database.query(
                "select \(Timestamp(millisecondsSince1970: instant)) as instant")
            #expect(try rows.first?.decode("instant", as: Timestamp.self) != nil)
        }
        await database.close()
    }

    @Test("Arrays go in as one parameter, nulls included")
    func arrays() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        let names = PostgresArray<String?>(["a", nil, "c"])
        let numbers = PostgresArray([Int64(3), 2, 1])
        let rows = try await database.query(
            "select * from unnest(\(names)::text[], \(numbers)) as pair (name, number)")
        #expect(
            try rows.map { try $0.decodeIfPresent("name", as: String.self) } == ["a", nil, "c"])
        #expect(try rows.map { try $0.decode("number", as: Int.self) } == [3, 2, 1])
        let none = try await database.query("select 1 where 5 = any(\(PostgresArray<Int64>([])))")
        #expect(none.isEmpty)
        await database.close()
    }

    @Test("A column that does not fit is named")
    func misfits() async throws {
        let database = PostgresClient(try await TestDatabase.make())
        let row = try #require(
            try await database.query("select 70000 as amount, null::text as name").first)
        #expect(throws: PostgresFailure.self) { try row.decode("amount", as: Int16.self) }
        #expect(throws: PostgresFailure.self) { try row.decode("amount", as: String.self) }
        #expect(throws: PostgresFailure.self) { try row.decode("name", as: String.self) }
        let failure = #expect(throws: PostgresFailure.self) {
            try row.decode("missing", as: Int.self)
        }
        #expect(failure?.kind == .undecodable(column: "missing"))
        await database.close()
    }
}
