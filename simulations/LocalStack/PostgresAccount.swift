import Foundation

/// Under which user the database runs: PostgreSQL refuses root.
struct PostgresAccount: Sendable {
    /// What goes in front of a command; empty when we are an ordinary user.
    private var prefix: [String] = []
    private var owner: (user: uid_t, group: gid_t)?

    /// - Parameter folder: Where the cluster will live; its parents may be closed to other users,
    ///   as root's home is.
    init(for folder: String) throws {
        guard geteuid() == 0 else { return }
        guard let account = getpwnam("postgres") ?? getpwnam("nobody") else {
            throw PostgresUnavailable("PostgreSQL refuses root, and there is no user postgres")
        }
        let (user, group) = (account.pointee.pw_uid, account.pointee.pw_gid)
        owner = (user, group)
        let plain = [
            "/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups",
            "--no-new-privs",
        ]
        // The way to a clone under /root is closed to the user postgres. One capability opens it
        // for this one process without changing the mode of anybody's home.
        let capable = plain + ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        for candidate in [plain, capable] where Self.reaches(folder, by: candidate) {
            prefix = candidate
            return
        }
        throw PostgresUnavailable(
            "the user that runs PostgreSQL cannot reach \(folder): move the clone, or set "
                + "DATABASE_URL to a database of yours")
    }

    /// Makes a folder that only this account, and root, can enter.
    func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        guard let owner else { return }
        guard chown(path, owner.user, owner.group) == 0 else {
            throw SystemFailure("give \(path) to the database's user")
        }
    }

    func command(_ program: String, _ arguments: [String]) -> ChildCommand {
        let words = prefix + [program] + arguments
        return ChildCommand(
            words[0], Array(words.dropFirst()),
            environment: ["LC_ALL": "C.UTF-8"],
            workingFolder: "/")
    }

    /// By doing it: access(2), which `test` asks, takes no account of the capability.
    private static func reaches(_ folder: String, by prefix: [String]) -> Bool {
        let probe = Process()
        probe.executableURL = URL(filePath: prefix[0])
        probe.arguments = prefix.dropFirst() + ["/usr/bin/stat", "\(folder)/."]
        probe.standardOutput = FileHandle.nullDevice
        probe.standardError = FileHandle.nullDevice
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }
}
