import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Testing
import TransitModel
import Wording

@testable import PassengerDisplay

@Suite("Display server")
struct DisplayServerTests {
    private func server() throws -> DisplayServer {
        let catalogue = try Checkout.catalogue()
        return DisplayServer(
            board: DisplayBoard(
                speaker: DisplaySpeaker(catalogue: catalogue), timer: ManualTimer().timer),
            pages: try DisplayPages(share: Checkout.share, catalogue: catalogue))
    }

    @Test("The page and its files are served, each under a policy that lets nothing else run")
    func files() async throws {
        let application = Application(router: try server().makeRouter())
        try await application.test(.router) { client in
            for (path, type) in [
                ("/", "text/html; charset=utf-8"), ("/display.css", "text/css; charset=utf-8"),
                ("/display.js", "text/javascript; charset=utf-8"),
                ("/tones.js", "text/javascript; charset=utf-8"),
            ] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .ok)
                    #expect(response.headers[.contentType] == type)
                    #expect(
                        response.headers[.contentSecurityPolicy]
                            == DisplayHeaders<BasicRequestContext>().policy)
                    #expect(response.headers[.cacheControl] == "no-store")
                }
            }
            for path in ["/index", "/../README.md", "/%2e%2e/README.md", "/nothing.js"] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .notFound)
                }
            }
        }
    }

    @Test("The page itself knows what to say when the validator is silent")
    func filled() async throws {
        let application = Application(router: try server().makeRouter())
        try await application.test(.router) { client in
            try await client.execute(uri: "/", method: .get) { response in
                let html = String(buffer: response.body)
                #expect(html.contains("Не працює"))
                #expect(html.contains("Out of service"))
                #expect(!html.contains("{{"))
            }
        }
    }

    @Test("The page has no inline script, style or handler, and asks nobody else for anything")
    func strictPage() throws {
        let html = try String(
            contentsOfFile: Checkout.share.displayWeb + "/index.html", encoding: .utf8)
        for forbidden in [" style=", "<style", " onload", " onclick", "javascript:", "://"] {
            #expect(!html.contains(forbidden), "\(forbidden)")
        }
        let css = try String(
            contentsOfFile: Checkout.share.displayWeb + "/display.css", encoding: .utf8)
        #expect(!css.contains("url(") && !css.contains("@import"))
    }

    @Test("The page draws a symbol of its own for every look, and plays every sound")
    func everyLook() throws {
        let html = try String(
            contentsOfFile: Checkout.share.displayWeb + "/index.html", encoding: .utf8)
        let css = try String(
            contentsOfFile: Checkout.share.displayWeb + "/display.css", encoding: .utf8)
        for look in DisplayScene.Look.allCases {
            #expect(html.contains("class=\"look \(look.rawValue)\""))
            #expect(css.contains("body[data-look=\"\(look.rawValue)\"] {"))
            #expect(css.contains("body[data-look=\"\(look.rawValue)\"] .look.\(look.rawValue)"))
        }
        let tones = try String(
            contentsOfFile: Checkout.share.displayWeb + "/tones.js", encoding: .utf8)
        for sound in DisplayScene.Sound.allCases {
            #expect(tones.contains("  \(sound.rawValue): {"))
        }
    }

    @Test("An event is one block on one line of data, whatever the text")
    func event() throws {
        var view = DisplaySpeaker(catalogue: try Checkout.catalogue())
            .view(of: .ready, notice: .init(route: "a\n\ndata: b"))
        view.sound = "accepted"
        let event = try DisplayServer.serverSentEvent(.view(view))
        let lines = event.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4 && lines[0] == "event: view" && lines[2].isEmpty)
        #expect(lines[1].contains(#""sound":"accepted""#))
        #expect(try DisplayServer.serverSentEvent(.beat) == "event: beat\ndata:\n\n")
    }
}
