import Crypto
import DeviceGateway
import DeviceProtocol
import Foundation
import LocalStack
import PostgresClient
import SignedDocuments
import Store
import TapJournal
import Testing
import TransitModel
import Uplink

/// Enrolment and upload against the real gateway on a real database.
@Suite("Uplink")
struct UplinkTests {
    @Test("A code becomes an identity that survives in the state folder")
    func enrolment() async throws {
        let town = try await UplinkTown()
        try await town.withGateway { port in
            let folder = try ScratchFolder("state").url
            let device = try await town.enrol("validator-7", port: port, into: folder)
            #expect(device.device == "validator-7")
            #expect(device.vehicle == "tram-101")
            let stored = try EnrolledDevice(folder: folder)
            #expect(stored.certificatePEM == device.certificatePEM)
            #expect(stored.key.rawRepresentation == device.key.rawRepresentation)
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.appending(path: "device.key").path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let root = [UInt8](
                try Data(contentsOf: folder.appending(path: "documents/root.kvd")))
            _ = try TrustedDocuments(root: root, scheme: UplinkTown.scheme)
        }
    }

    @Test("By fingerprint only the authority that the operator named is trusted")
    func fingerprint() async throws {
        let town = try await UplinkTown()
        try await town.withGateway { port in
            let folder = try ScratchFolder("state").url
            let code = try await town.code(for: "validator-7")
            let wrong = Enrolment(
                server: town.server(port), trust: .fingerprint(Array(repeating: 1, count: 32)))
            await #expect(throws: Enrolment.Failure.self) {
                try await wrong.enrol(code: code, into: folder)
            }
            #expect(
                !FileManager.default.fileExists(
                    atPath: folder.appending(path: "device.json").path))
            let right = Enrolment(
                server: town.server(port), trust: .fingerprint(try town.authorityFingerprint()))
            _ = try await right.enrol(code: code, into: folder)
            await #expect(throws: Enrolment.Failure.self) {
                try await right.enrol(code: code, into: folder)
            }
        }
    }

    @Test("Taps arrive by themselves, documents too; the journal learns what is acknowledged")
    func taps() async throws {
        let town = try await UplinkTown()
        try await town.withGateway { port in
            let folder = try ScratchFolder("state").url
            let device = try await town.enrol("validator-7", port: port, into: folder)
            let journal = try await TapJournal.open(folder: folder, device: device.device)
            let receiver = TestReceiver()
            try await town.withUplink(device, port: port, journal, receiver) {
                for number in 0..<5 { _ = try await journal.append(try UplinkTown.tap(number)) }
                try await eventually("five taps in the log") {
                    try await town.count("tap_log") == 5
                }
                try await eventually("the acknowledgement in the journal") {
                    await journal.liveProgress.acknowledgedThrough == 5
                }
                try await eventually("documents of all roles") {
                    await receiver.roles == [.root, .configuration, .denyList]
                }
            }
        }
    }

    @Test("What was tapped while the back office was away arrives once it is back, once")
    func serverAway() async throws {
        let town = try await UplinkTown()
        let folder = try ScratchFolder("state").url
        let port = try PortAllotment.allot()
        let device = try await town.withGateway(port: Int(port)) { _ in
            try await town.enrol("validator-7", port: Int(port), into: folder)
        }
        for number in 0..<3 {
            // Every restart leaves an older epoch to be delivered beside the live one.
            let journal = try await TapJournal.open(folder: folder, device: device.device)
            _ = try await journal.append(try UplinkTown.tap(number))
        }
        let journal = try await TapJournal.open(folder: folder, device: device.device)
        try await town.withUplink(device, port: Int(port), journal, TestReceiver()) {
            _ = try await journal.append(try UplinkTown.tap(9))
            try await town.withGateway(port: Int(port)) { _ in
                try await eventually("four taps in the log") {
                    try await town.count("tap_log") == 4
                }
            }
            _ = try await journal.append(try UplinkTown.tap(10))
            try await town.withGateway(port: Int(port)) { _ in
                try await eventually("five taps in the log") {
                    try await town.count("tap_log") == 5
                }
            }
        }
        #expect(try await town.count("quarantined_batch") == 0)
        let records = try JournalInspection(folder: folder).listRecords()
        #expect(Set(try await town.records()) == Set(records))
    }

    @Test("A database restored to an older point gets back what the journal still holds")
    func databaseRestored() async throws {
        let town = try await UplinkTown()
        try await town.withGateway { port in
            let folder = try ScratchFolder("state").url
            let device = try await town.enrol("validator-7", port: port, into: folder)
            for start in 0..<2 {
                let journal = try await TapJournal.open(folder: folder, device: device.device)
                try await town.withUplink(device, port: port, journal, TestReceiver()) {
                    for number in 0..<3 {
                        _ = try await journal.append(try UplinkTown.tap(start * 3 + number))
                    }
                    try await eventually("all taps acknowledged") {
                        await journal.liveProgress.acknowledgedThrough == 3
                    }
                }
            }
            try await town.restoreDatabase()
            let journal = try await TapJournal.open(folder: folder, device: device.device)
            try await town.withUplink(device, port: port, journal, TestReceiver()) {
                // No new tap: only asking again can show the loss.
                try await eventually("six taps in the log") {
                    try await town.count("tap_log") == 6
                }
            }
            #expect(try await town.count("quarantined_batch") == 0)
        }
    }
}
