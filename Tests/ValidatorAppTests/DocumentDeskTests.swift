import CardReaders
import FareMedia
import Foundation
import PassengerDisplay
import SignedDocuments
import Synchronization
import TapAcceptance
import Testing
import TransitModel
import ValidatorApp

@Suite("Documents on the device")
struct DocumentDeskTests {
    @Test("A bad document changes nothing and is alarmed, byte by byte")
    func everyByteFlipped() async throws {
        let stage = try Stage()
        let validator = try await stage.readyValidator()
        let good = try stage.publisher.denyList(version: 2, [Stage.mediaKey(9)])
        await validator.intake.take(
            try stage.publisher.denyList(version: 1, [Stage.mediaKey(2)]), as: .denyList)
        for offset in good.indices {
            var bad = good
            bad[offset] ^= 0x40
            let outcome = await validator.intake.take(bad, as: .denyList)
            guard case .refused(.denyList, _) = outcome else {
                Issue.record("Byte \(offset) was not missed")
                continue
            }
        }
        #expect(validator.log.status.documents.denyList == 1)
        #expect(validator.log.status.alarmCount == good.count)
        #expect(validator.log.status.alarms.count == ValidatorLog.alarmLimit)
        #expect(try stage.documents.highestVersions()[.denyList] == 1)
        await validator.taps.handle(try Stage.presented(2))
        #expect(await validator.board.scene == .refused(.denied))
        await validator.intake.take(good, as: .denyList)
        #expect(validator.log.status.documents.denyList == 2)
    }

    @Test("The highest version survives restarts, also when its document was damaged")
    func rollback() async throws {
        let stage = try Stage()
        let first = try await stage.validator()
        await first.intake.take(try stage.publisher.denyList(version: 7), as: .denyList)
        stage.documents.state.withLock { $0.documents[.denyList]?[40] ^= 1 }
        let second = try await stage.validator()
        #expect(second.log.status.alarms.map(\.code) == ["kept_document_too_few_signatures"])
        #expect(second.log.status.documents.denyList == nil)
        #expect(
            await second.intake.take(try stage.publisher.denyList(version: 6), as: .denyList)
                == .refused(.denyList, .notNewer(floor: 7, offered: 6)))
        #expect(await second.intake.newestRefused(of: .denyList) == 6)
        #expect(
            await second.intake.take(try stage.publisher.denyList(version: 7), as: .denyList)
                == .inUse(.denyList, version: 7))
    }

    @Test("An authentic document with a payload that does not decode is refused")
    func unusablePayload() async throws {
        let stage = try Stage()
        let validator = try await stage.readyValidator()
        let signer = stage.publisher.onlineSigner
        for (role, payload) in [
            (DocumentRole.configuration, [UInt8]([9, 9])), (.denyList, [1, 2, 3]),
        ] {
            let bytes = try stage.publisher.sign(role, 50, payload, with: signer)
            let outcome = await validator.intake.take(bytes, as: role)
            guard case .refused(role, .unusablePayload) = outcome else {
                Issue.record("\(role) gave \(outcome)")
                continue
            }
        }
        #expect(validator.log.status.documents.configuration == 1)
        #expect(await validator.intake.newestRefused(of: .configuration) == 1)
    }

    @Test("A document that cannot be kept is not used, and welcome again")
    func diskFull() async throws {
        let stage = try Stage()
        let validator = try await stage.readyValidator()
        let list = try stage.publisher.denyList(version: 1, [Stage.mediaKey(2)])
        stage.documents.state.withLock { $0.isFailing = true }
        guard case .notKept = await validator.intake.take(list, as: .denyList) else {
            Issue.record("It was kept")
            return
        }
        #expect(validator.log.status.alarms.map(\.code) == ["document_not_kept"])
        await validator.taps.handle(try Stage.presented(2))
        #expect(await validator.board.scene.look == .accepted)
        stage.documents.state.withLock { $0.isFailing = false }
        #expect(
            await validator.intake.take(list, as: .denyList) == .inUse(.denyList, version: 1))
    }

    @Test("What expired while the device was off stays in use")
    func expiredWhileOff() async throws {
        let stage = try Stage()
        _ = try await stage.readyValidator()
        stage.clock.set(
            .init(
                wall: Stage.issued.advanced(by: .seconds(30 * 86_400)),
                monotonic: MonotonicTime(milliseconds: 5), quality: .system))
        let later = try await stage.validator()
        await later.taps.handle(.attached(Stage.reader))
        await later.taps.handle(try Stage.presented(1))
        #expect(await later.board.scene.look == .accepted)
        let outcome = await later.intake.take(
            try stage.publisher.configuration(version: 2), as: .configuration)
        guard case .refused(.configuration, .expired) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test("Without a trust root nothing starts, and the message says what to do")
    func noRoot() async throws {
        let stage = try Stage()
        stage.documents.state.withLock { $0.documents = [:] }
        await #expect(throws: DocumentDesk.NoTrustRoot.self) {
            _ = try await stage.validator()
        }
    }

    @Test("The first configuration brings the validator into service")
    func firstConfiguration() async throws {
        let stage = try Stage()
        let validator = try await stage.validator()
        await validator.taps.handle(.attached(Stage.reader))
        #expect(await validator.board.scene == .starting)
        await validator.intake.take(try stage.publisher.configuration(), as: .configuration)
        #expect(await validator.board.scene == .ready)
    }
}

@Suite("Files of the device")
struct FileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kvytok-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test("Documents and their highest versions survive on disk")
    func documentFolder() throws {
        try withFolder { folder in
            let path = folder + "/documents"
            try DocumentFolder(path: path).keep([1, 2, 3], version: 5, as: .denyList)
            try DocumentFolder(path: path).keep([4], version: 1, as: .configuration)
            try DocumentFolder(path: path).keep([9], version: 4, as: .denyList)
            let again = DocumentFolder(path: path)
            #expect(try again.findDocument(.denyList) == [9])
            #expect(try again.findDocument(.root) == nil)
            #expect(try again.highestVersions() == [.denyList: 5, .configuration: 1])
        }
    }

    @Test("A file is replaced whole or not at all")
    func atomicFile() throws {
        try withFolder { folder in
            let path = folder + "/file"
            try AtomicFile.write([1, 2], to: path)
            try AtomicFile.write([], to: path)
            #expect(FileManager.default.contents(atPath: path) == Data())
            #expect(throws: AtomicFile.Failure.self) {
                try AtomicFile.write([1], to: folder + "/missing/file")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
        }
    }

    @Test("The service context follows its file; a bad one changes nothing")
    func serviceContext() throws {
        try withFolder { folder in
            let path = folder + "/service.json"
            let file = ServiceContextFile(path: path, vehicle: "bus-7")
            #expect(file.refresh() == .none)
            #expect(file.context == ServiceContext(vehicle: "bus-7"))
            let text = #"{"route_id":"12","trip_id":"t1","stop_id":null,"direction":1}"#
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let expected = ServiceContext(
                vehicle: "bus-7", route: "12", trip: "t1", direction: .inbound)
            #expect(file.refresh() == .context(expected))
            #expect(file.refresh() == .none)
            #expect(file.routeName == "12", "an identifier is better than nothing")
            let named = text.replacingOccurrences(of: "{", with: #"{"route_short_name":"12а","#)
            try Data(named.utf8).write(to: URL(fileURLWithPath: path))
            #expect(file.refresh() == .context(expected))
            #expect(file.routeName == "12а")
            for bad in ["", "{", "[]", #"{"direction":2}"#, #"{"route_id":12}"#] {
                try Data(bad.utf8).write(to: URL(fileURLWithPath: path))
                guard case .unusable = file.refresh() else {
                    Issue.record("\(bad) was taken")
                    continue
                }
                #expect(file.context == expected)
            }
        }
    }

    @Test("Card keys are read from a closed file alone, and never quoted")
    func cardKeys() throws {
        try withFolder { folder in
            let path = folder + "/card-keys.json"
            let secret = String(repeating: "ab", count: 32)
            func write(_ text: String, mode: Int = 0o600) throws {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: path)
            }
            func keys(_ master: String, _ secret: String) -> String {
                #"{"card_master_key":"\#(master)","media_key":{"generation":3,"secret":"\#(secret)"}}"#
            }
            let good = keys(String(repeating: "0f", count: 16), secret)
            try write(good)
            #expect(try CardKeyFile(path: path).mediaKeys.generation == KeyGeneration(3))
            for (text, mode) in [(good, 0o644), (keys("0f", secret), 0o600), ("{}", 0o600)] {
                try write(text, mode: mode)
                let refusal = #expect(throws: CardKeyFile.Refusal.self) {
                    try CardKeyFile(path: path)
                }
                #expect(refusal?.description.contains(secret) == false)
            }
            #expect(throws: CardKeyFile.Refusal.self) {
                try CardKeyFile(path: folder + "/none.json")
            }
        }
    }
}
