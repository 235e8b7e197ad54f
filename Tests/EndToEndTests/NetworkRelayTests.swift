import Faults
import Foundation
import LocalStack
import Testing

/// A bad network that tests rely on has to be tested itself.
@Suite("The road to the gateway", .timeLimit(.minutes(5)))
struct NetworkRelayTests {
    @Test(
        "carries bytes both ways; cut, its connections die and new ones are refused; mended, it carries again"
    )
    func cutAndMend() async throws {
        let gateway = try EchoServer()
        let relay = try NetworkRelay(
            port: try PortAllotment.allot(), upstreamPort: gateway.port)
        let first = try #require(TestSocket(connectingTo: relay.port))
        first.send("hello")
        #expect(first.receive() == "hello")
        #expect(relay.connectionCount == 1 && !relay.isCut)

        #expect(relay.cut() == 1)
        #expect(relay.isCut)
        #expect(first.receive() == nil)
        try await eventually("new connections to be refused") {
            TestSocket(connectingTo: relay.port) == nil
        }
        // Cutting twice is cutting once.
        #expect(relay.cut() == 0)

        try relay.restore()
        try relay.restore()
        let second = try #require(TestSocket(connectingTo: relay.port))
        second.send("again")
        #expect(second.receive() == "again")
    }

    @Test("carries a megabyte unharmed, and forgets connections that ended")
    func bulk() async throws {
        let gateway = try EchoServer()
        let relay = try NetworkRelay(port: try PortAllotment.allot(), upstreamPort: gateway.port)
        do {
            let socket = try #require(TestSocket(connectingTo: relay.port))
            let block = String(repeating: "0123456789abcdef", count: 1_024)
            for _ in 0..<64 {
                socket.send(block)
                #expect(socket.receive(count: block.utf8.count) == block)
            }
        }
        try await eventually("the connection to be forgotten") { relay.connectionCount == 0 }
    }

    @Test("takes only so many connections, and none when there is no gateway behind it")
    func bounds() async throws {
        let gateway = try EchoServer()
        let relay = try NetworkRelay(port: try PortAllotment.allot(), upstreamPort: gateway.port)
        let sockets = (0..<NetworkRelay.connectionLimit).compactMap { _ in
            TestSocket(connectingTo: relay.port)
        }
        #expect(sockets.count == NetworkRelay.connectionLimit)
        try await eventually("all to be taken") {
            relay.connectionCount == NetworkRelay.connectionLimit
        }
        let surplus = try #require(TestSocket(connectingTo: relay.port))
        #expect(surplus.receive() == nil)

        let nowhere = try NetworkRelay(
            port: try PortAllotment.allot(), upstreamPort: try PortAllotment.allot())
        let stray = try #require(TestSocket(connectingTo: nowhere.port))
        #expect(stray.receive() == nil)
    }
}

/// Sends everything back, a thread for each connection.
private final class EchoServer: Sendable {
    let port: UInt16
    private let listener: Int32

    init() throws {
        port = try PortAllotment.allot()
        let listener = TestSocket.make()
        self.listener = listener
        let result = TestSocket.withAddress(of: port) { bind(listener, $0, $1) }
        guard result == 0, listen(listener, 64) == 0 else {
            throw DeadlinePassed(awaited: "a listening socket")
        }
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                Thread.detachNewThread {
                    var block = [UInt8](repeating: 0, count: 65_536)
                    while true {
                        let count = recv(connection, &block, block.count, 0)
                        guard count > 0 else { break }
                        _ = send(connection, block, count, Int32(MSG_NOSIGNAL))
                    }
                    close(connection)
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}

private final class TestSocket {
    private let descriptor: Int32

    /// - Returns: `nil` when the connection is refused.
    init?(connectingTo port: UInt16) {
        descriptor = Self.make()
        // Nobody waits for ever.
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let descriptor = descriptor
        guard Self.withAddress(of: port, { connect(descriptor, $0, $1) }) == 0 else { return nil }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// - Returns: `nil` when the connection has ended.
    func receive() -> String? {
        var block = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &block, block.count, 0)
        return count > 0 ? String(decoding: block.prefix(count), as: UTF8.self) : nil
    }

    func receive(count: Int) -> String? {
        var text = ""
        while text.utf8.count < count {
            guard let part = receive() else { return nil }
            text += part
        }
        return text
    }

    static func make() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }

    static func withAddress(
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
