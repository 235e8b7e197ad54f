import Foundation
import Glibc

/// A virtual reader could not be reached or used.
package struct CardSocketError: Error, CustomStringConvertible {
    package let operation: String
    package let code: Int32

    package var description: String { "\(operation): \(String(cString: strerror(code)))" }
}

/// A TCP connection to a virtual reader, read by one thread and shut by any.
final class CardSocket: Sendable {
    private let descriptor: Int32

    init(host: String, port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw CardSocketError(operation: "read address \(host)", code: EINVAL)
        }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw CardSocketError(operation: "socket", code: errno) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw CardSocketError(operation: "connect to reader at \(host):\(port)", code: code)
        }
        self.descriptor = descriptor
        setOption(TCP_NODELAY)
    }

    deinit { close(descriptor) }

    /// Ends both directions; a thread that is receiving wakes up.
    func shutDown() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// The next message's body; `nil` when the reader is gone or the socket was shut.
    func receiveMessage() -> [UInt8]? {
        guard let head = receive(2) else { return nil }
        return receive(Int(head[0]) << 8 | Int(head[1]))
    }

    /// - Precondition: `body` is shorter than 64 KiB.
    /// - Returns: `false` when the reader is gone.
    func send(_ body: [UInt8]) -> Bool {
        precondition(body.count <= UInt16.max, "A reader's message is shorter than 64 KiB")
        // One send for head and body: the reader then needs no second acknowledgement.
        let message =
            [UInt8(truncatingIfNeeded: body.count >> 8), UInt8(truncatingIfNeeded: body.count)]
            + body
        var sent = 0
        while sent < message.count {
            let count = message[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func receive(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            // The reader sends head and body apart and Nagle's algorithm holds the second until
            // the first is acknowledged; the kernel forgets this option after each use.
            setOption(TCP_QUICKACK)
            let result = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress?.advanced(by: received), count - received, 0)
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { return nil }
            received += result
        }
        return bytes
    }

    private func setOption(_ option: Int32) {
        var one: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), option, &one, socklen_t(MemoryLayout<Int32>.size))
    }
}
