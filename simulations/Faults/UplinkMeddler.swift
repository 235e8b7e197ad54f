import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import ServiceLifecycle
import TransitModel

/// Stands between one validator and the gateway and spoils their talk.
///
/// The validator speaks TLS with it, and it speaks mutual TLS with the gateway under the same
/// device identity, so that both ends see nothing but a bad network: acknowledgements that never
/// arrive although the batch was taken, and batches that arrive twice at the same moment.
package struct UplinkMeddler: Service {
    /// PEM files that the meddler borrows.
    package struct Identity: Sendable {
        package var serverCertificate: URL
        package var serverKey: URL
        package var deviceCertificate: URL
        package var deviceKey: URL
        package var authority: URL

        package init(
            serverCertificate: URL, serverKey: URL, deviceCertificate: URL, deviceKey: URL,
            authority: URL
        ) {
            self.serverCertificate = serverCertificate
            self.serverKey = serverKey
            self.deviceCertificate = deviceCertificate
            self.deviceKey = deviceKey
            self.authority = authority
        }
    }

    private static let bodyLimit = 16 * 1_024 * 1_024

    package let tally: MeddlerTally
    private let identity: Identity
    private let upstream: @Sendable () -> String
    private let ready: @Sendable (_ port: Int) async -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - upstream: The gateway's address now, such as `https://localhost:8443`; asked for each
    ///     request, since a restarted gateway may be elsewhere.
    ///   - tally: Decides each batch's fate from its seed, and counts what was done.
    ///   - ready: Called once with the port that the meddler listens on.
    package init(
        identity: Identity, upstream: @escaping @Sendable () -> String, tally: MeddlerTally,
        logger: Logger = Logger(label: "kvytok.meddler"),
        ready: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.identity = identity
        self.upstream = upstream
        self.tally = tally
        self.logger = logger
        self.ready = ready
    }

    package func run() async throws {
        let authority = try NIOSSLCertificate.fromPEMFile(identity.authority.path)
        var clientTLS = TLSConfiguration.makeClientConfiguration()
        clientTLS.trustRoots = .certificates(authority)
        clientTLS.certificateChain = try NIOSSLCertificate.fromPEMFile(
            identity.deviceCertificate.path
        ).map { .certificate($0) }
        clientTLS.privateKey = .privateKey(
            try NIOSSLPrivateKey(file: identity.deviceKey.path, format: .pem))
        let serverTLS = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(identity.serverCertificate.path)
                .map { .certificate($0) },
            privateKey: .privateKey(
                try NIOSSLPrivateKey(file: identity.serverKey.path, format: .pem)))

        var clientConfiguration = HTTPClient.Configuration(tlsConfiguration: clientTLS)
        clientConfiguration.timeout.connect = .seconds(2)
        let client = HTTPClient(configuration: clientConfiguration)
        defer { client.shutdown { _ in } }

        let router = Router(context: MeddlerContext.self)
        for method in [HTTPRequest.Method.get, .post, .put] {
            router.on("**", method: method) { request, context in
                try await pass(request, in: context, through: client)
            }
        }
        let ready = ready
        let application = Application(
            router: router, server: try .tls(.http1(), tlsConfiguration: serverTLS),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in await ready(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }

    private func pass(
        _ request: Request, in context: MeddlerContext, through client: HTTPClient
    ) async throws -> Response {
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        var forwarded = HTTPClientRequest(url: upstream() + request.uri.description)
        forwarded.method = .init(rawValue: request.method.rawValue)
        if let type = request.headers[.contentType] {
            forwarded.headers.add(name: "content-type", value: type)
        }
        if body.readableBytes > 0 { forwarded.body = .bytes(body) }

        guard request.uri.path.hasSuffix("/batches") else {
            return try await Self.send(forwarded, through: client)
        }
        switch tally.nextFate() {
        case .passed:
            return try await Self.send(forwarded, through: client)
        case .sentTwice:
            let copy = forwarded
            async let first = Self.send(copy, through: client)
            async let second = Self.send(copy, through: client)
            let answers = try await (first, second)
            return answers.0
        case .acknowledgementDropped:
            _ = try await Self.send(forwarded, through: client)
            context.channel.close(promise: nil)
            throw HTTPError(.badGateway)
        }
    }

    private static func send(
        _ request: HTTPClientRequest, through client: HTTPClient
    ) async throws -> Response {
        do {
            let answer = try await client.execute(request, timeout: .seconds(10))
            let body = try await answer.body.collect(upTo: bodyLimit)
            var headers = HTTPFields()
            if let type = answer.headers.first(name: "content-type") {
                headers[.contentType] = type
            }
            return Response(
                status: .init(code: Int(answer.status.code)), headers: headers,
                body: .init(byteBuffer: body))
        } catch {
            throw HTTPError(.badGateway)
        }
    }
}

/// Keeps the connection at hand, so that it can be cut.
private struct MeddlerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
