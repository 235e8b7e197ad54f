import Foundation
import PassengerDisplay
import TransitModel
import Wording

/// The files of the checkout that these tests were compiled from.
enum Checkout {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    static let share = ShareDirectory(root)

    static func catalogue() throws -> Catalogue {
        let json = try Data(contentsOf: URL(fileURLWithPath: share.catalogue))
        return try Catalogue(json: Array(json))
    }
}

/// Every scene that there is, by name.
enum Scenes {
    static let fare = Money(minorUnits: 1_500, currency: .uah)

    static let all: [(name: String, scene: DisplayScene)] =
        [
            ("starting", .starting),
            ("ready", .ready),
            ("accepted", .accepted(atMost: fare, isReduced: false)),
            (
                "accepted_reduced",
                .accepted(atMost: Money(minorUnits: 750, currency: .uah), isReduced: true)
            ),
            (
                "accepted_dear",
                .accepted(atMost: Money(minorUnits: 121_500, currency: .uah), isReduced: false)
            ),
            ("accepted_free", .accepted(atMost: .zero(.uah), isReduced: true)),
            ("accepted_unpriced", .accepted(atMost: nil, isReduced: false)),
            ("reader_fault", .readerFault),
            ("out_of_service", .outOfService),
        ] + TapRefusal.allCases.map { ("refused_\($0)", .refused($0)) }

    static func isAnswer(_ scene: DisplayScene) -> Bool {
        switch scene {
        case .accepted, .refused: true
        case .starting, .ready, .readerFault, .outOfService: false
        }
    }

    static func rest(for scene: DisplayScene) -> DisplayMachine.Rest {
        switch scene {
        case .starting: .starting
        case .readerFault: .readerFault
        case .outOfService: .outOfService
        case .ready, .accepted, .refused: .ready
        }
    }
}
