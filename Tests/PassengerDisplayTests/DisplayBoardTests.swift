import PassengerDisplay
import Testing
import TransitModel

@Suite("Display board")
struct DisplayBoardTests {
    private let time = ManualTimer()

    private func board() throws -> DisplayBoard {
        DisplayBoard(
            speaker: DisplaySpeaker(catalogue: try Checkout.catalogue()), timer: time.timer)
    }

    private func nextView(
        _ messages: inout AsyncStream<DisplayBoard.Message>.Iterator
    ) async -> DisplayView? {
        while let message = await messages.next() {
            if case .view(let view) = message { return view }
        }
        return nil
    }

    @Test("A page that joins sees what is shown, without its sound")
    func joins() async throws {
        let board = try board()
        await board.setRest(.ready)
        await board.show(.refused(.expired))
        var messages = try #require(await board.watch()).makeAsyncIterator()
        let view = try #require(await nextView(&messages))
        #expect(view.look == "refused")
        #expect(view.sound == nil)
    }

    @Test("Each answer is sent with its sound, even one that looks like the last")
    func sameAgain() async throws {
        let board = try board()
        await board.setRest(.ready)
        var messages = try #require(await board.watch()).makeAsyncIterator()
        _ = await nextView(&messages)
        for _ in 0..<3 {
            await board.show(.accepted(atMost: Scenes.fare, isReduced: false))
            #expect(await nextView(&messages)?.sound == "accepted")
        }
    }

    @Test("The board returns to rest by itself", .timeLimit(.minutes(5)))
    func returnsToRest() async throws {
        let board = try board()
        await board.setRest(.ready)
        var messages = try #require(await board.watch()).makeAsyncIterator()
        _ = await nextView(&messages)
        let run = Task { await board.run() }
        await board.show(.refused(.denied))
        #expect(await nextView(&messages)?.look == "refused")
        time.advance(by: 3_000)
        let rest = try #require(await nextView(&messages))
        #expect(rest.look == "ready" && rest.sound == nil)
        run.cancel()
        await run.value
    }

    @Test("Nothing is sent when nothing changed")
    func quiet() async throws {
        let board = try board()
        await board.setRest(.ready)
        var messages = try #require(await board.watch()).makeAsyncIterator()
        _ = await nextView(&messages)
        await board.setRest(.ready)
        await board.tick()
        await board.setNotice(.init(route: "12"))
        #expect(await nextView(&messages)?.en.route == "Route 12")
    }

    @Test("A slow page misses views, never the newest; pages beyond the limit are turned away")
    func bounded() async throws {
        let board = try board()
        await board.setRest(.ready)
        var pages: [AsyncStream<DisplayBoard.Message>] = []
        for _ in 0..<DisplayBoard.watcherLimit {
            pages.append(try #require(await board.watch()))
        }
        #expect(await board.watch() == nil)
        await board.show(.refused(.denied))
        await board.show(.refused(.passback))
        for page in pages {
            var messages = page.makeAsyncIterator()
            #expect(await nextView(&messages)?.look == "already")
        }
    }
}

@Suite("Words on the display")
struct DisplaySpeakerTests {
    @Test("Every scene has words in both languages, and no two outcomes the same ones")
    func words() throws {
        let speaker = DisplaySpeaker(catalogue: try Checkout.catalogue())
        var titles: [String: String] = [:]
        for (name, scene) in Scenes.all where name != "refused_outOfService" {
            let view = speaker.view(of: scene, notice: .init(route: "12", fare: Scenes.fare))
            for lines in [view.uk, view.en] {
                #expect(!lines.title.isEmpty)
                let text = lines.title + lines.detail + lines.price + lines.route + lines.fare
                #expect(!text.contains("{"), "\(name) has an unfilled placeholder: \(text)")
            }
            let words = view.uk.title + view.uk.detail + view.uk.price
            #expect(titles.updateValue(name, forKey: words) == nil, "\(name) says \(words)")
        }
    }

    @Test("The price stands in the manner of each language; a free ride shows no zero")
    func prices() throws {
        let speaker = DisplaySpeaker(catalogue: try Checkout.catalogue())
        let paid = speaker.view(
            of: .accepted(atMost: Scenes.fare, isReduced: false), notice: .init())
        #expect(paid.uk.price == "15,00\u{A0}₴")
        #expect(paid.en.price == "UAH\u{A0}15.00")
        let free = speaker.view(
            of: .accepted(atMost: .zero(.uah), isReduced: true), notice: .init())
        #expect(free.uk.price.isEmpty)
        #expect(free.uk.detail != paid.uk.detail)
    }

    @Test("Route and fare show while the display rests, never beside an answer")
    func notice() throws {
        let speaker = DisplaySpeaker(catalogue: try Checkout.catalogue())
        let notice = DisplaySpeaker.Notice(route: "12", fare: Scenes.fare)
        let ready = speaker.view(of: .ready, notice: notice)
        #expect(ready.uk.route == "Маршрут 12")
        #expect(ready.uk.fare == "Проїзд 15,00\u{A0}₴")
        let refused = speaker.view(of: .refused(.denied), notice: notice)
        #expect(refused.uk.route.isEmpty && refused.uk.fare.isEmpty)
    }
}
