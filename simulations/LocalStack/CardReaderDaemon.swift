import Foundation

/// Virtual card readers cannot be had on this machine; the reason is for the person who reads it.
package struct CardReadersUnavailable: Error, CustomStringConvertible {
    package let reason: String

    package var description: String { "virtual card readers: \(reason)" }
}

/// A pcscd of our own with virtual readers, beside whatever the machine already runs.
///
/// It lives in a mount namespace in which its socket folder is private, real readers' drivers are
/// out of sight, and nothing of the machine changes. Clients reach it through
/// ``socketVariable``. It cannot outlive us.
package actor CardReaderDaemon {
    /// One virtual reader: the name that clients see, the port where its cards come in.
    package struct Reader: Hashable, Sendable {
        package let name: String
        package let port: UInt16
        fileprivate let file: String
        fileprivate let definition: String
    }

    /// Every definition gives two slots, and pcscd knows 16.
    package static let readerLimit = 8
    /// The variable by which libpcsclite finds a daemon; it reads it once in a process.
    package static let socketVariable = "PCSCLITE_CSOCK_NAME"

    private static let driverPath = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
    private static let daemonPath = "/usr/sbin/pcscd"

    package nonisolated let readers: [Reader]
    package nonisolated let socketPath: String
    private let folder: ScratchFolder
    private var daemon: Leash?

    /// Starts a daemon with so many readers and waits until it answers.
    ///
    /// - Throws: ``CardReadersUnavailable`` when packages or namespaces are missing.
    package static func start(readers count: Int) async throws -> CardReaderDaemon {
        if let unavailable = await unavailability() { throw unavailable }
        let daemon = try CardReaderDaemon(count: count)
        try await daemon.start()
        return daemon
    }

    private init(count: Int) throws {
        precondition((1...Self.readerLimit).contains(count), "pcscd takes 1 to 8 such readers")
        let folder = try ScratchFolder("pcsc")
        self.folder = folder
        socketPath = folder.path("run/pcscd.comm")
        for name in ["run", "readers", "drivers"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: true)
        }
        readers = try (1...count).map { number in try Self.makeReader(number, in: folder) }
        for reader in readers { try Self.write(reader) }
    }

    // MARK: - Life

    /// Starts the daemon, unless it runs.
    package func start() async throws {
        if let daemon, daemon.isRunning { return }
        // A killed daemon leaves these; a new one would take the number in the file for alive.
        for name in ["pcscd.comm", "pcscd.pid"] {
            try? FileManager.default.removeItem(atPath: folder.path("run/\(name)"))
        }
        let daemon = try Leash(
            ChildCommand(
                "unshare",
                Self.namespaceOptions + [
                    "/bin/sh", "-c", Self.script, "pcscd", folder.path("run"), Self.daemonPath,
                    folder.path("readers"),
                ]),
            grace: .seconds(2))
        self.daemon = daemon
        _ = try await daemon.output.line("pcscd to be ready") { $0.contains("daemon ready") }
    }

    /// The last words of the daemon, for the person who reads a failure.
    package var diagnostics: [String] { daemon?.output.lines.suffix(40) ?? [] }

    package var isRunning: Bool { daemon?.isRunning ?? false }

    package func stop() async {
        await daemon?.stop()
        daemon = nil
    }

    /// Kills the daemon as a crash would.
    package func kill9() async {
        await daemon?.kill9()
        daemon = nil
    }

    /// Ends the daemon and starts it again: every reader disappears and comes back.
    package func restart() async throws {
        await stop()
        try await start()
    }

    // MARK: - Readers

    /// Pulls a reader's cable.
    ///
    /// pcscd takes up and lets go of such readers only when it starts and ends: all readers
    /// disappear, and all but this one come back.
    package func unplug(_ reader: Reader) async throws {
        try FileManager.default.removeItem(atPath: reader.file)
        try await restart()
    }

    /// Makes sure that every reader is plugged in and the daemon runs; it is started anew when
    /// one was not.
    package func plugAll() async throws {
        let missing = readers.filter { !FileManager.default.fileExists(atPath: $0.file) }
        for reader in missing { try Self.write(reader) }
        if missing.isEmpty { try await start() } else { try await restart() }
    }

    /// A driver keeps its cards in global variables: readers that share one file mix up their
    /// cards, so each gets a copy.
    private static func makeReader(_ number: Int, in folder: ScratchFolder) throws -> Reader {
        let driver = folder.path("drivers/libifdvpcd-\(number).so")
        // The installed name is a symbolic link, which copying would keep.
        let original = URL(filePath: driverPath).resolvingSymlinksInPath()
        try FileManager.default.copyItem(at: original, to: URL(filePath: driver))
        let port = try allotPortPair()
        let name = "Kvytok Virtual Reader \(number)"
        return Reader(
            name: "\(name) 00 00", port: port, file: folder.path("readers/\(number)"),
            definition: """
                FRIENDLYNAME "\(name)"
                DEVICENAME /dev/null:\(port)
                LIBPATH \(driver)
                CHANNELID \(port)

                """)
    }

    private static func write(_ reader: Reader) throws {
        try reader.definition.write(toFile: reader.file, atomically: false, encoding: .utf8)
    }

    /// A reader's second slot takes the port after its first.
    private static func allotPortPair() throws -> UInt16 {
        for _ in 0..<100 {
            let port = try PortAllotment.allot()
            if try PortAllotment.allot(preferring: port + 1, within: 1) == port + 1 { return port }
        }
        throw SystemFailure("find two neighbouring free ports", code: EADDRINUSE)
    }

    // MARK: - The namespace

    /// An ordinary user becomes root of a user namespace first.
    private static var namespaceOptions: [String] { geteuid() == 0 ? ["-m"] : ["-U", "-r", "-m"] }

    /// Arguments: the private socket folder, the daemon, the folder of reader definitions.
    ///
    /// Over the folder of USB drivers lies an empty one, so that no real reader is touched.
    private static let script = """
        set -e
        mount -t tmpfs tmpfs /run
        mkdir /run/pcscd
        mount --bind "$1" /run/pcscd
        mount -t tmpfs tmpfs /usr/lib/pcsc/drivers
        exec "$2" --foreground --info --config "$3"
        """

    /// Why virtual readers cannot be had here; `nil` when they can.
    package static func unavailability() async -> CardReadersUnavailable? {
        for path in [daemonPath, driverPath]
        where !FileManager.default.fileExists(atPath: path) {
            return CardReadersUnavailable(
                reason: "\(path) is missing; install the packages pcscd and vsmartcard-vpcd")
        }
        do {
            try await ChildCommand(
                "unshare", namespaceOptions + ["mount", "-t", "tmpfs", "tmpfs", "/run"]
            ).run()
            return nil
        } catch {
            let words = (error as? CommandFailure)?.lastLines.joined(separator: " ")
            return CardReadersUnavailable(
                reason: """
                    mount namespaces are forbidden here (\(words ?? "\(error)")); run as root, \
                    allow user namespaces (sysctl kernel.unprivileged_userns_clone=1) or give \
                    the container CAP_SYS_ADMIN
                    """)
        }
    }
}
