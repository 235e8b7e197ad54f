import Feeds
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import TransitModel

/// What the public may read without asking: the feed in force and where vehicles are now.
///
/// Nothing here tells anything about riders, so that any page on any site may read it.
package struct OpenDataRoutes: Sendable {
    package static let feedPath = "/gtfs/feed.zip"
    package static let positionsPath = "/gtfs-realtime/vehicle-positions.pb"

    private let snapshot: @Sendable () -> ScheduleSnapshot?
    private let archive: any FeedArchive
    private let positions: VehiclePositionsFeed
    private let logger: Logger

    package init(
        vehicles: any VehicleSource, archive: any FeedArchive,
        snapshot: @escaping @Sendable () -> ScheduleSnapshot?,
        timetableClock: TimetableClock = .real, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.snapshot = snapshot
        self.archive = archive
        self.logger = logger
        positions = VehiclePositionsFeed(
            source: vehicles, snapshot: snapshot, timetableClock: timetableClock, clock: clock)
    }

    package func add<Context: RequestContext>(to router: Router<Context>) {
        router.get(RouterPath(Self.feedPath)) { request, _ in await feed(request) }
        router.head(RouterPath(Self.feedPath)) { request, _ in await feed(request) }
        router.get(RouterPath(Self.positionsPath)) { request, _ in
            await vehiclePositions(request)
        }
        router.head(RouterPath(Self.positionsPath)) { request, _ in
            await vehiclePositions(request)
        }
    }

    /// The feed as it was imported, byte by byte.
    private func feed(_ request: Request) async -> Response {
        guard let current = snapshot()?.current else {
            return Self.text("no feed is in force yet\n", .notFound)
        }
        // The archive's bytes are stored once for each checksum of its files.
        let validators = Validators(
            entityTag: current.version, modifiedAt: max(current.importedAt, current.effectiveFrom))
        var headers = validators.fields
        headers[.cacheControl] = "public, max-age=60"
        headers[.contentDisposition] = "attachment; filename=\"gtfs.zip\""
        if validators.match(request.headers) {
            return Self.answer(.notModified, headers, nil, to: request)
        }
        do {
            let bytes = try await archive.fetchArchive(of: current.feed, sha256: current.sha256)
            headers[.contentType] = "application/zip"
            return Self.answer(.ok, headers, bytes, to: request)
        } catch {
            return unavailable(error)
        }
    }

    /// Vehicle positions, as protobuf, or as JSON for people who look with a browser's tools and
    /// ask for it by `Accept`.
    private func vehiclePositions(_ request: Request) async -> Response {
        do {
            let edition = try await positions.edition()
            let isJSON = Self.prefersJSON(request.headers[.accept] ?? "")
            let second = edition.madeAt.millisecondsSince1970 / 1_000
            let validators = Validators(
                entityTag: "\(second)\(isJSON ? "-json" : "")", modifiedAt: edition.madeAt)
            var headers = validators.fields
            headers[.cacheControl] = "no-cache"
            headers[.vary] = "Accept"
            if validators.match(request.headers) {
                return Self.answer(.notModified, headers, nil, to: request)
            }
            headers[.contentType] =
                isJSON ? "application/json; charset=utf-8" : "application/x-protobuf"
            return Self.answer(
                .ok, headers, isJSON ? edition.json : edition.protobuf, to: request)
        } catch {
            return unavailable(error)
        }
    }

    /// Whether JSON is named and protobuf is not.
    private static func prefersJSON(_ accept: String) -> Bool {
        let types = accept.split(separator: ",").map { type in
            type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        }
        return types.contains("application/json") && !types.contains { $0.hasSuffix("protobuf") }
    }

    private func unavailable(_ error: any Error) -> Response {
        logger.warning("Open data cannot be served", metadata: ["cause": "\(error)"])
        var response = Self.text("not available at the moment\n", .serviceUnavailable)
        response.headers[.retryAfter] = "10"
        return response
    }

    private static func answer(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ bytes: [UInt8]?, to request: Request
    ) -> Response {
        var headers = headers
        headers[.accessControlAllowOrigin] = "*"
        headers[.xContentTypeOptions] = "nosniff"
        guard let bytes else { return Response(status: status, headers: headers) }
        guard request.method != .head else {
            headers[.contentLength] = "\(bytes.count)"
            return Response(status: status, headers: headers)
        }
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func text(_ text: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store",
                .accessControlAllowOrigin: "*",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
