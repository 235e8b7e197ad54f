internal import TransitModel

/// Which days a service runs on, and how.
enum DayType: String, Hashable, Sendable, CaseIterable {
    case weekday
    case weekend

    /// Letters in identifiers.
    var letter: String { self == .weekday ? "w" : "h" }

    /// How much of the fleet is out, by the second of the day from which it counts.
    fileprivate var demand: [(from: Int, share: Double)] {
        switch self {
        case .weekday:
            [
                (0, 0.35), (6 * 3_600, 0.65), (6 * 3_600 + 2_700, 1), (9 * 3_600 + 1_800, 0.7),
                (15 * 3_600 + 1_200, 0.95), (19 * 3_600, 0.55), (21 * 3_600, 0.3),
            ]
        case .weekend:
            [(0, 0.3), (7 * 3_600, 0.5), (9 * 3_600, 0.62), (19 * 3_600, 0.45), (21 * 3_600, 0.25)]
        }
    }

    /// How much longer than on empty streets a run takes.
    fileprivate var traffic: [(from: Int, factor: Double)] {
        switch self {
        case .weekday:
            [
                (0, 0.92), (6 * 3_600 + 1_800, 1.04), (7 * 3_600 + 1_200, 1.17),
                (9 * 3_600 + 1_800, 1.06), (15 * 3_600 + 1_800, 1.14), (16 * 3_600 + 1_800, 1.22),
                (18 * 3_600 + 1_800, 1.08), (20 * 3_600, 0.95),
            ]
        case .weekend: [(0, 0.92), (9 * 3_600, 1), (12 * 3_600, 1.04), (20 * 3_600, 0.94)]
        }
    }

    func demandShare(at second: Int) -> Double {
        demand.last { $0.from <= second }?.share ?? 0.3
    }

    func trafficFactor(at second: Int) -> Double {
        traffic.last { $0.from <= second }?.factor ?? 1
    }
}
