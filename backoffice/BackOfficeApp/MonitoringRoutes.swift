import HTTPTypes
import Hummingbird
import NIOCore
import PostgresClient
import Store

/// `/healthz`, `/readyz` and `/metrics`. They tell nothing about riders.
struct MonitoringRoutes: Sendable {
    let database: PostgresClient
    let metrics: MetricsPage

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/healthz") { _, _ in Self.text("alive\n") }
        router.get("/readyz") { _, _ in await readiness() }
        router.get("/metrics") { _, _ in
            var response = Self.text(await metrics.render())
            response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return response
        }
    }

    /// Ready means: the database answers and has this program's schema.
    private func readiness() async -> Response {
        do {
            let standing = try await Migrator().standing(of: database)
            if standing.isCurrent { return Self.text("ready\n") }
            let missing = standing.missing.joined(separator: ", ")
            return Self.text("migrations missing: \(missing)\n", .serviceUnavailable)
        } catch {
            return Self.text("\(error)\n", .serviceUnavailable)
        }
    }

    private static func text(
        _ text: String, _ status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
