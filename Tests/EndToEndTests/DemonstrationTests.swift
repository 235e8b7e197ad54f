import Foundation
import LocalStack
import Testing

/// `make run` after the build, as a person lives through it.
@Suite("The demonstration", .timeLimit(.minutes(10)))
struct DemonstrationTests {
    @Test("starts, says so when it runs already, ends with all it started, and goes on")
    func wholeLife() async throws {
        let demonstration = try DemonstrationUnderTest()

        let first = try await demonstration.start()
        let addresses = try await demonstration.addresses(of: first)
        let devices = try demonstration.deviceFiles()
        #expect(devices.count == 2)
        #expect(addresses["password"] != nil)

        // A second start while it runs.
        let lines = try await demonstration.command().run()
        #expect(lines.contains { $0.contains(addresses["console"] ?? "no console") })
        #expect(first.isRunning)

        // Killed like this it can tidy up nothing itself. The program alone dies: what it started
        // must notice.
        first.signal(SIGKILL)
        #expect(await first.ended() == .signalled(SIGKILL))
        try await eventually("every process to be gone", within: .seconds(60)) {
            demonstration.processes().isEmpty
        }

        // The next start goes on: same devices, nobody enrolled again.
        let second = try await demonstration.start()
        _ = try await demonstration.addresses(of: second)
        #expect(try demonstration.deviceFiles() == devices)

        // Ctrl-C.
        second.signal(SIGINT)
        #expect(await second.ended() == .exited(0))
        #expect(demonstration.processes().isEmpty)
    }
}

/// One demonstration in a folder of its own, on ports that happen to be free.
struct DemonstrationUnderTest: Sendable {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder("demo")
    }

    /// - Parameter vehicles: At most so many; without it all of the city's.
    func command(vehicles: Int? = nil) -> ChildCommand {
        ChildCommand(
            Checkout.program("kvytok-sim"),
            [
                "run", "--quiet", "--vehicles", "6", "--state", folder.path, "--console-port", "0",
                "--display-port", "0", "--gateway-port", "0",
            ] + (vehicles.map { ["--vehicles", "\($0)"] } ?? []),
            environment: ["DATABASE_URL": nil])
    }

    func start(vehicles: Int? = nil) async throws -> Leash {
        // A run that was killed left its addresses; those of the new one are awaited.
        try? FileManager.default.removeItem(atPath: folder.path("addresses.json"))
        return try Leash(command(vehicles: vehicles), grace: .seconds(30))
    }

    /// Waits until it runs; the file is there as soon as a person can go there.
    func addresses(of run: Leash) async throws -> [String: String] {
        let data = try await eventualValue("the addresses", within: .seconds(120)) {
            guard run.isRunning else {
                throw DeadlinePassed(awaited: "the start", evidence: run.diagnostics.lines)
            }
            return FileManager.default.contents(atPath: folder.path("addresses.json"))
        }
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return (object ?? [:]).compactMapValues { $0 as? String }
    }

    /// What each validator was given when it was enrolled.
    func deviceFiles() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files[name] = FileManager.default.contents(
                atPath: folder.path("\(name)/device.json"))
        }
        return files
    }

    /// A vehicle's own folder, with its journal.
    func folder(of vehicle: String) -> URL {
        URL(filePath: folder.path("validator-\(vehicle)"), directoryHint: .isDirectory)
    }

    /// The validators that run for a vehicle.
    func validators(of vehicle: String) -> [String] {
        let folder = folder(of: vehicle).path(percentEncoded: false).trimmingSuffix("/")
        return processes().filter {
            let words = $0.split(separator: "\0").map(String.init)
            return words.first?.hasSuffix("kvytok-validator") == true
                && words.dropFirst().first == "run" && words.contains(folder)
        }
    }

    /// Every process whose command line names the folder.
    func processes() -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { name in
            guard Int(name) != nil,
                let words = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8),
                words.contains(folder.path)
            else { return nil }
            return words
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
