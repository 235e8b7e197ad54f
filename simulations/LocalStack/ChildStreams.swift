import Foundation

/// The standard streams of one child: their ends, which it inherits, and ours.
struct ChildStreams {
    private(set) var descriptors: [(child: Int32, ours: Int32)] = []
    private(set) var input: Int32?
    private(set) var output: Int32?
    private(set) var diagnostics: Int32?
    private var theirs: [Int32] = []

    init(for command: ChildCommand) throws(SystemFailure) {
        do throws(SystemFailure) {
            if command.readsLines {
                input = try connect(0)
            } else {
                try attach([0], to: "/dev/null", O_RDONLY)
            }
            switch command.output {
            case .kept:
                output = try connect(1)
                diagnostics = try connect(2)
            case .appended(let path):
                try attach([1, 2], to: path, O_WRONLY | O_APPEND | O_CREAT)
            case .keptWithDiagnostics(let path):
                output = try connect(1)
                try attach([2], to: path, O_WRONLY | O_APPEND | O_CREAT)
            case .inherited:
                descriptors += [(child: 1, ours: 1), (child: 2, ours: 2)]
            case .discarded:
                try attach([1, 2], to: "/dev/null", O_WRONLY)
            }
        } catch {
            closeAll()
            throw error
        }
    }

    func closeTheirs() {
        for descriptor in theirs { close(descriptor) }
    }

    func closeOurs() {
        for descriptor in [input, output, diagnostics].compactMap({ $0 }) { close(descriptor) }
    }

    func closeAll() {
        closeTheirs()
        closeOurs()
    }

    private mutating func connect(_ number: Int32) throws(SystemFailure) -> Int32 {
        let channel = try Spawn.channel()
        theirs.append(channel.theirs)
        descriptors.append((child: number, ours: channel.theirs))
        return channel.ours
    }

    private mutating func attach(
        _ numbers: [Int32], to path: String, _ flags: Int32
    ) throws(SystemFailure) {
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFailure("open \(path)") }
        theirs.append(descriptor)
        descriptors += numbers.map { (child: $0, ours: descriptor) }
    }
}

extension ChildCommand {
    /// Our environment with the command's changes.
    var fullEnvironment: [String: String] {
        var full = ProcessInfo.processInfo.environment
        for (name, value) in environment { full[name] = value }
        return full
    }
}
