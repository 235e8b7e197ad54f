import AsyncHTTPClient
import DeviceProtocol
import Foundation
import NIOCore
import NIOHTTP1
import SignedDocuments

/// The device's mutual TLS connection to the gateway.
package final class GatewayClient: Sendable {
    /// What became of a request.
    package enum Outcome<Value: Sendable>: Sendable {
        case answered(Value)
        /// The gateway does not deal with this device: revoked, unknown, or not let in.
        case turnedAway(code: String)
        /// This request can never be taken.
        case refused(code: String)
        /// No answer, or not now.
        case failed(cause: String)
    }

    /// A server that is gone must be noticed before passengers' charges are late.
    private static let timeout: TimeAmount = .seconds(10)
    private static let positionTimeout: TimeAmount = .seconds(4)
    private static let documentTimeout: TimeAmount = .seconds(120)
    private static let acknowledgementByteLimit = 64 << 10

    private let client: HTTPClient
    private let base: URL

    /// - Parameter threads: Those of the whole process as a rule, which many clients share.
    package init(
        server: URL, device: EnrolledDevice,
        threads: any EventLoopGroup = HTTPClient.defaultEventLoopGroup
    ) throws {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try device.tlsConfiguration())
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.idleTimeout = .seconds(60)
        client = HTTPClient(eventLoopGroup: threads, configuration: configuration)
        base = server.appending(path: "device/v1")
    }

    package func shutdown() async throws {
        try await client.shutdown()
    }

    /// - Returns: An acknowledgement of this batch's epoch.
    package func send(_ batch: TapBatch) async -> Outcome<Acknowledgement> {
        var request = HTTPClientRequest(url: base.appending(path: "batches").absoluteString)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-protobuf")
        request.body = .bytes(ByteBuffer(bytes: batch.serialized()))
        let outcome = await exchange(
            request, timeout: Self.timeout, limit: Self.acknowledgementByteLimit)
        guard case .answered(let body) = outcome else { return outcome.withoutValue() }
        guard let body, let answer = try? Acknowledgement(serialized: body),
            answer.epoch == batch.epoch
        else { return .failed(cause: "no acknowledgement of this batch") }
        return .answered(answer)
    }

    /// Says where the vehicle is. Late is as good as never, so that it waits only shortly.
    package func send(_ report: PositionReport) async -> Outcome<Void> {
        var request = HTTPClientRequest(url: base.appending(path: "positions").absoluteString)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-protobuf")
        request.body = .bytes(ByteBuffer(bytes: report.serialized()))
        switch await exchange(
            request, timeout: Self.positionTimeout, limit: Self.acknowledgementByteLimit)
        {
        case .answered: return .answered(())
        case .turnedAway(let code): return .turnedAway(code: code)
        case .refused(let code): return .refused(code: code)
        case .failed(let cause): return .failed(cause: cause)
        }
    }

    /// - Returns: The document's bytes; `nil` when there is none above the version.
    package func fetch(
        _ role: DocumentRole, after version: UInt64
    ) async -> Outcome<[UInt8]?> {
        let url = base.appending(path: "documents/\(role.name)")
            .appending(queryItems: [URLQueryItem(name: "after", value: "\(version)")])
        return await exchange(
            HTTPClientRequest(url: url.absoluteString), timeout: Self.documentTimeout,
            limit: role.payloadLimit + (64 << 10))
    }

    private func exchange(
        _ request: HTTPClientRequest, timeout: TimeAmount, limit: Int
    ) async -> Outcome<[UInt8]?> {
        do {
            let response = try await client.execute(request, timeout: timeout)
            let body = Array(try await response.body.collect(upTo: limit).readableBytesView)
            switch response.status.code {
            case 200: return .answered(body)
            case 204: return .answered(nil)
            case 401, 403: return .turnedAway(code: GatewayAnswer.errorCode(in: body))
            case 400, 404, 413: return .refused(code: GatewayAnswer.errorCode(in: body))
            default: return .failed(cause: "status \(response.status.code)")
            }
        } catch {
            return .failed(cause: "\(error)")
        }
    }
}

extension GatewayClient.Outcome {
    fileprivate func withoutValue<Other>() -> GatewayClient.Outcome<Other> {
        switch self {
        case .answered: .failed(cause: "an answer of another kind")
        case .turnedAway(let code): .turnedAway(code: code)
        case .refused(let code): .refused(code: code)
        case .failed(let cause): .failed(cause: cause)
        }
    }
}
