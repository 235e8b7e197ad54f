import Foundation
import Testing

/// Arrows point inward only. This table is the house's plan, kept apart from Package.swift so
/// that a convenient new dependency has to be argued for twice.
@Suite("Arrows")
struct ArrowTests {
    /// What each room of the core may import, besides the standard library.
    static let core: [String: Set<String>] = [
        "TransitModel": [],
        "Wording": ["TransitModel"],
        "FareMedia": ["TransitModel", "Crypto", "CryptoExtras"],
        "DenyList": ["TransitModel"],
        "DenyListBuilder": ["DenyList", "TransitModel"],
        "SignedDocuments": ["TransitModel", "Crypto"],
        "TapAcceptance": ["TransitModel", "FareMedia", "DenyList", "SignedDocuments"],
        "DeviceProtocol": ["TransitModel", "Crypto", "SwiftProtobuf"],
        "Timetable": ["TransitModel"],
        "Fares": ["TransitModel", "Timetable"],
        "Journeys": ["TransitModel", "Timetable"],
        "Ledger": ["TransitModel"],
        "Tracking": ["TransitModel", "Timetable"],
    ]

    /// Rooms of the core that must never be linked into a device.
    static let notOnDevices: Set<String> = [
        "DenyListBuilder", "Timetable", "Fares", "Journeys", "Ledger", "Tracking",
    ]

    /// Rooms of the core that the back office has no use for: a card is read on the bus.
    static let notInBackOffice: Set<String> = ["FareMedia", "TapAcceptance"]

    private let tree = SourceTree()

    @Test("Every room of the core stands in the plan, and nothing else does")
    func planIsComplete() throws {
        let rooms = try tree.rooms(in: "Sources").filter { $0 != "CLibraries" }
        #expect(Set(rooms) == Set(Self.core.keys))
    }

    @Test("A core room imports only what the plan allows it", arguments: core.keys.sorted())
    func coreRoom(room: String) throws {
        let allowed = try #require(Self.core[room])
        let files = try tree.swiftFiles(below: "Sources/\(room)")
        #expect(!files.isEmpty, "\(room) is empty")
        for file in files {
            let strangers = file.imports.subtracting(allowed).sorted()
            #expect(strangers.isEmpty, "\(file.path) imports \(strangers)")
        }
    }

    @Test("The plan has no circle")
    func noCircle() {
        var resting = Self.core
        while let free = resting.first(where: { room in
            room.value.isDisjoint(with: resting.keys)
        }) {
            resting[free.key] = nil
        }
        #expect(resting.isEmpty, "These rooms depend on each other: \(resting.keys.sorted())")
    }

    @Test("A device links nothing of the back office, and no builder of lists")
    func devices() throws {
        let foreign = Self.notOnDevices
            .union(try tree.rooms(in: "backoffice"))
            .union(try tree.rooms(in: "simulations"))
        try expectNoImports(of: foreign, below: "validator")
    }

    @Test("The back office links nothing of the validator or of the simulations")
    func backOffice() throws {
        let foreign = Self.notInBackOffice
            .union(try tree.rooms(in: "validator"))
            .union(try tree.rooms(in: "simulations"))
        try expectNoImports(of: foreign, below: "backoffice")
    }

    private func expectNoImports(of foreign: Set<String>, below folder: String) throws {
        for file in try tree.swiftFiles(below: folder) {
            let strangers = file.imports.intersection(foreign).sorted()
            #expect(strangers.isEmpty, "\(file.path) imports \(strangers)")
        }
    }
}
