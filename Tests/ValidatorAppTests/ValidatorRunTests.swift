import CardReaders
import Foundation
import FoundationNetworking
import PassengerDisplay
import SignedDocuments
import Testing
import TransitModel
import ValidatorApp

@Suite("A running validator")
struct ValidatorRunTests {
    @Test("It serves its display, answers taps and writes its status", .timeLimit(.minutes(5)))
    func runs() async throws {
        let stage = try Stage()
        let statusFile = FileManager.default.temporaryDirectory
            .appendingPathComponent("kvytok-status-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: statusFile) }
        let validator = try await stage.validator(
            settings: .init(share: Stage.share, statusFile: statusFile))
        await validator.intake.take(try stage.publisher.configuration(), as: .configuration)
        let (addresses, entry) = AsyncStream<String>.makeStream()
        let run = Task { try await validator.run { entry.yield($0) } }
        let address = try #require(await addresses.first { _ in true })
        let page = try #require(URL(string: address))
        let (html, _) = try await URLSession.shared.data(from: page)
        #expect(String(decoding: html, as: UTF8.self).contains("display.js"))

        let messages = try #require(await validator.board.watch())
        stage.readers.script.yield(.attached(Stage.reader))
        stage.readers.script.yield(try Stage.presented(1))
        for await message in messages {
            if case .view(let view) = message, view.look == "accepted" { break }
        }
        run.cancel()
        try? await run.value
        #expect(stage.keeper.taps.count == 1)
        let status = try ValidatorStatus(
            json: Array(Data(contentsOf: URL(fileURLWithPath: statusFile))))
        #expect(status.device == "v1")
        #expect(status.display == address)
        #expect(status.documents.configuration == 1)
    }

    @Test("Percentiles are nearest rank over the newest thousand")
    func percentiles() {
        var times = TapTimes()
        #expect(times.shown(percentile: 50) == nil)
        let start = ContinuousClock.now
        for milliseconds in 1...1_500 {
            let end = start + .milliseconds(milliseconds)
            times.record(
                TapTiming(
                    .init(enteredAt: start, connectedAt: nil, finishedAt: end, cardTime: .zero),
                    decidedAt: end, journalledAt: end, shownAt: end))
        }
        #expect(times.count == TapTimes.limit)
        #expect(times.shown(percentile: 50) == .milliseconds(1_000))
        #expect(times.shown(percentile: 95) == .milliseconds(1_450))
        #expect(times.shown(percentile: 100) == .milliseconds(1_500))
    }
}
