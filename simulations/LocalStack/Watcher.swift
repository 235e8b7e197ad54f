import Foundation

/// The shell beside a child; see ``Leash``.
struct Watcher: Sendable {
    private let process: pid_t
    private let line: Int32

    init(askingSignal: Int32, grace: Duration, removing: [String]) throws(SystemFailure) {
        let channel = try Spawn.channel()
        defer { close(channel.theirs) }
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard nothing >= 0 else {
            close(channel.ours)
            throw SystemFailure("open /dev/null")
        }
        defer { close(nothing) }
        let tenths = grace.components.seconds * 10
        do {
            process = try Spawn.start(
                ["/bin/sh", "-c", LeashScripts.watcher, "leash-watcher"]
                    + ["\(askingSignal)", "\(tenths)"] + removing,
                environment: ["PATH": "/usr/bin:/bin"],
                descriptors: [
                    (child: 0, ours: channel.theirs), (child: 1, ours: nothing),
                    (child: 2, ours: nothing),
                ])
        } catch {
            close(channel.ours)
            throw error
        }
        line = channel.ours
    }

    func guardProcess(_ process: pid_t) {
        Spawn.send("\(process)", to: line)
    }

    /// Nobody to guard, only something to remove when we are gone.
    func guardFilesOnly() {
        Spawn.send("none", to: line)
    }

    /// Ends the watcher after it has removed what it was told to remove.
    func release() {
        Spawn.send("ended", to: line)
        close(line)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}
