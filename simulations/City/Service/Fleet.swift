internal import TransitModel

/// Gives every vehicle's day a vehicle.
enum Fleet {
    /// The n-th vehicle of a line drives its n-th block, on weekdays and on weekends.
    static func vehicles(_ layout: CityLayout) -> [CityVehicle] {
        var numbers: [Mode: Int] = [.tram: 100, .trolleybus: 300, .bus: 1_000]
        var vehicles: [CityVehicle] = []
        for (index, line) in layout.lines.enumerated() {
            let mode = line.order.mode
            let counts = layout.service.days.mapValues { $0[index].count }
            for vehicle in 0..<(counts.values.max() ?? 0) {
                let number = (numbers[mode] ?? 0) + 1
                numbers[mode] = number
                let working = DayType.allCases.filter { vehicle < counts[$0] ?? 0 }
                vehicles.append(
                    CityVehicle(
                        id: VehicleID("\(letters(mode))-\(number)"), fleetNumber: "\(number)",
                        routeType: mode.rawValue, agency: CityAgency(mode).id,
                        depot: line.order.depot.rawValue, doors: doors(line.order),
                        blocks: Dictionary(
                            uniqueKeysWithValues: working.map {
                                ($0.rawValue, FeedWriter.blockID($0, line, vehicle))
                            })))
            }
        }
        return vehicles.sorted { (Int($0.fleetNumber) ?? 0) < (Int($1.fleetNumber) ?? 0) }
    }

    private static func letters(_ mode: Mode) -> String {
        switch mode {
        case .tram: "T"
        case .trolleybus: "TB"
        case .bus: "B"
        }
    }

    private static func doors(_ order: LineOrder) -> Int {
        switch order.mode {
        case .tram: 4
        case .trolleybus: 3
        case .bus: order.isSuburban ? 2 : 3
        }
    }
}
