import SignedDocuments
import Testing
import TransitModel

@Suite("Scheme configuration")
struct SchemeConfigurationTests {
    private func configuration(
        fares: [RiderCategoryID: Int64] = ["adult": 1_500, "pupil": 750]
    ) throws -> SchemeConfiguration {
        try #require(
            SchemeConfiguration(
                scheme: "demo", timeZoneName: "Europe/Kyiv", passbackWindowSeconds: 600,
                defaultRiderCategory: "adult", currency: .uah, displayedFares: fares,
                issuerKeys: [
                    IssuerKeyID(1): [UInt8](repeating: 1, count: 32),
                    IssuerKeyID(9): [UInt8](repeating: 9, count: 32),
                ]))
    }

    @Test("What is written is read")
    func roundTrip() throws {
        let configuration = try configuration()
        let read = try SchemeConfiguration(payload: configuration.payload())
        #expect(read == configuration)
        #expect(read.payload() == configuration.payload())
    }

    @Test("A category without a fare of its own pays at most the default one's")
    func fares() throws {
        let configuration = try configuration()
        #expect(configuration.displayedFare(for: nil, on: nil)?.minorUnits == 1_500)
        #expect(configuration.displayedFare(for: "pupil", on: nil)?.minorUnits == 750)
        #expect(configuration.displayedFare(for: "veteran", on: nil)?.minorUnits == 1_500)
    }

    @Test("A route with fares of its own shows them; old devices skip them")
    func routes() throws {
        let configuration = try #require(
            SchemeConfiguration(
                scheme: "demo", timeZoneName: "Europe/Kyiv", passbackWindowSeconds: 600,
                defaultRiderCategory: "adult", currency: .uah,
                displayedFares: ["adult": 2_600, "pupil": 1_300],
                routeFares: [
                    "tram-5": ["adult": 1_200, "pupil": 600], "bus-7": ["adult": 1_500],
                ], issuerKeys: [:]))
        let read = try SchemeConfiguration(payload: configuration.payload())
        #expect(read == configuration)
        #expect(read.displayedFare(for: nil, on: "tram-5")?.minorUnits == 1_200)
        #expect(read.displayedFare(for: "pupil", on: "tram-5")?.minorUnits == 600)
        #expect(read.displayedFare(for: "pupil", on: "bus-7")?.minorUnits == 1_500)
        #expect(read.displayedFare(for: "pupil", on: "suburb-9")?.minorUnits == 1_300)
        let withoutDefault = SchemeConfiguration(
            scheme: "demo", timeZoneName: "Europe/Kyiv", passbackWindowSeconds: 600,
            defaultRiderCategory: "adult", currency: .uah, displayedFares: ["adult": 2_600],
            routeFares: ["tram-5": ["pupil": 600]], issuerKeys: [:])
        #expect(withoutDefault == nil)
        for length in configuration.payload().indices {
            let prefix = Array(configuration.payload()[..<length])
            if let read = try? SchemeConfiguration(payload: prefix) {
                #expect(read.payload() == prefix)
            }
        }
    }

    @Test("Cut short, it is refused, or is the whole encoding of a smaller configuration")
    func truncated() throws {
        let payload = try configuration().payload()
        var smaller = 0
        for length in payload.indices {
            let prefix = Array(payload[..<length])
            guard let read = try? SchemeConfiguration(payload: prefix) else { continue }
            #expect(read.payload() == prefix)
            smaller += 1
        }
        // Without fares and keys, with one fare, with both fares, with both fares and one key.
        #expect(smaller == 4)
    }

    @Test("Unknown fields are skipped from 128 on and refused below")
    func unknownFields() throws {
        let configuration = try configuration()
        let skippable = configuration.payload() + [200, 0, 1, 0xFF]
        #expect(try SchemeConfiguration(payload: skippable) == configuration)
        let critical = configuration.payload() + [8, 0, 1, 0xFF]
        #expect(throws: DocumentRefusal.unusablePayload("configuration field 8")) {
            try SchemeConfiguration(payload: critical)
        }
    }

    @Test("Fields out of order and repeated ones are refused")
    func order() throws {
        let payload = try configuration().payload()
        let scheme: [UInt8] = [1, 0, 1, 0x61]
        for bad in [payload + scheme, [payload[0]] + scheme + payload.dropFirst()] {
            #expect(throws: DocumentRefusal.unusablePayload("configuration field order")) {
                try SchemeConfiguration(payload: bad)
            }
        }
    }

    @Test("Where nothing is priced there is no fare to show")
    func withoutFares() throws {
        let configuration = try #require(
            SchemeConfiguration(
                scheme: "demo", timeZoneName: "Europe/Kyiv", passbackWindowSeconds: 60,
                defaultRiderCategory: "adult", currency: .uah, displayedFares: [:], issuerKeys: [:]
            ))
        let read = try SchemeConfiguration(payload: configuration.payload())
        #expect(read == configuration)
        #expect(read.displayedFare(for: nil, on: nil) == nil)
        #expect(read.displayedFare(for: "adult", on: nil) == nil)
    }

    @Test("A configuration that no device could use cannot be made")
    func unusable() {
        func make(
            scheme: SchemeID = "demo", window: UInt32 = 60, category: RiderCategoryID = "adult",
            fare: Int64 = 1_500, key: Int = 32
        ) -> SchemeConfiguration? {
            SchemeConfiguration(
                scheme: scheme, timeZoneName: "Europe/Kyiv", passbackWindowSeconds: window,
                defaultRiderCategory: category, currency: .uah, displayedFares: ["adult": fare],
                issuerKeys: [IssuerKeyID(1): [UInt8](repeating: 1, count: key)])
        }
        #expect(make() != nil)
        #expect(make(scheme: "") == nil)
        #expect(make(window: 86_401) == nil)
        #expect(make(category: "pupil") == nil)
        #expect(make(fare: -1) == nil)
        #expect(make(key: 31) == nil)
    }

    @Test(
        "Random damage is refused or gives another sound configuration", arguments: UInt64(1)...200)
    func damage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var payload = try configuration().payload()
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            payload[Int.random(in: payload.indices, using: &random)] = random.next(upperBound: 255)
        }
        if let read = try? SchemeConfiguration(payload: payload) {
            #expect(try SchemeConfiguration(payload: read.payload()) == read)
        }
    }
}
