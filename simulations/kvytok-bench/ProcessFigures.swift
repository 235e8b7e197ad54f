import Foundation

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

/// Processor time that a process and the children it waited for have used, in seconds: `utime`,
/// `stime`, `cutime` and `cstime` of proc(5); `nil` when it is gone.
func processorSeconds(of process: Int32) -> Double? {
    // Field 2 is a name, which may hold spaces and brackets.
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let name = stat.lastIndex(of: ")")
    else { return nil }
    let fields = stat[stat.index(after: name)...].split(separator: " ")
    guard fields.count > 15 else { return nil }
    let ticks = fields[12...15].compactMap { Double($0) }.reduce(0, +)
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// The same of a process and all children that it has now.
func processorSeconds(ofFamily parent: Int32) -> Double? {
    guard let own = processorSeconds(of: parent) else { return nil }
    let list = try? String(
        contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)
    let children = (list ?? "").split(separator: " ").compactMap { Int32($0) }
    return children.compactMap(processorSeconds(of:)).reduce(own, +)
}
