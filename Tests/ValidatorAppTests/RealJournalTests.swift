import CardReaders
import Foundation
import PassengerDisplay
import SignedDocuments
import TapJournal
import Testing
import TransitModel
import ValidatorApp

@Suite("On the real journal")
struct RealJournalTests {
    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kvytok-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    private func desk(_ stage: Stage, on journal: TapJournal) async throws -> Validator {
        let validator = try await stage.validator(keeper: journal)
        await validator.intake.take(try stage.publisher.configuration(), as: .configuration)
        await validator.taps.handle(.attached(Stage.reader))
        return validator
    }

    @Test("What was shown green is in the journal, and a restart remembers it")
    func restart() async throws {
        try await withFolder { folder in
            let stage = try Stage()
            do {
                let journal = try await TapJournal.open(folder: folder, device: "v1")
                let validator = try await desk(stage, on: journal)
                await validator.taps.handle(try Stage.presented(1))
                #expect(await validator.board.scene.look == .accepted)
                #expect(stage.lines.all.count == 1)
            }
            let stored = try JournalInspection(folder: folder)
            #expect(stored.verify().acceptedCount == 1)
            #expect(stored.verify().isSound)
            let journal = try await TapJournal.open(folder: folder, device: "v1")
            let validator = try await desk(stage, on: journal)
            await validator.taps.handle(try Stage.presented(1))
            #expect(await validator.board.scene == .refused(.passback))
        }
    }
}
