import DeviceProtocol
import Fleet
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Store
import TransitModel
import Wording

/// The page with the map. What moves comes by ``FleetWire``; the words for it go along.
struct FleetPage {
    struct State {
        /// As the map's script calls it.
        let name: String
        let label: String
    }

    let words: String
    let states: [State]
    let tiles: String
    let attribution: String

    init(_ speaker: Speaker, _ settings: ConsoleSettings) {
        states = Self.states.map { State(name: $0.name, label: speaker.say($0.phrase)) }
        tiles = settings.tiles?.address ?? ""
        attribution = settings.tiles?.attribution ?? ""
        words = Self.words(speaker)
    }

    /// In the order of a dispatcher's concern, the calm ones first.
    private static let states: [(name: String, phrase: ConsolePhrase)] = [
        ("on-time", .fleetStateOnTime), ("late", .fleetStateLate),
        ("very-late", .fleetStateVeryLate), ("early", .fleetStateEarly),
        ("off-route", .fleetStateOffRoute), ("unscheduled", .fleetStateUnscheduled),
        ("silent", .fleetStateSilent),
    ]

    /// Phrases that the script fills in itself keep their placeholders.
    private static func words(_ speaker: Speaker) -> String {
        func phrase(_ phrase: ConsolePhrase, _ placeholders: String...) -> String {
            let values = placeholders.map { ($0, PhraseValue.text("{\($0)}")) }
            return speaker.say(phrase, Dictionary(uniqueKeysWithValues: values))
        }
        let words = [
            "allRoutes": phrase(.fleetAllRoutes), "attention": phrase(.fleetAttention),
            "early": phrase(.fleetEarlyShort, "count"), "hours": phrase(.fleetHours, "count"),
            "late": phrase(.fleetLateShort, "count"), "lost": phrase(.fleetLost, "time"),
            "map": phrase(.fleetMap), "minutes": phrase(.fleetMinutes, "count"),
            "more": phrase(.fleetMore, "count"), "offRoute": phrase(.fleetStateOffRoute),
            "onTime": phrase(.fleetOnTime), "seconds": phrase(.fleetSeconds, "count"),
            "shown": phrase(.fleetShown, "shown", "total"),
            "silent": phrase(.fleetSilent, "age"), "unscheduled": phrase(.fleetStateUnscheduled),
            "vehicle": phrase(.fleetVehicle, "vehicle"), "whole": phrase(.fleetWhole),
            "zoomIn": phrase(.fleetZoomIn), "zoomOut": phrase(.fleetZoomOut),
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(words)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension ConsoleRoutes {
    func fleet(_ visit: Visit) async throws -> Response {
        let page = FleetPage(speaker(visit.language), settings)
        return self.page(.fleet, page, title: .fleetTitle, visit)
    }

    /// The fleet, and then what changes, as server-sent events (HTML Living Standard, 9.2).
    func fleetEvents(_ visit: Visit) async -> Response {
        guard let user = visit.user, let changes = await fleet.watch() else {
            return Response(status: .serviceUnavailable, headers: [.retryAfter: "10"])
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8"],
            body: ResponseBody { writer in
                var checkedAt = visit.now
                for await change in changes.cancelOnGracefulShutdown() {
                    let now = clock()
                    if now.elapsed(since: checkedAt) >= Self.sessionRest || now < checkedAt {
                        // Someone who was signed out, or whose session is over, sees no more.
                        guard try await desk.findUser(of: visit.token, at: now) == user else {
                            try await writer.write(ByteBuffer(string: "event: end\ndata:\n\n"))
                            break
                        }
                        checkedAt = now
                    }
                    let text = fleetWire.text(of: change, in: visit.language)
                    try await writer.write(ByteBuffer(string: "event: fleet\ndata: \(text)\n\n"))
                }
                try await writer.finish(nil)
            })
    }

    /// How long a stream trusts that its watcher is still signed in.
    private static let sessionRest: Duration = .seconds(10)

    /// The lines to draw, the same until the feed changes.
    func fleetStreets(_ visit: Visit) async throws -> Response {
        let snapshot = try await fleet.snapshot()
        let streets = snapshot.streets ?? Streets(version: "none", lines: [], stops: [])
        return tagged(
            ByteBuffer(string: fleetWire.text(of: streets, in: visit.language)),
            "\(streets.version)-\(visit.language.rawValue)",
            mediaType: "application/json; charset=utf-8", cacheControl: "private, no-cache",
            visit.request)
    }

    /// What lies below the streets: nothing, unless the operator gave a file.
    func fleetLandscape(_ visit: Visit) -> Response {
        guard let landscape = settings.landscape else { return Response(status: .noContent) }
        return tagged(
            ByteBuffer(bytes: landscape.bytes), landscape.version,
            mediaType: "application/geo+json", cacheControl: "private, no-cache", visit.request)
    }

    /// One vehicle for the map's panel, without a frame.
    func fleetVehicle(_ visit: Visit) async throws -> Response {
        guard let parameter = visit.context.parameters.get("vehicle"),
            let name = parameter.removingPercentEncoding, !name.isEmpty,
            !name.utf8.contains(0)
        else { throw ConsoleRefusal.notFound }
        let id = VehicleID(name)
        let vehicle = try await fleet.find(id)
        let reading = try await vehicles.readVehicle(id, latestLimit: 8)
        let view = FleetVehicleView(
            id, vehicle, reading, speaker(visit.language), at: visit.now)
        return html(
            pages.render(.fleetVehicle, view, in: visit.language), visit.language,
            view.isKnown ? .ok : .notFound)
    }
}
