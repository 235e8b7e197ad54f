import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Store
import TransitModel
import Wording

/// The page of the day; the figures alone are ``TodayFigures``.
struct TodayPage {
    let figures: TodayFigures
}

/// Everything on the page of the day that moves.
struct TodayFigures {
    struct Refusal {
        let reason: String
        let count: String
        /// For the bar: the number as HTML wants it.
        let value: Int64
        let maximum: Int64
    }

    let date: String
    let isEmpty: Bool
    let acceptedTaps: String
    let refusedTaps: String
    let charges: String
    let revenue: String
    let unpricedTaps: String
    let hasUnpriced: Bool
    let booksAgree: Bool
    let books: String
    let refusals: [Refusal]
    let hasRefusals: Bool
    let latest: [ChargeRow]
    let hasLatest: Bool
    let mayOpenCharges: Bool
    let mayOpenUnpriced: Bool

    init(_ state: TodayState, _ speaker: Speaker, role: StaffRole) {
        let reading = state.day
        date = speaker.language.fullDate(reading.date)
        isEmpty = reading.isEmpty
        acceptedTaps = speaker.count(reading.acceptedTaps)
        refusedTaps = speaker.count(reading.refusedTaps)
        charges = speaker.count(reading.charges)
        revenue = speaker.money(reading.revenue)
        unpricedTaps = speaker.count(reading.unpricedTaps)
        hasUnpriced = reading.unpricedTaps > 0
        booksAgree = state.books.books.agree
        books = Self.sentence(state, speaker)
        let most = reading.refusals.map(\.count).max() ?? 1
        refusals = reading.refusals.map { refusal in
            Refusal(
                reason: speaker.refusal(refusal.refusal), count: speaker.count(refusal.count),
                value: refusal.count, maximum: most)
        }
        hasRefusals = !reading.refusals.isEmpty
        mayOpenCharges = ConsoleRoute.charge.allows(role)
        mayOpenUnpriced = ConsoleRoute.unpricedTaps.allows(role)
        latest =
            mayOpenCharges ? reading.latestCharges.map { ChargeRow($0, speaker) } : []
        hasLatest = !latest.isEmpty
    }

    private static func sentence(_ state: TodayState, _ speaker: Speaker) -> String {
        let (books, currency) = (state.books.books, state.day.revenue.currency)
        let line = books.lines.first { $0.currencyCode == currency.code }
        func money(_ minorUnits: Int64?) -> PhraseValue {
            .text(speaker.money(Money(minorUnits: minorUnits ?? 0, currency: currency)))
        }
        var sentences: [String] = []
        if books.agree {
            sentences.append(speaker.say(.booksAgreeText, ["ledger": money(line?.posted)]))
            if let line, line.unbatched != 0 {
                sentences.append(speaker.say(.booksWaiting, ["amount": money(line.unbatched)]))
            }
        } else {
            sentences.append(
                speaker.say(
                    .booksDisagreeText,
                    [
                        "charges": money(line?.charged), "riders": money(line?.entered),
                        "ledger": money(line.map { $0.posted + $0.unbatched }),
                    ]))
        }
        sentences.append(
            speaker.say(
                .booksChecked,
                ["time": .text(speaker.time(state.books.checkedAt, withSeconds: false))]))
        return sentences.joined(separator: " ")
    }
}

/// A charge as one row of a table.
struct ChargeRow {
    let id: String
    let address: String
    let time: String
    let machineTime: String
    let route: ShownName
    let vehicle: String
    let taps: String
    let amount: String
    let isFree: Bool
    let isRevised: Bool

    init(_ charge: ChargeSummary, _ speaker: Speaker) {
        id = "charge-\(charge.charge)"
        address = "/console/charges/\(charge.rider)/\(charge.charge)"
        let instant = charge.tappedAt ?? charge.chargedAt
        time = speaker.time(instant)
        machineTime = speaker.machineTime(instant)
        route = speaker.route(charge.route)
        vehicle = speaker.vehicle(charge.vehicle)
        taps = speaker.say(.tapCount, ["count": .number(charge.taps)])
        amount = speaker.money(charge.amount)
        isFree = charge.amount.isZero
        isRevised = charge.revision > 1
    }
}

extension ConsoleRoutes {
    func today(_ visit: Visit) async throws -> Response {
        let figures = try await readFigures(visit)
        return page(.today, TodayPage(figures: figures), title: .todayTitle, visit)
    }

    /// The moving part alone, for browsers that cannot keep a stream open.
    func todayFigures(_ visit: Visit) async throws -> Response {
        let figures = try await readFigures(visit)
        return html(
            pages.render(.todayFigures, figures, in: visit.language), visit.language, .ok)
    }

    /// The moving part again and again, as server-sent events (HTML Living Standard, 9.2).
    func todayEvents(_ visit: Visit) async -> Response {
        guard let user = visit.user, let states = await board.watch() else {
            return Response(status: .serviceUnavailable, headers: [.retryAfter: "10"])
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8"],
            body: ResponseBody { writer in
                var last: TodayState?
                for await state in states.cancelOnGracefulShutdown() {
                    // Someone who was signed out, or whose session is over, sees no more news.
                    guard try await desk.findUser(of: visit.token, at: clock()) == user else {
                        try await writer.write(ByteBuffer(string: "event: end\ndata:\n\n"))
                        break
                    }
                    let event =
                        state == last
                        ? "event: beat\ndata:\n\n" : figuresEvent(state, visit, user.role)
                    last = state
                    try await writer.write(ByteBuffer(string: event))
                }
                try await writer.finish(nil)
            })
    }

    private func readFigures(_ visit: Visit) async throws -> TodayFigures {
        guard let user = visit.user else { throw ConsoleRefusal.forbidden }
        let state = try await board.read()
        return TodayFigures(state, speaker(visit.language), role: user.role)
    }

    private func figuresEvent(
        _ state: TodayState, _ visit: Visit, _ role: StaffRole
    ) -> String {
        let figures = TodayFigures(state, speaker(visit.language), role: role)
        let fragment = pages.render(.todayFigures, figures, in: visit.language)
        let lines = fragment.split(whereSeparator: \.isNewline).map { "data: \($0)\n" }
        return "event: figures\n\(lines.joined())\n"
    }
}
