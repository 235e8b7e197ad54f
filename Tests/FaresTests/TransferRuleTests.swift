import Fares
import Testing
import TransitModel

/// Three routes with prices 10, 20 and 40, each its own leg group.
private let threeGroups = TestFeed()
    .with("networks", "network_id", "bus", "tram", "train")
    .with("route_networks", "network_id,route_id", "bus,bus", "tram,tram", "train,train")
    .with(
        "fare_products", "fare_product_id,amount,currency", "a,10.00,UAH", "b,20.00,UAH",
        "c,40.00,UAH", "ab,1.00,UAH", "bc,3.00,UAH", "off,-2.00,UAH"
    )
    .with(
        "fare_leg_rules", "leg_group_id,network_id,fare_product_id", "A,bus,a", "B,tram,b",
        "C,train,c")

private func rules(_ ab: String, _ bc: String) -> TestFeed {
    threeGroups.with(
        "fare_transfer_rules",
        "from_leg_group_id,to_leg_group_id,fare_transfer_type,fare_product_id",
        "A,B,\(ab)", "B,C,\(bc)")
}

private let threeLegs = [leg("bus", at: 0), leg("tram", at: 10), leg("train", at: 20)]

@Suite("Transfer types, from the reference's table of three legs")
struct TransferTypeTests {
    struct Case: Sendable {
        let ab: Int
        let bc: Int
        let charges: [String]
        let total: String
    }

    /// A = 10, B = 20, C = 40, AB = 1, BC = 3.
    @Test(
        "A > B > C",
        arguments: [
            // A + AB, then S + BC
            Case(ab: 0, bc: 0, charges: ["10.00", "1.00", "3.00"], total: "14.00"),
            // A + AB, then S + BC + C
            Case(ab: 0, bc: 1, charges: ["10.00", "1.00", "43.00"], total: "54.00"),
            Case(ab: 0, bc: 2, charges: ["10.00", "1.00", "3.00"], total: "14.00"),
            // A + AB + B
            Case(ab: 1, bc: 0, charges: ["10.00", "21.00", "3.00"], total: "34.00"),
            Case(ab: 1, bc: 1, charges: ["10.00", "21.00", "43.00"], total: "74.00"),
            Case(ab: 1, bc: 2, charges: ["10.00", "21.00", "3.00"], total: "34.00"),
            // AB: the first leg's 10 is given back
            Case(ab: 2, bc: 0, charges: ["10.00", "-9.00", "3.00"], total: "4.00"),
            Case(ab: 2, bc: 1, charges: ["10.00", "-9.00", "43.00"], total: "44.00"),
            Case(ab: 2, bc: 2, charges: ["10.00", "-9.00", "3.00"], total: "4.00"),
        ])
    func table(_ row: Case) throws {
        let engine = try rules("\(row.ab),ab", "\(row.bc),bc").engine()
        #expect(try engine.charges(threeLegs) == row.charges)
        #expect(try engine.lowestTotal(threeLegs) == row.total)
    }

    @Test("A transfer without a product costs nothing; a negative one takes something off")
    func amounts() throws {
        #expect(try rules("0,", "1,off").engine().charges(threeLegs) == ["10.00", "0.00", "38.00"])
    }

    @Test("The reverse direction has no transfer")
    func direction() throws {
        let engine = try rules("0,", "0,").engine()
        #expect(try engine.charges([leg("tram"), leg("bus", at: 5)]) == ["20.00", "10.00"])
    }

    @Test("A replaced fare is shown as given back")
    func replacedReason() throws {
        let priced = try rules("2,ab", "0,").engine().priced(threeLegs)
        #expect(
            priced[1].rules.map(\.code) == [.coveredByTransfer, .fareReplaced, .transferCharge])
        #expect(priced[1].rules.map(\.amount.minorUnits) == [0, -1_000, 100])
    }
}

@Suite("Empty leg groups in transfer rules")
struct EmptyLegGroupTests {
    @Test("Empty stands for the groups that no record lists in that field")
    func unlisted() throws {
        let feed = threeGroups.with(
            "fare_transfer_rules",
            "from_leg_group_id,to_leg_group_id,fare_transfer_type,fare_product_id", "A,B,0,ab",
            "A,,0,bc")
        let engine = try feed.engine()
        #expect(try engine.charges([leg("bus"), leg("tram", at: 1)]) == ["10.00", "1.00"])
        #expect(try engine.charges([leg("bus"), leg("train", at: 1)]) == ["10.00", "3.00"])
        #expect(try engine.charges([leg("tram"), leg("train", at: 1)]) == ["20.00", "40.00"])
    }

    @Test("A leg whose rule has no group takes part in no transfer")
    func ungrouped() throws {
        let feed =
            threeGroups
            .with("fare_leg_rules", "leg_group_id,network_id,fare_product_id", "A,bus,a", ",tram,b")
            .with(
                "fare_transfer_rules",
                "from_leg_group_id,to_leg_group_id,fare_transfer_type,transfer_count", ",,0,-1")
        let engine = try feed.engine()
        #expect(try engine.charges([leg("bus"), leg("tram", at: 1)]) == ["10.00", "20.00"])
        #expect(try engine.charges([leg("bus"), leg("bus", at: 1)]) == ["10.00", "0.00"])
    }
}

@Suite("Transfer counts")
struct TransferCountTests {
    private static let feed = TestFeed()
        .with(
            "fare_products", "fare_product_id,amount,currency", "single,10.00,UAH", "more,1.00,UAH"
        )
        .with("fare_leg_rules", "leg_group_id,fare_product_id", "G,single")
    private static let header =
        "from_leg_group_id,to_leg_group_id,transfer_count,fare_transfer_type,fare_product_id"

    @Test("A count of one allows one transfer, then the run begins anew")
    func one() throws {
        let engine = try Self.feed.with("fare_transfer_rules", Self.header, "G,G,1,0,").engine()
        let legs = (0..<4).map { leg(at: Double($0)) }
        #expect(try engine.charges(legs) == ["10.00", "0.00", "10.00", "0.00"])
        #expect(try engine.priced(legs)[2].rules.map(\.code) == [.transferCountReached, .legFare])
    }

    @Test("-1 allows any number")
    func unlimited() throws {
        let engine = try Self.feed.with("fare_transfer_rules", Self.header, "G,G,-1,0,").engine()
        let charges = try engine.charges((0..<50).map { leg(at: Double($0)) })
        #expect(charges == ["10.00"] + Array(repeating: "0.00", count: 49))
    }

    @Test("Of several counts, the smallest that is large enough is taken")
    func smallest() throws {
        let engine = try Self.feed
            .with("fare_transfer_rules", Self.header, "G,G,-1,1,", "G,G,1,0,", "G,G,3,0,more")
            .engine()
        #expect(
            try engine.charges((0..<5).map { leg(at: Double($0)) })
                == ["10.00", "0.00", "1.00", "1.00", "10.00"])
    }
}

@Suite("Duration limit types")
struct DurationLimitTypeTests {
    private func engine(type: Int) throws -> FareEngine {
        try TestFeed.flatFare.with(
            "fare_transfer_rules",
            "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,"
                + "fare_transfer_type",
            "city,city,-1,3600,\(type),0"
        ).engine()
    }

    /// The first leg runs from 0 to 20, the second from 55 to 70, in minutes.
    @Test(
        "Each runs between its own two validations",
        arguments: [
            (0, 55.0, 60.0, "0.00"), (0, 55.0, 60.1, "15.00"),
            (1, 60.0, 90.0, "0.00"), (1, 60.1, 90.0, "15.00"),
            (2, 80.0, 99.0, "0.00"), (2, 80.1, 99.0, "15.00"),
            (3, 70.0, 80.0, "0.00"), (3, 70.0, 80.1, "15.00"),
        ])
    func limits(type: Int, departing: Double, arriving: Double, charge: String) throws {
        let legs = [leg(at: 0, arriving: 20), leg(at: departing, arriving: arriving)]
        #expect(try engine(type: type).charges(legs) == ["15.00", charge])
    }

    @Test("In a run the limit is measured from the first leg's arrival, where it begins there")
    func runFromArrival() throws {
        let legs = [
            leg(at: 0, arriving: 20), leg(at: 50, arriving: 60), leg(at: 80, arriving: 85),
            leg(at: 81, arriving: 90),
        ]
        #expect(try engine(type: 2).charges(legs) == ["15.00", "0.00", "0.00", "15.00"])
    }

    @Test("An unknown alighting does not matter where its bounds decide")
    func boundsDecide() throws {
        #expect(try engine(type: 2).charges([leg(at: 0), leg(at: 60)]) == ["15.00", "0.00"])
        #expect(try engine(type: 0).charges([leg(at: 0), leg(at: 61)]) == ["15.00", "15.00"])
    }

    @Test("An unknown alighting that decides the price is refused", arguments: [0, 2, 3])
    func undecided(type: Int) throws {
        let second: Double = type == 2 ? 61 : 30
        #expect(throws: FareRefusal.arrivalTimeNotGiven) {
            try engine(type: type).charges([leg(at: 0), leg(at: second)])
        }
    }
}
