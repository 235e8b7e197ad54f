import Foundation

/// One scheme's programs on this machine, driven by the commands that an operator would type.
///
/// Demonstration and end-to-end tests share it, so that what newcomers run is what tests prove.
package struct Installation: Sendable {
    /// Where each part keeps what must outlive it.
    package struct Folders: Sendable {
        package let root: String

        package init(root: String) {
            self.root = root
        }

        package var backOffice: String { "\(root)/backoffice" }
        package var keys: String { "\(root)/keys" }
        package var cardKeys: String { "\(keys)/card-keys.json" }
        package var issuer: String { "\(keys)/issuer.json" }
        package var issuerPublic: String { "\(keys)/issuer-public.json" }
        package var authority: String { "\(backOffice)/authority.crt" }

        package func validator(_ vehicle: String) -> String { "\(root)/validator-\(vehicle)" }
        package func service(_ vehicle: String) -> String {
            "\(root)/validator-\(vehicle).service.json"
        }
    }

    package let folders: Folders
    package let scheme: String
    /// What libpq takes to connect.
    package let database: String
    package let share: String

    package init(root: String, scheme: String, database: String, share: String) {
        folders = Folders(root: root)
        self.scheme = scheme
        self.database = database
        self.share = share
    }

    // MARK: - Administration

    package func migrate() async throws {
        try await backOffice("migrate", "--database", database)
    }

    /// Development keys, unless there are some already.
    ///
    /// - Returns: False when there was nothing to do.
    @discardableResult
    package func makeKeys() async throws -> Bool {
        guard !FileManager.default.fileExists(atPath: folders.cardKeys) else { return false }
        try await ChildCommand(
            Checkout.program("kvytok-sim"), ["keys", "--out", folders.keys, "--scheme", scheme]
        ).run()
        return true
    }

    /// Importing the same feed again changes nothing.
    package func importFeed(_ feed: String) async throws {
        try await backOffice("gtfs", "import", feed, "--database", database)
    }

    package func isEnrolled(_ vehicle: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folders.validator(vehicle))/device.json")
    }

    /// Gives a vehicle's validator its identity by a one-time code.
    package func enrol(_ vehicle: String, gateway: String) async throws {
        let lines = try await backOffice(
            "device", "enrol-code", "--database", database, "--vehicle", vehicle)
        let answers = lines.compactMap {
            try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))
        }
        guard let code = answers.compactMap({ $0["code"] }).first else {
            throw InstallationFailure("no enrolment code in: \(lines.joined(separator: " "))")
        }
        try await ChildCommand(
            Checkout.program("kvytok-validator"),
            [
                "enrol", "--server", gateway, "--code", code,
                "--state", folders.validator(vehicle), "--authority", folders.authority,
            ]
        ).run()
    }

    /// One-time codes for many vehicles' validators, in their order.
    package func makeCodes(for vehicles: [String]) async throws -> [String] {
        let list = try ScratchFolder("codes")
        defer { list.remove() }
        let encoder = JSONEncoder()
        let lines = try vehicles.map {
            String(decoding: try encoder.encode(["vehicle_id": $0]), as: UTF8.self)
        }
        let path = list.path("devices.jsonl")
        try lines.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
        let codes = try await backOffice(
            "device", "enrol-code", "--database", database, "--devices", path
        ).compactMap {
            try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))["code"]
        }
        guard codes.count == vehicles.count else {
            throw InstallationFailure("\(codes.count) codes for \(vehicles.count) vehicles")
        }
        return codes
    }

    // MARK: - Servers

    /// - Parameter demonstration: The socket of the demonstration's control, for the page `/demo`.
    package func serve(
        console: UInt16, gateway: UInt16, roles: [String]? = nil, demonstration: String? = nil,
        timetableClock: String? = nil, landscape: String? = nil,
        output: ChildCommand.Output = .kept
    ) -> ChildCommand {
        var arguments = [
            "serve", "--database", database, "--state", folders.backOffice, "--share", share,
            "--gateway-port", "\(gateway)", "--console-port", "\(console)",
            "--host", "127.0.0.1", "--environment", "development",
            "--issuer-keys", folders.issuerPublic, "--scheme", scheme,
        ]
        if let roles { arguments += ["--roles", roles.joined(separator: ",")] }
        if let demonstration { arguments += ["--demonstration", demonstration] }
        if let timetableClock { arguments += ["--timetable-clock", timetableClock] }
        if let landscape { arguments += ["--landscape", landscape] }
        return ChildCommand(
            Checkout.program("kvytok-backoffice"), arguments, output: output)
    }

    /// - Parameters:
    ///   - framingPort: The port on this machine whose pages may frame the display.
    ///   - gpsd: Where the vehicle's position comes from, and how fast it can be in metres a
    ///     second.
    package func validator(
        _ vehicle: String, gateway: String, display: UInt16, readers: CardReaderDaemon,
        framingPort: UInt16? = nil, gpsd: (port: UInt16, topSpeed: Int)? = nil,
        output: ChildCommand.Output = .kept
    ) -> ChildCommand {
        ChildCommand(
            Checkout.program("kvytok-validator"),
            [
                "run", "--state", folders.validator(vehicle), "--server", gateway,
                "--card-keys", folders.cardKeys, "--display-port", "\(display)", "--share", share,
                "--service", folders.service(vehicle),
            ] + (framingPort.map { ["--framing-port", "\($0)"] } ?? [])
                + (gpsd.map {
                    ["--gpsd", "127.0.0.1:\($0.port)", "--top-speed", "\($0.topSpeed)"]
                } ?? []),
            environment: [CardReaderDaemon.socketVariable: readers.socketPath],
            output: output)
    }

    /// Looks through the journal on a vehicle's disk, beside a running validator or without one.
    package func journalCheck(of vehicle: String) -> ChildCommand {
        ChildCommand(
            Checkout.program("kvytok-validator"),
            ["journal", "verify", "--state", folders.validator(vehicle)])
    }

    @discardableResult
    private func backOffice(_ arguments: String...) async throws -> [String] {
        try await ChildCommand(Checkout.program("kvytok-backoffice"), arguments).run()
    }
}

/// Why an installation cannot be set up; a sentence for a person.
package struct InstallationFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
