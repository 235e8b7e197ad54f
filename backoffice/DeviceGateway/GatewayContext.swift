import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Synchronization
import TransitModel

/// A request with the connection it came by, which knows the peer's certificate.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The peer's address, for limits and logs.
    var remoteAddress: String { channel.remoteAddress?.ipAddress ?? "unknown" }

    /// DER bytes of the certificate that TLS has checked; `nil` when the client showed none.
    func peerCertificate() async throws -> [UInt8]? {
        guard let certificate = try await channel.nioSSL_peerCertificate().get() else {
            return nil
        }
        return try certificate.toDERBytes()
    }
}

/// Remembers what was read from certificates, since a device shows the same one in every request.
final class CredentialReader: Sendable {
    private static let limit = 8_192
    private let scheme: SchemeID
    private let known = Mutex<[[UInt8]: DeviceCredential]>([:])

    init(scheme: SchemeID) {
        self.scheme = scheme
    }

    /// - Throws: ``GatewayRefusal/noCertificate``.
    func credential(of context: GatewayContext) async throws -> DeviceCredential {
        guard let bytes = try await context.peerCertificate() else {
            throw GatewayRefusal.noCertificate
        }
        if let credential = known.withLock({ $0[bytes] }) { return credential }
        guard let credential = DeviceCredential(derEncoded: bytes),
            credential.name.scheme == scheme
        else { throw GatewayRefusal.noCertificate }
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[bytes] = credential
        }
        return credential
    }
}
