import Foundation

/// The nearest-rank percentile of some measurements.
func percentile(_ rank: Int, of values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let index = (sorted.count * rank + 99) / 100
    return sorted[max(0, min(index, sorted.count) - 1)]
}

/// Writes one figure as a JSON line; numbers keep three significant places after the point.
func report(_ name: String, _ values: KeyValuePairs<String, Double>) throws {
    var members: [String: Any] = ["figure": name]
    for (key, value) in values { members[key] = (value * 1_000).rounded() / 1_000 }
    let json = try JSONSerialization.data(
        withJSONObject: members, options: [.sortedKeys, .withoutEscapingSlashes])
    FileHandle.standardOutput.write(json + Data("\n".utf8))
}

/// Says what is being done; people wait for more than two seconds here.
func progress(_ text: String) {
    FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
}

/// Resident memory of a process in megabytes (`VmRSS` of proc(5)); `nil` when it is gone.
func residentMegabytes(of process: Int32) -> Double? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    else { return nil }
    for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
        let words = line.split(whereSeparator: \.isWhitespace)
        if words.count >= 2, let kilobytes = Double(words[1]) { return kilobytes / 1_024 }
    }
    return nil
}
