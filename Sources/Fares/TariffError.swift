package import Timetable

/// Why a feed's fare tables do not make a tariff.
package enum TariffError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The feed has no fare leg rules.
    case noFareTables
    /// The tables contradict themselves or the standard.
    case contradiction(FeedError)

    /// A stable word for programs.
    package var code: String {
        switch self {
        case .noFareTables: "no_fare_tables"
        case .contradiction: "contradiction"
        }
    }

    /// Where the fault lies.
    package var place: FeedError {
        switch self {
        case .noFareTables: FeedError(file: "fare_leg_rules.txt", .missingFile)
        case .contradiction(let place): place
        }
    }

    package var description: String {
        switch self {
        case .noFareTables: "fare_leg_rules.txt: the feed has no fare leg rules"
        case .contradiction(let place): place.description
        }
    }
}
