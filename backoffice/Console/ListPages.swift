import Hummingbird
import Store
import TransitModel
import Wording

/// Where a reader stands in a long list, and where to go from there.
struct Pager {
    let label: String
    let previous: String?
    let next: String?
    let isNeeded: Bool

    /// - Parameter address: Without the page: `/console/charges?date=2026-11-22`.
    init(_ page: Page, total: Int64, address: String, _ speaker: Speaker) {
        let pages = max(1, (total + Int64(page.size) - 1) / Int64(page.size))
        label = speaker.say(
            .pagerLabel, ["page": .number(Int64(page.number)), "pages": .number(pages)])
        let separator = address.contains("?") ? "&" : "?"
        previous = page.number > 1 ? "\(address)\(separator)page=\(page.number - 1)" : nil
        next =
            Int64(page.number) < pages ? "\(address)\(separator)page=\(page.number + 1)" : nil
        isNeeded = pages > 1 || page.number > 1
    }
}

/// A day chosen from a list's head.
struct DayPicker {
    let action: String
    let date: String
    let fullDate: String
    let latest: String
    let previous: String
    let next: String?

    init(_ date: ServiceDate, today: ServiceDate, route: ConsoleRoute, _ speaker: Speaker) {
        action = route.path
        self.date = date.description
        fullDate = speaker.language.fullDate(date)
        latest = max(date, today).description
        previous = "\(route.path)?date=\(date.advanced(byDays: -1))"
        next = date < today ? "\(route.path)?date=\(date.advanced(byDays: 1))" : nil
    }
}

struct ChargesPage {
    let day: DayPicker
    let summary: String
    let rows: [ChargeRow]
    let hasRows: Bool
    let pager: Pager
}

struct RefusalsPage {
    struct Row {
        let time: String
        let machineTime: String
        let reason: String
        let route: ShownName
        let vehicle: String
        let device: String
    }

    let day: DayPicker
    let summary: String
    let rows: [Row]
    let hasRows: Bool
    let pager: Pager
}

struct UnpricedTapsPage {
    struct Row {
        let cause: String
        let detail: String
        let age: String
        let noticedAt: String
        let machineTime: String
        let tappedAt: String
        let route: ShownName
        let vehicle: String
        let tap: String
    }

    let summary: String
    let rows: [Row]
    let hasRows: Bool
    let pager: Pager
}

extension ConsoleRoutes {
    private static let pageSize = 50

    func listCharges(_ visit: Visit) async throws -> Response {
        let (speaker, date) = (speaker(visit.language), chosenDate(visit))
        let part = Page(number: visit.request.pageNumber, size: Self.pageSize)
        let found = try await charges.list(of: date, part)
        let view = ChargesPage(
            day: dayPicker(date, visit, speaker),
            summary: speaker.say(.chargesSummary, ["count": .number(found.total)]),
            rows: found.elements.map { ChargeRow($0, speaker) },
            hasRows: !found.elements.isEmpty,
            pager: Pager(
                part, total: found.total, address: "\(visit.route.path)?date=\(date)", speaker))
        return page(.charges, view, title: .chargesTitle, visit)
    }

    func listRefusals(_ visit: Visit) async throws -> Response {
        let (speaker, date) = (speaker(visit.language), chosenDate(visit))
        let part = Page(number: visit.request.pageNumber, size: Self.pageSize)
        let found = try await days.listRefusedTaps(of: settings.calendar.day(on: date), part)
        let view = RefusalsPage(
            day: dayPicker(date, visit, speaker),
            summary: speaker.say(.refusalsSummary, ["count": .number(found.total)]),
            rows: found.elements.map { tap in
                RefusalsPage.Row(
                    time: speaker.time(tap.tappedAt),
                    machineTime: speaker.machineTime(tap.tappedAt),
                    reason: speaker.refusal(tap.refusal), route: speaker.route(tap.route),
                    vehicle: speaker.vehicle(tap.vehicle), device: tap.tap.device.rawValue)
            },
            hasRows: !found.elements.isEmpty,
            pager: Pager(
                part, total: found.total, address: "\(visit.route.path)?date=\(date)", speaker))
        return page(.refusals, view, title: .refusalsTitle, visit)
    }

    func listUnpricedTaps(_ visit: Visit) async throws -> Response {
        let speaker = speaker(visit.language)
        let part = Page(number: visit.request.pageNumber, size: Self.pageSize)
        let found = try await days.listUnpricedTaps(part)
        let view = UnpricedTapsPage(
            summary: speaker.say(.unpricedSummary, ["count": .number(found.total)]),
            rows: found.elements.map { tap in
                UnpricedTapsPage.Row(
                    cause: speaker.cause(tap.cause), detail: tap.detail,
                    age: speaker.age(of: tap.noticedAt, at: visit.now),
                    noticedAt: speaker.dateAndTime(tap.noticedAt),
                    machineTime: speaker.machineTime(tap.noticedAt),
                    tappedAt: tap.tappedAt.map { speaker.dateAndTime($0) }
                        ?? speaker.say(.valueUnknown),
                    route: speaker.route(tap.service?.route),
                    vehicle: speaker.vehicle(tap.service?.vehicle), tap: tap.tap.description)
            },
            hasRows: !found.elements.isEmpty,
            pager: Pager(part, total: found.total, address: visit.route.path, speaker))
        return page(.unpricedTaps, view, title: .unpricedTitle, visit)
    }

    private func today(for visit: Visit) -> ServiceDate {
        settings.calendar.day(at: visit.now).date
    }

    /// Today unless the query names another day.
    private func chosenDate(_ visit: Visit) -> ServiceDate {
        visit.request.queryValue("date").flatMap { ServiceDate($0) } ?? today(for: visit)
    }

    private func dayPicker(
        _ date: ServiceDate, _ visit: Visit, _ speaker: Speaker
    ) -> DayPicker {
        DayPicker(date, today: today(for: visit), route: visit.route, speaker)
    }
}
