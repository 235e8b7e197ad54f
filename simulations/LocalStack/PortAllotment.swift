import Foundation
import Synchronization

/// TCP ports that nobody uses and that no other process with this code will be given.
///
/// They lie below the range from which the kernel takes ports for outgoing connections, so nothing
/// takes one by chance between the allotment and its use. A claim is an abstract Unix socket named
/// after the port: the kernel lets go of it with the process, and no file stays behind.
package enum PortAllotment {
    private static let range: ClosedRange<UInt16> = 20_000...32_000
    private static let claims = Mutex<[UInt16: Int32]>([:])

    /// A free port; it stays ours until the process ends.
    package static func allot() throws -> UInt16 {
        let start = UInt16.random(in: range)
        let order = Array(start...range.upperBound) + Array(range.lowerBound..<start)
        for port in order where claim(port) { return port }
        throw SystemFailure("find a free port", code: EADDRINUSE)
    }

    package static func allot(count: Int) throws -> [UInt16] {
        try (0..<count).map { _ in try allot() }
    }

    /// The first free port of the given one and those after it: a person can guess where to look.
    package static func allot(preferring preferred: UInt16, within span: UInt16 = 50) throws
        -> UInt16
    {
        for port in (preferred ... .max).prefix(Int(span)) where claim(port) { return port }
        return try allot()
    }

    /// True when the port was free and is now ours.
    private static func claim(_ port: UInt16) -> Bool {
        claims.withLock { claims in
            guard claims[port] == nil, let token = claimName(of: port) else { return false }
            guard isFree(port) else {
                close(token)
                return false
            }
            claims[port] = token
            return true
        }
    }

    private static func claimName(of port: UInt16) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = [0] + Array("kvytok-port-\(port)".utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = MemoryLayout<sa_family_t>.size + name.count
        let token = socket(AF_UNIX, streamType, 0)
        guard token >= 0 else { return nil }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(token, $0, socklen_t(length))
            }
        }
        guard bound == 0 else {
            close(token)
            return nil
        }
        return token
    }

    /// Tries all interfaces at once: vpcd listens on every one of them.
    private static func isFree(_ port: UInt16) -> Bool {
        let probe = socket(AF_INET, streamType, 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        var reuse: Int32 = 1
        setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                    && listen(probe, 1) == 0
            }
        }
    }

    private static let streamType = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
}
