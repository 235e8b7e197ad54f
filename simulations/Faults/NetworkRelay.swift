import Foundation
import Synchronization

/// A road between one device and its gateway that can be cut and mended.
///
/// It passes bytes on and understands none of them, so TLS runs through it from end to end. While
/// it is cut, connections that stood are gone and new ones are refused, as by a router without
/// power. Blocking calls own threads: two for each connection, and one that listens.
package final class NetworkRelay: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let operation: String
        package let code: Int32

        package var description: String {
            "network relay: \(operation): \(String(cString: strerror(code)))"
        }
    }

    /// More connections at once than one vehicle has use for; further ones are closed at once.
    package static let connectionLimit = 32
    private static let blockSize = 16 * 1_024

    private struct State {
        var listener: Int32?
        var links: [Int: Link] = [:]
        var linkCount = 0
    }

    /// The same before and after a cut.
    package let port: UInt16
    private let upstreamPort: UInt16
    private let state = Mutex(State())

    /// Opens the road.
    ///
    /// - Parameters:
    ///   - port: Where the device connects, on 127.0.0.1; it has to be free also after a cut.
    ///   - upstreamPort: The gateway's port on 127.0.0.1.
    package init(port: UInt16, upstreamPort: UInt16) throws(Failure) {
        self.port = port
        self.upstreamPort = upstreamPort
        try restore()
    }

    deinit { cut() }

    package var isCut: Bool { state.withLock { $0.listener == nil } }
    package var connectionCount: Int { state.withLock { $0.links.count } }

    /// Cuts the road.
    ///
    /// - Returns: How many connections died.
    @discardableResult
    package func cut() -> Int {
        let (listener, links) = state.withLock { state in
            defer { state.links = [:] }
            return (state.listener.take(), Array(state.links.values))
        }
        // The thread that accepts wakes up and closes it.
        if let listener { shutdown(listener, Int32(SHUT_RDWR)) }
        for link in links { link.shutDown() }
        return links.count
    }

    /// Mends the road, unless it is whole.
    package func restore() throws(Failure) {
        guard isCut else { return }
        let listener = try Self.listen(on: port)
        let wasCut = state.withLock { state in
            guard state.listener == nil else { return false }
            state.listener = listener
            return true
        }
        guard wasCut else {
            close(listener)
            return
        }
        Thread.detachNewThread { [weak self] in
            while true {
                let device = accept(listener, nil, nil)
                guard let self, self.uses(listener) else {
                    if device >= 0 { close(device) }
                    break
                }
                if device >= 0 {
                    take(device, from: listener)
                } else if errno != EINTR, errno != ECONNABORTED {
                    // Out of descriptors: whoever waits is served when there are some again.
                    Thread.sleep(forTimeInterval: 0.05)
                }
            }
            close(listener)
        }
    }

    private func uses(_ listener: Int32) -> Bool { state.withLock { $0.listener == listener } }

    // MARK: - Connections

    private func take(_ device: Int32, from listener: Int32) {
        guard connectionCount < Self.connectionLimit,
            let gateway = try? Self.connect(to: upstreamPort)
        else {
            close(device)
            return
        }
        let link = Link(device: device, gateway: gateway)
        // The road may have been cut meanwhile; then the link closes as it goes out of scope.
        let number = state.withLock { state -> Int? in
            guard state.listener == listener else { return nil }
            state.linkCount += 1
            state.links[state.linkCount] = link
            return state.linkCount
        }
        guard let number else { return }
        link.carry { [weak self] in self?.state.withLock { $0.links[number] = nil } }
    }

    /// Both ends of one connection. They are closed when nobody can use them any more.
    private final class Link: Sendable {
        private let device: Int32
        private let gateway: Int32

        init(device: Int32, gateway: Int32) {
            self.device = device
            self.gateway = gateway
        }

        deinit {
            close(device)
            close(gateway)
        }

        /// Both directions wake up and end.
        func shutDown() {
            shutdown(device, Int32(SHUT_RDWR))
            shutdown(gateway, Int32(SHUT_RDWR))
        }

        /// Carries bytes both ways until one end has no more of them.
        func carry(whenOver: @escaping @Sendable () -> Void) {
            Thread.detachNewThread { [self] in
                Self.pass(from: device, to: gateway)
                shutDown()
                whenOver()
            }
            Thread.detachNewThread { [self] in
                Self.pass(from: gateway, to: device)
                shutDown()
                whenOver()
            }
        }

        private static func pass(from source: Int32, to target: Int32) {
            var block = [UInt8](repeating: 0, count: NetworkRelay.blockSize)
            while true {
                let received = recv(source, &block, block.count, 0)
                if received < 0, errno == EINTR { continue }
                guard received > 0 else { return }
                var sent = 0
                while sent < received {
                    let count = block[sent..<received].withUnsafeBytes {
                        send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { return }
                    sent += count
                }
            }
        }
    }

    // MARK: - Sockets

    private static func listen(on port: UInt16) throws(Failure) -> Int32 {
        try withSocket { (descriptor) throws(Failure) in
            var reuse: Int32 = 1
            setsockopt(
                descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
            guard withAddress(of: port, { bind(descriptor, $0, $1) }) == 0,
                Glibc.listen(descriptor, Int32(connectionLimit)) == 0
            else { throw Failure(operation: "listen on port \(port)", code: errno) }
        }
    }

    private static func connect(to port: UInt16) throws(Failure) -> Int32 {
        try withSocket { (descriptor) throws(Failure) in
            guard withAddress(of: port, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
                throw Failure(operation: "connect to port \(port)", code: errno)
            }
        }
    }

    /// A new socket after `use`; closed again when that throws.
    private static func withSocket(
        _ use: (Int32) throws(Failure) -> Void
    ) throws(Failure) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw Failure(operation: "socket", code: errno) }
        var noDelay: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay,
            socklen_t(MemoryLayout<Int32>.size))
        do throws(Failure) {
            try use(descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func withAddress(
        of port: UInt16, _ use: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
