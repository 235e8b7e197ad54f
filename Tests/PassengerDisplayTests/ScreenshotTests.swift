import Foundation
import Hummingbird
import Logging
import PassengerDisplay
import Testing
import TransitModel
import Wording

/// Takes a picture of every scene, for people to look at: set `KVYTOK_SCREENSHOTS` to a folder.
@Suite(
    "Screenshots",
    .enabled(
        if: ProcessInfo.processInfo.environment["KVYTOK_SCREENSHOTS"] != nil,
        "Set KVYTOK_SCREENSHOTS to a folder to take pictures of the display"))
struct ScreenshotTests {
    @Test("Every scene", .timeLimit(.minutes(5)))
    func everyScene() async throws {
        let folder = try #require(ProcessInfo.processInfo.environment["KVYTOK_SCREENSHOTS"])
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let catalogue = try Checkout.catalogue()
        let pages = try DisplayPages(share: Checkout.share, catalogue: catalogue)
        let time = ManualTimer()
        let board = DisplayBoard(
            speaker: DisplaySpeaker(catalogue: catalogue),
            timer: time.timer)
        let (ports, portsEntry) = AsyncStream<Int>.makeStream()
        let application = DisplayServer(board: board, pages: pages).makeApplication(
            port: 0, logger: Logger(label: "display")
        ) { portsEntry.yield($0) }
        try await withThrowingTaskGroup { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            let port = try #require(await ports.first { _ in true })
            await board.setNotice(
                .init(route: "12", fare: Money(minorUnits: 1_500, currency: .uah)))
            for (name, scene) in Scenes.all {
                time.advance(by: 10_000)
                await board.tick()
                await board.setRest(Scenes.rest(for: scene))
                if Scenes.isAnswer(scene) { await board.show(scene) }
                try Self.photograph("http://127.0.0.1:\(port)/", as: "\(folder)/\(name).png")
            }
            group.cancelAll()
        }
    }

    private static func photograph(_ address: String, as path: String) throws {
        let browser = Process()
        browser.executableURL = URL(fileURLWithPath: "/usr/bin/chromium")
        browser.arguments = [
            "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=800,480",
            "--timeout=3000", "--screenshot=\(path)", address,
        ]
        browser.standardError = FileHandle.nullDevice
        browser.standardOutput = FileHandle.nullDevice
        try browser.run()
        browser.waitUntilExit()
    }
}
