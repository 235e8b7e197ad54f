import Hummingbird
import Logging
import NIOCore
import TransitModel

/// What the pages know of a connection.
package struct ConsoleContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Whom the rate limit counts: an IPv4 address, the /64 network of an IPv6 one, or `local`.
    package let address: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        // An HTTP/2 stream is a child of the connection that has the address.
        let remote = source.channel.remoteAddress ?? source.channel.parent?.remoteAddress
        address = Self.network(of: remote)
    }

    /// One person commands a whole /64 of IPv6, so its single addresses mean nothing.
    static func network(of remote: SocketAddress?) -> String {
        switch remote {
        case .v4: remote?.ipAddress ?? "local"
        case .v6(let address):
            withUnsafeBytes(of: address.address) { bytes in
                // Of a `sockaddr_in6`: family, port and flow label, then the address (RFC 3493).
                bytes.dropFirst(8).prefix(8).hex + "::/64"
            }
        case .unixDomainSocket, nil: "local"
        }
    }
}
