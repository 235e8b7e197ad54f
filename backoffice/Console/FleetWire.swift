import Fleet
import Synchronization
import TransitModel
import Wording

/// The fleet and its streets as browsers get them: JSON in short arrays, written once for
/// everybody who is at the same point.
final class FleetWire: Sendable {
    private struct Key: Hashable {
        let since: Int
        let revision: Int
        let language: Language
    }

    private struct Written {
        let key: Key
        let text: String
    }

    /// Watchers are at one of few points; who is further behind costs a writing of its own.
    private static let limit = 8

    private let changes = Mutex<[Written]>([])
    private let streets = Mutex<[Language: (version: String, text: String)]>([:])

    /// One change: `since`, `at`, `whole`, `streets`, and
    /// - `vehicles`, those whose description is new: number, id, trip, headsign, route id, route
    ///   name, route type, colour of the route and of text on it;
    /// - `moves`: number, latitude and longitude in hundred-thousandths of a degree, bearing, speed in m/s, delay in s, status
    ///   (``FleetVehicle/Status``), whether a device needs attention (1), instant recorded.
    func text(of change: FleetChange, in language: Language) -> String {
        let key = Key(since: change.since, revision: change.revision, language: language)
        if let known = changes.withLock({ $0.first { $0.key == key } }) { return known.text }
        let text = Self.write(change, in: language)
        changes.withLock { changes in
            changes.append(Written(key: key, text: text))
            if changes.count > Self.limit { changes.removeFirst() }
        }
        return text
    }

    private static func write(_ change: FleetChange, in language: Language) -> String {
        var json = JSONArrayWriter()
        json.raw("{\"at\":\(change.at.millisecondsSince1970),\"whole\":\(change.isWhole),")
        json.raw("\"streets\":")
        json.scalar(change.streetsVersion)
        json.raw(",\"vehicles\":[")
        json.list(change.described) { json, vehicle in
            let route = vehicle.service.route
            json.row {
                $0.value(vehicle.number)
                $0.value(vehicle.id.rawValue)
                $0.value(vehicle.location.trip?.rawValue)
                $0.value(vehicle.service.headsign?.text(in: language.rawValue))
                $0.value(route?.id.rawValue ?? vehicle.location.route?.rawValue)
                $0.value(route?.name ?? vehicle.location.route?.rawValue)
                $0.value(route?.type)
                $0.value(route?.colour)
                $0.value(route?.textColour)
            }
        }
        json.raw("],\"moves\":[")
        json.list(change.vehicles) { json, vehicle in
            let location = vehicle.location
            json.row {
                $0.value(vehicle.number)
                $0.value(location.point.latitude, scale: 100_000)
                $0.value(location.point.longitude, scale: 100_000)
                $0.value(location.bearing.map { Int($0.rounded()) })
                $0.value(location.speedMetresPerSecond.map { Int($0.rounded()) })
                $0.value(vehicle.delay.map { Int($0.components.seconds) })
                $0.value(Int(vehicle.status.rawValue))
                $0.value(vehicle.needsAttention ? 1 : 0)
                $0.value(Int(location.recordedAt.millisecondsSince1970))
            }
        }
        json.raw("]}")
        return json.text
    }

    /// The streets: `lines` of route id, name, type, colour and points, `stops` of latitude,
    /// longitude and name. Points are whole hundred-thousandths of a degree, each after the first
    /// as the difference to the one before.
    func text(of streets: Streets, in language: Language) -> String {
        if let known = self.streets.withLock({ $0[language] }), known.version == streets.version {
            return known.text
        }
        let text = Self.write(streets, in: language)
        self.streets.withLock { $0[language] = (streets.version, text) }
        return text
    }

    private static func write(_ streets: Streets, in language: Language) -> String {
        var json = JSONArrayWriter()
        json.raw("{\"version\":")
        json.scalar(streets.version)
        json.raw(",\"lines\":[")
        json.list(streets.lines) { json, line in
            json.row {
                $0.value(line.route.id.rawValue)
                $0.value(line.route.name)
                $0.value(line.route.type)
                $0.value(line.route.colour)
                $0.points(line.points)
            }
        }
        json.raw("],\"stops\":[")
        json.list(streets.stops) { json, stop in
            json.row {
                $0.value(stop.point.latitude, scale: 100_000)
                $0.value(stop.point.longitude, scale: 100_000)
                $0.value(stop.name.text(in: language.rawValue))
            }
        }
        json.raw("]}")
        return json.text
    }
}

/// Writes arrays of arrays of numbers and strings, which is all that the map needs.
private struct JSONArrayWriter {
    private(set) var text = ""
    private var needsComma = false

    mutating func raw(_ piece: String) {
        text += piece
    }

    mutating func list<Element>(
        _ elements: [Element], _ write: (inout JSONArrayWriter, Element) -> Void
    ) {
        var isFirst = true
        for element in elements {
            if !isFirst { text += "," }
            isFirst = false
            write(&self, element)
        }
    }

    mutating func row(_ write: (inout JSONArrayWriter) -> Void) {
        text += "["
        needsComma = false
        write(&self)
        text += "]"
    }

    mutating func value(_ string: String?) {
        separate()
        scalar(string)
    }

    mutating func value(_ number: Int?) {
        separate()
        text += number.map(String.init) ?? "null"
    }

    /// A fraction as a whole number of its scale's parts.
    mutating func value(_ number: Double, scale: Double) {
        value(number.isFinite ? Int((number * scale).rounded()) : nil)
    }

    mutating func points(_ points: [GeoPoint]) {
        separate()
        text += "["
        var (latitude, longitude) = (0, 0)
        for (index, point) in points.enumerated() {
            let next = (
                Int((point.latitude * 100_000).rounded()),
                Int((point.longitude * 100_000).rounded())
            )
            if index > 0 { text += "," }
            text += "\(next.0 - latitude),\(next.1 - longitude)"
            (latitude, longitude) = next
        }
        text += "]"
    }

    mutating func scalar(_ string: String?) {
        guard let string else {
            text += "null"
            return
        }
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private mutating func separate() {
        if needsComma { text += "," }
        needsComma = true
    }
}
