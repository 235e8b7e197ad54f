internal import TransitModel

extension DemoCity {
    /// Every file that `kvytok-sim city` writes: the feed, `vehicles.jsonl`, `riders.jsonl` and
    /// `landscape.json`.
    package var files: [String: [UInt8]] {
        var files = feed
        files["vehicles.jsonl"] = vehicleLines
        files["riders.jsonl"] = riderLines
        files["landscape.json"] = landscape
        return files
    }

    private var vehicleLines: [UInt8] {
        var json = JSONText()
        for vehicle in vehicles {
            json.object { json in
                json.key("vehicle_id")
                json.string(vehicle.id.rawValue)
                json.key("fleet_number")
                json.string(vehicle.fleetNumber)
                json.key("route_type")
                json.integer(vehicle.routeType)
                json.key("agency_id")
                json.string(vehicle.agency.rawValue)
                json.key("depot")
                json.string(vehicle.depot)
                json.key("doors")
                json.integer(vehicle.doors)
                json.key("blocks")
                json.object { json in
                    for (service, block) in vehicle.blocks.sorted(by: { $0.key < $1.key }) {
                        json.key(service)
                        json.string(block)
                    }
                }
            }
            json.endLine()
        }
        return json.bytes
    }

    private var riderLines: [UInt8] {
        var json = JSONText()
        for rider in riders {
            json.object { rider.write(to: &$0) }
            json.endLine()
        }
        return json.bytes
    }
}

extension Rider {
    fileprivate func write(to json: inout JSONText) {
        json.key("rider_id")
        json.string(id)
        json.key("rider_category_id")
        json.string(category.rawValue)
        json.key("medium")
        json.string(medium.kind.word)
        json.key("condition")
        json.string(medium.condition.rawValue)
        for (name, place) in [("home", home), ("work", work)] {
            json.key(name)
            json.object { json in
                json.key("lat")
                json.number(place.point.latitude, decimals: 6)
                json.key("lon")
                json.number(place.point.longitude, decimals: 6)
                json.key("stop_id")
                json.string(place.stop.rawValue)
            }
        }
        json.key("leaves_home_at")
        json.string(Self.clock(habits.leavesHomeAt))
        json.key("leaves_work_at")
        json.string(Self.clock(habits.leavesWorkAt))
        json.key("workdays")
        json.array { json in
            for day in habits.workdays.sorted() { json.integer(day) }
        }
        json.key("outing_percent")
        json.integer(habits.outingPercent)
    }

    private static func clock(_ second: Int) -> String {
        let (hours, minutes) = (second / 3_600, second / 60 % 60)
        return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
    }
}

extension MediaKind {
    fileprivate var word: String {
        switch self {
        case .eTicketCard: "e_ticket"
        case .bankCard: "bank_card"
        case .qrTicket: "qr_ticket"
        }
    }
}
