import Foundation

/// Reads a file line by line in bounded memory.
package struct LineReader: ~Copyable {
    /// A line longer than any record could be; reading stops there.
    package struct LineTooLong: Error, CustomStringConvertible {
        package let line: Int
        package var description: String { "line \(line) is over \(LineReader.lineLimit) bytes" }
    }

    private static let lineLimit = 16 << 20
    private static let chunkBytes = 1 << 20

    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// The number of the line that ``next()`` gave last, from 1.
    package private(set) var line = 0

    package init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// The next line without its end; `nil` after the last.
    package mutating func next() throws -> [UInt8]? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return take(upTo: end, skipping: 1)
            }
            searched = buffer.count
            if isAtEnd {
                return position == buffer.count ? nil : take(upTo: buffer.count, skipping: 0)
            }
            guard buffer.count - position <= Self.lineLimit else {
                throw LineTooLong(line: line + 1)
            }
            if position > 0 {
                searched -= position
                buffer.removeFirst(position)
                position = 0
            }
            let chunk = try handle.read(upToCount: Self.chunkBytes) ?? Data()
            isAtEnd = chunk.isEmpty
            buffer.append(contentsOf: chunk)
        }
    }

    private mutating func take(upTo end: Int, skipping: Int) -> [UInt8] {
        var content = buffer[position..<end]
        if content.last == UInt8(ascii: "\r") { content.removeLast() }
        position = end + skipping
        line += 1
        return Array(content)
    }
}
