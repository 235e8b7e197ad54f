internal import Timetable
package import TransitModel

/// Which vehicle drives which block of a service day.
package struct VehicleRoster: Sendable {
    package struct Vehicle: Hashable, Sendable {
        package let id: VehicleID
        /// Indices of ``FleetMotion/blocks``, in the order of the day.
        package let blocks: [Int]
    }

    /// By id, each once.
    package let vehicles: [Vehicle]
    private let indexOfVehicle: [VehicleID: Int]

    /// As the city says; blocks that it gives to nobody, and those of any other feed, go to
    /// vehicles that are made up: as few as can do the work, each of one kind.
    ///
    /// - Parameter fleet: Empty for a feed that is not a generated city's.
    package init(_ motion: FleetMotion, fleet: [CityVehicle] = []) {
        var free = Set(motion.blocks.indices.filter { motion.span(of: $0) != nil })
        var blocks = Self.stated(motion, fleet, free: &free)
        for (vehicle, made) in Self.fitted(motion, free.sorted(), prefix: fleet.isEmpty ? "" : "x")
        {
            blocks[vehicle, default: []] += made
        }
        vehicles = blocks.sorted { $0.key < $1.key }.map { id, blocks in
            Vehicle(
                id: id,
                blocks: blocks.sorted { left, right in
                    let (first, second) = (motion.span(of: left), motion.span(of: right))
                    return (first?.lowerBound ?? 0, left) < (second?.lowerBound ?? 0, right)
                })
        }
        indexOfVehicle = Dictionary(
            uniqueKeysWithValues: vehicles.enumerated().map { ($1.id, $0) })
    }

    package func findVehicle(_ id: VehicleID) -> Vehicle? {
        indexOfVehicle[id].map { vehicles[$0] }
    }

    private static func stated(
        _ motion: FleetMotion, _ fleet: [CityVehicle], free: inout Set<Int>
    ) -> [VehicleID: [Int]] {
        let calendar = motion.schedule.calendar
        let services = Set(calendar.services(on: motion.date).map { calendar.ids[$0].rawValue })
        let indexOfBlock = Dictionary(
            motion.blocks.enumerated().map { ($1.id.rawValue, $0) }
        ) { first, _ in first }
        var blocks: [VehicleID: [Int]] = [:]
        for vehicle in fleet {
            for (service, block) in vehicle.blocks.sorted(by: { $0.key < $1.key })
            where services.contains(service) {
                guard let index = indexOfBlock[block], free.remove(index) != nil else { continue }
                blocks[vehicle.id, default: []].append(index)
            }
        }
        return blocks
    }

    /// First come, first served: a block goes to the lowest number that is back from its last one.
    private static func fitted(
        _ motion: FleetMotion, _ blocks: [Int], prefix: String
    ) -> [VehicleID: [Int]] {
        let inOrder = blocks.sorted { left, right in
            let (first, second) = (motion.span(of: left), motion.span(of: right))
            return (first?.lowerBound ?? 0, left) < (second?.lowerBound ?? 0, right)
        }
        var backAt: [String: [Double]] = [:]
        var found: [VehicleID: [Int]] = [:]
        for block in inOrder {
            guard let span = motion.span(of: block) else { continue }
            let trip = motion.schedule.trips[motion.blocks[block].trips[0]]
            let kind = prefix + kindName(motion.schedule.routes[trip.route].type)
            var returns = backAt[kind] ?? []
            let number = returns.firstIndex { $0 + restSeconds < span.lowerBound } ?? returns.count
            if number == returns.count { returns.append(0) }
            returns[number] = span.upperBound
            backAt[kind] = returns
            found[VehicleID("\(kind)-\(number + 101)"), default: []].append(block)
        }
        return found
    }

    /// Between two blocks a vehicle goes to its depot and comes back.
    private static let restSeconds = 900.0

    /// GTFS's basic route types and the hundreds of the extended ones.
    private static func kindName(_ routeType: Int) -> String {
        switch routeType {
        case 0, 900...999: "tram"
        case 1, 400...499: "metro"
        case 2, 100...199: "train"
        case 4, 1_000...1_299: "boat"
        case 11, 800...899: "trolley"
        default: "bus"
        }
    }
}
