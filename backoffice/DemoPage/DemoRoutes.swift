import Console
import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import ServiceLifecycle
import Store
import TransitModel
import Wording

/// The page `/demo`: promises beside what is seen of them. It is mounted in development only, and
/// then only when the program was told of a demonstration to command.
package struct DemoRoutes: Sendable {
    /// Blocking cards is the operator's business.
    private static let roles: Set<StaffRole> = [.operator]
    private static let heartbeat: Duration = .seconds(10)

    private let director: DemoDirector
    private let door: GuestDoor

    package init(director: DemoDirector, door: GuestDoor) {
        self.director = director
        self.door = door
    }

    package func add(to router: Router<ConsoleContext>) {
        let path = GuestDoor.demonstrationPath
        router.get(RouterPath(path)) { request, context in
            try await admitting(request, context, isPage: true) { await page(for: $0) }
        }
        router.get("\(path)/events") { request, context in
            try await admitting(request, context) { await events(for: $0) }
        }
        for kind in Deed.Kind.allCases {
            router.post("\(path)/deeds/\(kind.rawValue)") { request, context in
                try await admitting(request, context) { _ in
                    let isTaken = await director.order(kind)
                    return Response(status: isTaken ? .accepted : .conflict)
                }
            }
        }
    }

    private func admitting(
        _ request: Request, _ context: ConsoleContext, isPage: Bool = false,
        _ answer: (GuestDoor.Guest) async throws -> Response
    ) async throws -> Response {
        switch try await door.admit(request, context, roles: Self.roles, isPage: isPage) {
        case .guest(let guest): try await answer(guest)
        case .turnedAway(let response): response
        }
    }

    private func speaker(for guest: GuestDoor.Guest) -> DemoSpeaker {
        DemoSpeaker(
            catalogue: door.catalogue, language: guest.language, calendar: door.calendar)
    }

    // MARK: - The page

    private struct Page {
        struct Button {
            let kind: String
            let label: String
            let isPrimary: Bool
        }

        let words: DemoWords
        let formCode: String
        /// The passenger display, when the demonstration has told where it is.
        let display: String?
        let frameTitle: String
        let vehicle = DemoDirector.vehicle
        let cardButtons: [Button]
        let networkButtons: [Button]
        let powerButtons: [Button]
        /// The scene now, so that the page is whole before the first event.
        let scene: String
    }

    private func page(for guest: GuestDoor.Guest) async -> Response {
        let scene = await director.look()
        let speaker = speaker(for: guest)
        let display = scene.display
        let page = Page(
            words: DemoWords(speaker), formCode: guest.formCode, display: display,
            frameTitle: speaker.say(
                .screenFrame, ["vehicle": .text(DemoDirector.vehicle)]),
            cardButtons: buttons([.tap, .block, .tapBlocked, .unblock], speaker),
            networkButtons: buttons([.cutNetwork, .tapDark, .restoreNetwork], speaker),
            powerButtons: buttons([.cutPower, .restorePower], speaker),
            scene: json(DemoView(scene, speaker)))
        return door.page(
            "demo", page, title: speaker.say(.title), framing: display.flatMap(Self.origin),
            for: guest)
    }

    private func buttons(_ kinds: [Deed.Kind], _ speaker: DemoSpeaker) -> [Page.Button] {
        kinds.map { kind in
            Page.Button(
                kind: kind.rawValue, label: Self.label(of: kind, speaker), isPrimary: kind == .tap)
        }
    }

    private static func label(of kind: Deed.Kind, _ speaker: DemoSpeaker) -> String {
        switch kind {
        case .tap: speaker.say(.actTap)
        case .tapBlocked: speaker.say(.actTapBlocked)
        case .block: speaker.say(.actBlock)
        case .unblock: speaker.say(.actUnblock)
        case .cutNetwork: speaker.say(.actCutNetwork)
        case .tapDark:
            speaker.say(.actTapDark, ["count": .number(Int64(DemoDirector.darkTapCount))])
        case .restoreNetwork: speaker.say(.actRestoreNetwork)
        case .cutPower: speaker.say(.actCutPower)
        case .restorePower: speaker.say(.actRestorePower)
        }
    }

    /// Scheme, host and port of the display; nothing else goes into the page's policy.
    private static func origin(of address: String) -> String? {
        guard let url = URL(string: address), url.scheme == "http", let host = url.host,
            ["127.0.0.1", "localhost"].contains(host), let port = url.port
        else { return nil }
        return "http://\(host):\(port)"
    }

    // MARK: - Events

    private enum News: Sendable {
        case scene(DemoScene)
        case beat
    }

    /// The scene again and again, as server-sent events (HTML Living Standard, 9.2).
    private func events(for guest: GuestDoor.Guest) async -> Response {
        guard let scenes = await director.watch() else {
            return Response(status: .serviceUnavailable, headers: [.retryAfter: "10"])
        }
        let speaker = speaker(for: guest)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"],
            body: ResponseBody { writer in
                var last: DemoView?
                for await news in Self.withBeats(scenes).cancelOnGracefulShutdown() {
                    switch news {
                    case .beat:
                        guard try await door.stillKnows(guest) else { return }
                        try await writer.write(ByteBuffer(string: "event: beat\ndata:\n\n"))
                    case .scene(let scene):
                        let view = DemoView(scene, speaker)
                        guard view != last else { continue }
                        last = view
                        try await writer.write(
                            ByteBuffer(string: "event: scene\ndata: \(json(view))\n\n"))
                    }
                }
                try await writer.finish(nil)
            })
    }

    /// Proves now and then that the line stands, though nothing happens.
    private static func withBeats(_ scenes: AsyncStream<DemoScene>) -> AsyncStream<News> {
        AsyncStream(bufferingPolicy: .bufferingNewest(8)) { continuation in
            let relay = Task {
                for await scene in scenes { continuation.yield(.scene(scene)) }
                continuation.finish()
            }
            let beats = Task {
                while (try? await Task.sleep(for: heartbeat)) != nil { continuation.yield(.beat) }
            }
            continuation.onTermination = { _ in
                relay.cancel()
                beats.cancel()
            }
        }
    }

    /// On one line: a line break in a text is escaped.
    private func json(_ view: DemoView) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(view) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}

/// The phrases of the page as its template reaches them: `{{page.words.screen.title}}`.
struct DemoWords: MustacheParent {
    private let speaker: DemoSpeaker
    private let prefix: String

    init(_ speaker: DemoSpeaker) { self.init(speaker, prefix: "demo.") }

    private init(_ speaker: DemoSpeaker, prefix: String) {
        self.speaker = speaker
        self.prefix = prefix
    }

    func child(named name: String) -> Any? {
        if let phrase = DemoPhrase(rawValue: prefix + name) { return speaker.say(phrase) }
        return DemoWords(speaker, prefix: prefix + name + ".")
    }
}
