import Foundation

/// A PostgreSQL cluster of our own: nobody else's is touched, no TCP port is used, and it cannot
/// outlive the process that started it.
package actor PrivatePostgres {
    package enum Durability: Sendable {
        /// Everything a production database does for a commit.
        case durable
        /// Survives `kill -9` of the server but not a power cut; several times faster in tests.
        case forgetful
    }

    private let folder: String
    private let durability: Durability
    private let programs: PostgresPrograms
    private let account: PostgresAccount
    private nonisolated let socketFolder: String
    private var server: Leash?

    private var dataFolder: String { "\(folder)/data" }

    /// - Parameter folder: The cluster lives here, and is created here at the first start.
    package init(folder: String, durability: Durability) throws {
        self.folder = folder
        self.durability = durability
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        // Others may pass through it, to a socket and to data that are closed to them.
        guard chmod(folder, 0o711) == 0 else { throw SystemFailure("open the way to \(folder)") }
        account = try PostgresAccount(for: folder)
        let version = try? String(contentsOfFile: "\(folder)/data/PG_VERSION", encoding: .utf8)
        programs = try PostgresPrograms(
            version: version.flatMap {
                Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
            })
        // sun_path holds 107 bytes, and PostgreSQL adds a name and a lock file's suffix.
        let near = "\(folder)/socket"
        socketFolder = near.utf8.count < 80 ? near : try ScratchFolder("pg").path
        try account.makeFolder(socketFolder)
    }

    /// What libpq takes to reach a database of this cluster.
    package nonisolated func url(database: String) -> String {
        "host=\(socketFolder) user=kvytok dbname=\(database)"
    }

    /// True when the cluster was never created; the first start takes some seconds.
    package var isNew: Bool {
        !FileManager.default.fileExists(atPath: "\(dataFolder)/PG_VERSION")
    }

    /// The server's process, while it runs.
    package var processIdentifier: Int32? {
        server.flatMap { $0.isRunning ? $0.processIdentifier : nil }
    }

    package var isRunning: Bool { server?.isRunning ?? false }

    /// Starts the server, after creating the cluster when it is new, and waits until it answers.
    package func start(within limit: Duration = .seconds(60)) async throws {
        if let server, server.isRunning { return }
        if isNew { try await create() }
        try await awaitPredecessor()
        var command = account.command(
            programs.path("postgres"), ["-D", dataFolder] + settings.flatMap { ["-c", $0] })
        command.output = .appended(to: "\(folder)/server.log")
        // SIGINT is PostgreSQL's "fast shutdown": roll back what is open and stop cleanly.
        let server = try Leash(command, askingSignal: SIGINT, grace: .seconds(10))
        self.server = server
        try await eventually("PostgreSQL to answer", within: limit, every: .milliseconds(20)) {
            if let status = server.status {
                throw CommandFailure(
                    program: "postgres", status: status, lastLines: lastLogLines())
            }
            let lock = lockFile()
            return lock?.process == server.processIdentifier && lock?.isReady == true
        }
    }

    /// Stops the server cleanly; open connections are closed.
    package func stop() async {
        await server?.stop()
        server = nil
    }

    /// Kills every process of the server at once, as a power cut would. `start()` recovers it.
    package func kill9() async {
        await server?.kill9()
        server = nil
    }

    /// Runs one SQL command by `psql`; for what cannot run inside a transaction.
    package func execute(_ sql: String, database: String = "postgres") async throws {
        try await ChildCommand(
            programs.path("psql"),
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url(database: database), "-c", sql]
        ).run()
    }

    /// Creates a database when there is none of that name.
    package func ensureDatabase(_ name: String) async throws {
        let found = try await ChildCommand(
            programs.path("psql"),
            [
                "-X", "-A", "-t", "-d", url(database: "postgres"), "-c",
                "select 1 from pg_database where datname = '\(name)'",
            ]
        ).run()
        if found.isEmpty { try await execute("create database \(name)") }
    }

    private func create() async throws {
        let unfinished = "\(folder)/data.unfinished"
        if FileManager.default.fileExists(atPath: unfinished) {
            try FileManager.default.removeItem(atPath: unfinished)
        }
        try account.makeFolder(unfinished)
        let haste = durability == .forgetful ? ["--no-sync"] : []
        try await account.command(
            programs.path("initdb"),
            [
                "-D", unfinished, "-U", "kvytok", "--auth=trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--data-checksums",
            ] + haste
        ).run()
        // Renamed when whole: a start that was killed half-way begins anew.
        try FileManager.default.moveItem(atPath: unfinished, toPath: dataFolder)
    }

    private var settings: [String] {
        let always = [
            "listen_addresses=", "unix_socket_directories=\(socketFolder)", "timezone=UTC",
            "log_timezone=UTC", "max_connections=200", "shared_buffers=64MB",
            "logging_collector=off",
        ]
        return switch durability {
        case .durable: always
        case .forgetful:
            always + [
                "fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
                "max_wal_size=2GB", "checkpoint_timeout=1h",
            ]
        }
    }

    /// A start right after our own `kill -9` finds the last server still shutting down.
    private func awaitPredecessor() async throws {
        guard let lock = lockFile() else { return }
        let cwd = "/proc/\(lock.process)/cwd"
        try await eventually("the last database server to end", within: .seconds(30)) {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: cwd)) != dataFolder
        }
        // Whoever has that number now is not a server of this cluster; PostgreSQL would believe
        // that it is when it runs under the same user.
        try? FileManager.default.removeItem(atPath: "\(dataFolder)/postmaster.pid")
    }

    /// postmaster.pid: line 1 is the process, line 8 the state.
    private func lockFile() -> (process: pid_t, isReady: Bool)? {
        guard
            let text = try? String(contentsOfFile: "\(dataFolder)/postmaster.pid", encoding: .utf8)
        else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let process = pid_t(first) else { return nil }
        return (process, lines.count > 7 && lines[7].hasPrefix("ready"))
    }

    private func lastLogLines() -> [String] {
        let log = (try? String(contentsOfFile: "\(folder)/server.log", encoding: .utf8)) ?? ""
        return log.split(separator: "\n").suffix(15).map(String.init)
    }
}
