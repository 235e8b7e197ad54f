import Foundation

/// Processes as the kernel lists them under /proc.
enum ProcessTree {
    /// A process that cannot be confused with a later one of the same number.
    struct Member: Hashable {
        let identifier: pid_t
        /// Clock ticks between the boot and the start of the process.
        let bornAt: String
    }

    /// Every child of `root`, and theirs, whichever session or group they moved to.
    static func descendants(of root: pid_t) -> [Member] {
        var found: [Member] = []
        var pending = children(of: root)
        while let next = pending.popLast() {
            guard let bornAt = birth(of: next) else { continue }
            found.append(Member(identifier: next, bornAt: bornAt))
            pending += children(of: next)
        }
        return found
    }

    /// Sends a signal to those that are still the same processes.
    static func signal(_ members: [Member], _ number: Int32) {
        for member in members where birth(of: member.identifier) == member.bornAt {
            kill(member.identifier, number)
        }
    }

    private static func children(of parent: pid_t) -> [pid_t] {
        let tasks = "/proc/\(parent)/task"
        guard let threads = try? FileManager.default.contentsOfDirectory(atPath: tasks) else {
            return []
        }
        return threads.flatMap { thread -> [pid_t] in
            guard
                let list = try? String(
                    contentsOfFile: "\(tasks)/\(thread)/children", encoding: .utf8)
            else { return [] }
            return list.split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// Field 22 of /proc/N/stat (proc(5)); the name in field 2 may hold spaces and brackets.
    private static func birth(of process: pid_t) -> String? {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return String(fields[19])
    }
}
