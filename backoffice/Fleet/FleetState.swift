import Store
import TransitModel

/// The fleet as it was last read, and what changed when. A value: the board feeds it.
struct FleetState: Sendable {
    struct Limits: Sendable {
        /// A vehicle that reports every second has by then missed many.
        var silentAfter: Duration = .seconds(30)
        /// Who was last heard at the end of a trip, or without one, has then gone home.
        var offDutyAfter: Duration = .seconds(15 * 60)
        /// Who fell silent on the way is shown until then.
        var goneAfter: Duration = .seconds(12 * 3_600)
    }

    private struct Entry {
        var vehicle: FleetVehicle
        var changedAt: Int
        /// When what it is and where it goes changed, and not only where it is.
        var describedAt: Int
    }

    private let limits: Limits
    private var entries: [VehicleID: Entry] = [:]
    private var attention: Set<VehicleID> = []
    private var numbers = 0
    /// Since when a change can be told without telling the whole.
    private var wholeSince = 0
    private var timetableVersion: String?
    private(set) var revision = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes what was read, and the passing of time.
    ///
    /// - Parameter health: Every device's, or `nil` when it was not read this time.
    mutating func apply(
        _ locations: [ReceivedLocation], health: [ReceivedHealth]?,
        timetable: (any FleetTimetable)?, at now: Timestamp
    ) {
        let next = revision + 1
        var hasChanged = false
        if let health {
            attention = Set(health.lazy.filter(\.needsAttention).map(\.vehicle))
        }
        if timetableVersion != timetable?.version {
            timetableVersion = timetable?.version
            for id in entries.keys {
                guard let entry = entries[id] else { continue }
                let service =
                    timetable?.service(of: entry.vehicle.location, previousMetres: nil)
                    ?? .unknown
                renew(id, entry.vehicle.received, service, at: now, as: next, &hasChanged)
            }
        }
        for received in locations where isNews(received) {
            let known = entries[received.vehicle]?.vehicle
            let isSameTrip = known?.location.trip == received.location.trip
            let service =
                timetable?.service(
                    of: received.location,
                    previousMetres: isSameTrip ? known?.service.distanceMetres : nil) ?? .unknown
            guard !isGone(service, receivedAt: received.receivedAt, at: now) else { continue }
            renew(received.vehicle, received, service, at: now, as: next, &hasChanged)
        }
        sweep(at: now, as: next, &hasChanged)
        if hasChanged { revision = next }
    }

    func changes(since: Int, at now: Timestamp) -> FleetChange {
        let isWhole = since == 0 || since < wholeSince || since > revision
        let changed = entries.values
            .filter { isWhole || $0.changedAt > since }
            .sorted { $0.vehicle.number < $1.vehicle.number }
        return FleetChange(
            since: isWhole ? 0 : since, revision: revision, at: now, isWhole: isWhole,
            vehicles: changed.map(\.vehicle),
            described: changed.filter { isWhole || $0.describedAt > since }.map(\.vehicle),
            streetsVersion: timetableVersion)
    }

    var vehicles: [FleetVehicle] {
        entries.values.map(\.vehicle).sorted { $0.id < $1.id }
    }

    subscript(id: VehicleID) -> FleetVehicle? { entries[id]?.vehicle }

    private func isNews(_ received: ReceivedLocation) -> Bool {
        guard let known = entries[received.vehicle]?.vehicle else { return true }
        return known.location.recordedAt < received.location.recordedAt
    }

    private mutating func renew(
        _ id: VehicleID, _ received: ReceivedLocation, _ service: VehicleService,
        at now: Timestamp, as revision: Int, _ hasChanged: inout Bool
    ) {
        let number: Int
        if let known = entries[id]?.vehicle.number {
            number = known
        } else {
            numbers += 1
            number = numbers
        }
        let vehicle = FleetVehicle(
            number: number, id: id, device: received.device, location: received.location,
            receivedAt: received.receivedAt, service: service,
            status: status(service, receivedAt: received.receivedAt, at: now),
            needsAttention: attention.contains(id))
        let known = entries[id]
        guard known?.vehicle != vehicle else { return }
        let isDescribed = known?.vehicle.isDescribed(like: vehicle) ?? false
        entries[id] = Entry(
            vehicle: vehicle, changedAt: revision,
            describedAt: isDescribed ? known?.describedAt ?? revision : revision)
        hasChanged = true
    }

    /// Who fell silent, who is gone, and whose devices changed for better or worse.
    private mutating func sweep(at now: Timestamp, as revision: Int, _ hasChanged: inout Bool) {
        for id in entries.keys {
            guard let vehicle = entries[id]?.vehicle else { continue }
            if isGone(vehicle.service, receivedAt: vehicle.receivedAt, at: now) {
                entries[id] = nil
                wholeSince = revision
                hasChanged = true
            } else {
                renew(id, vehicle.received, vehicle.service, at: now, as: revision, &hasChanged)
            }
        }
    }

    private func isGone(
        _ service: VehicleService, receivedAt: Timestamp, at now: Timestamp
    ) -> Bool {
        let silence = now.elapsed(since: receivedAt)
        let wasOnTheWay = service.progress != .noTrip && !service.isAtTripEnd
        return silence >= (wasOnTheWay ? limits.goneAfter : limits.offDutyAfter)
    }

    private func status(
        _ service: VehicleService, receivedAt: Timestamp, at now: Timestamp
    ) -> FleetVehicle.Status {
        if now.elapsed(since: receivedAt) >= limits.silentAfter { return .silent }
        return switch service.progress {
        case .onRoute: .onRoute
        case .offRoute: .offRoute
        case .noTrip: .noTrip
        }
    }
}

extension FleetVehicle {
    fileprivate func isDescribed(like other: FleetVehicle) -> Bool {
        location.trip == other.location.trip && location.route == other.location.route
            && service.route == other.service.route && service.headsign == other.service.headsign
    }

    fileprivate var received: ReceivedLocation {
        ReceivedLocation(
            vehicle: id, device: device, location: location, receivedAt: receivedAt)
    }
}
