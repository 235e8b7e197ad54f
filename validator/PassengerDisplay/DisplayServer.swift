import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the passenger display's page on the device itself, and pushes each change to it as a
/// server-sent event (WHATWG HTML, section 9.2).
package struct DisplayServer: Sendable {
    private let board: DisplayBoard
    private let pages: DisplayPages
    private let framingPort: Int?

    /// - Parameter framingPort: The port on this machine whose pages may show the display in a
    ///   frame, for demonstrations; nobody may without it.
    package init(board: DisplayBoard, pages: DisplayPages, framingPort: Int? = nil) {
        self.board = board
        self.pages = pages
        self.framingPort = framingPort
    }

    /// - Parameters:
    ///   - port: Zero for any free one.
    ///   - onRunning: Told the port that was bound.
    package func makeApplication(
        port: Int, logger: Logger, onRunning: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        Application(
            router: makeRouter(),
            configuration: .init(
                address: .hostname("127.0.0.1", port: port), serverName: "kvytok-validator"),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
            logger: logger)
    }

    package func makeRouter() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: DisplayHeaders(framingPort: framingPort))
        router.get("/") { [pages] _, _ in try Self.answer(pages, "index.html") }
        router.get("/events") { [board] _, _ in try await Self.events(of: board) }
        router.get("/{file}") { [pages] _, context in
            try Self.answer(pages, context.parameters.require("file"))
        }
        return router
    }

    private static func answer(_ pages: DisplayPages, _ name: String) throws -> Response {
        guard let page = pages.page(named: name) else { throw HTTPError(.notFound) }
        return Response(
            status: .ok, headers: [.contentType: page.contentType],
            body: .init(byteBuffer: ByteBuffer(bytes: page.body)))
    }

    private static func events(of board: DisplayBoard) async throws -> Response {
        guard let messages = await board.watch() else { throw HTTPError(.serviceUnavailable) }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: .init { writer in
                for await message in messages.cancelOnGracefulShutdown() {
                    try await writer.write(ByteBuffer(string: serverSentEvent(message)))
                }
                try await writer.finish(nil)
            })
    }

    static func serverSentEvent(_ message: DisplayBoard.Message) throws -> String {
        switch message {
        case .beat: return "event: beat\ndata:\n\n"
        case .view(let view):
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            // JSON on one line: a line break in a text is escaped, so data is one field.
            let json = String(decoding: try encoder.encode(view), as: UTF8.self)
            return "event: view\ndata: \(json)\n\n"
        }
    }
}

/// Tells the browser to run and load nothing but the page's own files.
struct DisplayHeaders<Context: RequestContext>: RouterMiddleware {
    /// See ``DisplayServer``.
    var framingPort: Int?

    var policy: String {
        let framers =
            framingPort.map { "http://127.0.0.1:\($0) http://localhost:\($0)" } ?? "'none'"
        return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors \(framers)"
    }

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = policy
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}
