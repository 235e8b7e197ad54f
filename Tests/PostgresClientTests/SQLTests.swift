import Testing
import TransitModel

@testable import PostgresClient

@Suite("SQL")
struct SQLTests {
    @Test("Values become numbered parameters, in order")
    func parameters() {
        let statement: SQL = "select \("a'; drop table tap; --") where 1 = \(2)"
        let (text, parameters) = statement.rendered
        #expect(text == "select $1 where 1 = $2")
        #expect(parameters.count == 2)
    }

    @Test("A statement inside a statement brings its parameters along")
    func composition() {
        let condition: SQL = "amount > \(15) and name = \("x")"
        let whole: SQL = "select \(true) from \(unescaped: "charge") where \(sql: condition)"
        let (text, parameters) = whole.rendered
        #expect(text == "select $1 from charge where amount > $2 and name = $3")
        #expect(parameters.count == 3)
    }

    @Test("A failure's description names codes, not what the server said")
    func quietDescription() {
        let failure = PostgresFailure(
            .refused(sqlState: "23505"), constraint: "media_rider_pkey",
            explanation: "duplicate key 4929 1234")
        #expect("\(failure)" == "PostgreSQL refused: 23505 (media_rider_pkey)")
        #expect(failure.isUniqueViolation)
        #expect(!failure.isConnectionLost)
        #expect(PostgresFailure(.refused(sqlState: "57P01")).isConnectionLost)
    }
}
