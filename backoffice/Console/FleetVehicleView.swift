import DeviceProtocol
import Fleet
import Store
import TransitModel
import Wording

/// One vehicle with everything that a dispatcher asks next.
struct FleetVehicleView {
    struct Tap {
        let time: String
        let machineTime: String
        let outcome: String
        let isRefused: Bool
        let riders: String?
    }

    struct Device {
        struct Line {
            let text: String
            let isBad: Bool
        }

        let name: String
        let isSound: Bool
        let lines: [Line]
        let heard: String
        let documents: String
        let software: String?
    }

    let id: String
    let title: String
    let isKnown: Bool
    let isSilent: Bool
    let route: String?
    let headsign: String?
    let nextStop: String?
    let trip: String?
    let speed: String?
    let heard: String?
    let standing: String?
    /// As the map's script calls the state.
    let state: String
    let taps: [Tap]
    let hasTaps: Bool
    let devices: [Device]
    let hasDevices: Bool

    init(
        _ id: VehicleID, _ vehicle: FleetVehicle?, _ reading: VehicleReading, _ speaker: Speaker,
        at now: Timestamp
    ) {
        self.id = id.rawValue
        title = speaker.say(.fleetVehicle, ["vehicle": .text(id.rawValue)])
        isKnown = vehicle != nil || !reading.devices.isEmpty || !reading.latestTaps.isEmpty
        isSilent = vehicle.map { $0.status == .silent } ?? true
        let language = speaker.language.rawValue
        route = vehicle?.service.route?.name ?? vehicle?.location.route?.rawValue
        headsign = vehicle?.service.headsign?.text(in: language)
        nextStop = vehicle?.service.nextStop?.text(in: language)
        trip = vehicle?.location.trip?.rawValue
        speed = vehicle?.location.speedMetresPerSecond.map {
            speaker.say(.fleetSpeedValue, ["count": .number(Int64(($0 * 3.6).rounded()))])
        }
        heard = vehicle.map { speaker.ago($0.receivedAt, at: now) }
        standing = vehicle.map { speaker.standing(of: $0, at: now) }
        state = vehicle?.stateName ?? "silent"
        taps = reading.latestTaps.map { Tap($0, speaker) }
        hasTaps = !taps.isEmpty
        devices = reading.devices.map { Device($0, speaker, at: now) }
        hasDevices = !devices.isEmpty
    }
}

extension FleetVehicleView.Tap {
    init(_ tap: VehicleReading.LatestTap, _ speaker: Speaker) {
        time = speaker.time(tap.tappedAt)
        machineTime = speaker.machineTime(tap.tappedAt)
        outcome = tap.refusal.map(speaker.refusal) ?? speaker.say(.fleetTapAccepted)
        isRefused = tap.refusal != nil
        riders =
            tap.riders > 1
            ? speaker.say(.fleetRiders, ["count": .number(Int64(tap.riders))]) : nil
    }
}

extension FleetVehicleView.Device {
    init(_ report: ReceivedHealth, _ speaker: Speaker, at now: Timestamp) {
        let health = report.health
        name = report.device.rawValue
        isSound = !report.needsAttention
        var lines: [Line] = []
        if !health.journalIsSound {
            lines.append(Line(text: speaker.say(.fleetDeviceJournal), isBad: true))
        }
        lines.append(
            Line(
                text: speaker.say(
                    .fleetDeviceReaders,
                    [
                        "sound": .number(Int64(health.soundReaders)),
                        "all": .number(Int64(health.readers)),
                    ]), isBad: health.soundReaders < health.readers))
        let isOverdue = health.oldestWaiting.map { $0 > ReceivedHealth.patience } ?? false
        lines.append(
            Line(
                text: health.waitingTaps > 0
                    ? speaker.say(
                        .fleetDeviceWaiting,
                        ["count": .number(Int64(clamping: health.waitingTaps))])
                    : speaker.say(.fleetDeviceSent), isBad: isOverdue))
        self.lines = lines
        heard = speaker.ago(report.reportedAt, at: now)
        documents = speaker.say(
            .fleetDeviceDocuments,
            [
                "base": .number(Int64(clamping: health.documents.denyListBase)),
                "overlay": .number(Int64(clamping: health.documents.denyListOverlay)),
                "configuration": .number(Int64(clamping: health.documents.configuration)),
            ])
        software =
            health.softwareVersion.isEmpty
            ? nil
            : speaker.say(.fleetDeviceSoftware, ["version": .text(health.softwareVersion)])
    }
}

extension FleetVehicle {
    /// From how much delay on a vehicle counts as late, very late, or early. The map's script
    /// says the same.
    private static let lateFrom: Duration = .seconds(180)
    private static let veryLateFrom: Duration = .seconds(600)
    private static let earlyFrom: Duration = .seconds(-60)

    /// The state as pages and the map's script name it.
    var stateName: String {
        switch (status, delay) {
        case (.silent, _): "silent"
        case (.offRoute, _): "off-route"
        case (.noTrip, _), (.onRoute, nil): "unscheduled"
        case (.onRoute, let delay?) where delay >= Self.veryLateFrom: "very-late"
        case (.onRoute, let delay?) where delay >= Self.lateFrom: "late"
        case (.onRoute, let delay?) where delay <= Self.earlyFrom: "early"
        case (.onRoute, _): "on-time"
        }
    }
}

extension Speaker {
    /// How late or early, or why nobody can tell.
    func standing(of vehicle: FleetVehicle, at now: Timestamp) -> String {
        switch vehicle.stateName {
        case "silent":
            say(.fleetSilent, ["age": .text(span(since: vehicle.receivedAt, at: now))])
        case "off-route": say(.fleetStateOffRoute)
        case "unscheduled": say(.fleetStateUnscheduled)
        case "late", "very-late": say(.fleetLate, ["count": .number(vehicle.minutes)])
        case "early": say(.fleetEarly, ["count": .number(vehicle.minutes)])
        default: say(.fleetOnTime)
        }
    }

    func ago(_ instant: Timestamp, at now: Timestamp) -> String {
        say(.fleetHeardAgo, ["age": .text(span(since: instant, at: now))])
    }

    private func span(since instant: Timestamp, at now: Timestamp) -> String {
        let seconds = max(0, now.elapsed(since: instant).components.seconds)
        return switch seconds {
        case 0..<60: say(.fleetSeconds, ["count": .number(seconds)])
        case 60..<7_200: say(.fleetMinutes, ["count": .number(seconds / 60)])
        default: say(.fleetHours, ["count": .number(seconds / 3_600)])
        }
    }
}

extension FleetVehicle {
    /// Whole minutes of delay, without a sign.
    fileprivate var minutes: Int64 { abs((delay ?? .zero).components.seconds) / 60 }
}
