import Fares
import Testing
import TransitModel

@Suite("A flat fare with a free transfer for 60 minutes")
struct FreeTransferTests {
    @Test("The first ride costs 15.00, rides begun in the next 60 minutes nothing")
    func transfers() throws {
        let engine = try TestFeed.flatFare.engine()
        #expect(
            try engine.charges([leg(at: 0), leg("tram", at: 20), leg("train", at: 59)])
                == ["15.00", "0.00", "0.00"])
    }

    @Test("The window begins with the first ride of the run, not with the last")
    func measuredFromFirst() throws {
        let engine = try TestFeed.flatFare.engine()
        #expect(
            try engine.charges([leg(at: 0), leg(at: 50), leg(at: 100), leg(at: 150)])
                == ["15.00", "0.00", "15.00", "0.00"])
    }

    @Test(
        "The last instant belongs to the window",
        arguments: [
            (3_599_999, "0.00"), (3_600_000, "0.00"), (3_600_001, "15.00"),
        ])
    func boundary(milliseconds: Int, charge: String) throws {
        let engine = try TestFeed.flatFare.engine()
        let legs = [leg(at: 0), leg(at: Double(milliseconds) / 60_000)]
        #expect(try engine.charges(legs) == ["15.00", charge])
    }

    @Test("A ride after the window says that the transfer came too late")
    func expiredReason() throws {
        let engine = try TestFeed.flatFare.engine()
        let rules = try engine.priced([leg(at: 0), leg(at: 61)])[1].rules
        #expect(rules.map(\.code) == [.transferExpired, .legFare])
        #expect(rules.map(\.amount.minorUnits) == [0, 1_500])
        #expect(rules[0].details.contains(.init(name: "elapsed_seconds", value: .number(3_660))))
        #expect(rules[0].details.contains(.init(name: "duration_limit", value: .number(3_600))))
    }

    @Test("A free ride says that a transfer pays for it")
    func freeReason() throws {
        let engine = try TestFeed.flatFare.engine()
        let rules = try engine.priced([leg(at: 0), leg(at: 59)])[1].rules
        #expect(rules.map(\.code) == [.coveredByTransfer, .transferFree])
    }
}
