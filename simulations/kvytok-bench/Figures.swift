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
