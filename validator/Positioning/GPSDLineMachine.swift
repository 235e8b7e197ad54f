/// Cuts gpsd's stream into lines and reads them; bytes in, reports out.
///
/// However the bytes are cut or glued on their way, the same reports come. A line that is too long
/// or cannot be read costs that line.
package struct GPSDLineMachine: Sendable {
    package enum Output: Hashable, Sendable {
        case report(GPSDReport)
        /// Not JSON, or not as gpsd writes it.
        case unreadable
        /// Longer than ``lineLimit``; its bytes were let go of as they came.
        case tooLong
    }

    /// gpsd's own limit is `GPS_JSON_RESPONSE_MAX`, 10,240 bytes in 3.22.
    package static let lineLimit = 16 << 10
    /// What to say first: reports in JSON, of all receivers.
    package static let watch = #"?WATCH={"enable":true,"json":true};"# + "\n"
    /// What gpsd always answers, receiver or not.
    package static let areYouThere = "?VERSION;\n"

    private var partial: [UInt8] = []
    private var isSkipping = false

    package init() {}

    package mutating func receive(_ bytes: some Collection<UInt8>) -> [Output] {
        var outputs: [Output] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end], into: &outputs)
            finishLine(into: &outputs)
            rest = rest[rest.index(after: end)...]
        }
        take(rest, into: &outputs)
        return outputs
    }

    private mutating func take(_ bytes: some Collection<UInt8>, into outputs: inout [Output]) {
        guard !isSkipping else { return }
        guard partial.count + bytes.count <= Self.lineLimit else {
            partial.removeAll()
            isSkipping = true
            outputs.append(.tooLong)
            return
        }
        partial.append(contentsOf: bytes)
    }

    private mutating func finishLine(into outputs: inout [Output]) {
        defer {
            partial.removeAll(keepingCapacity: true)
            isSkipping = false
        }
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        guard !isSkipping, !partial.isEmpty else { return }
        outputs.append(GPSDReport(line: partial).map(Output.report) ?? .unreadable)
    }
}
