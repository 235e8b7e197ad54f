import HTTPTypes
import Hummingbird
import NIOCore
import Store
import TransitModel
import Wording

extension ConsoleRoutes {
    func speaker(_ language: Language) -> Speaker {
        Speaker(
            catalogue: pages.catalogue, language: language, calendar: settings.calendar,
            names: names)
    }

    /// A whole page with its frame.
    func page(
        _ template: PageTemplate, _ page: Any, title: ConsolePhrase, _ visit: Visit,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let frame = frame(
            title: speaker(visit.language).say(title), language: visit.language,
            here: visit.request.uri.string, formCode: visit.token.formCode, user: visit.user,
            current: visit.route)
        return html(
            pages.render(template, page, in: visit.language, frame: frame), visit.language, status)
    }

    /// A page that explains why there is no other one. It needs no session, so that it can be
    /// shown when the database is away.
    func messagePage(
        _ status: HTTPResponse.Status, _ title: ConsolePhrase, _ text: ConsolePhrase,
        _ language: Language
    ) -> Response {
        let speaker = speaker(language)
        let page = MessagePage(
            title: speaker.say(title), text: speaker.say(text), code: "\(status.code)")
        let frame = frame(
            title: page.title, language: language, here: "", formCode: "", user: nil, current: nil)
        return html(
            pages.render(.message, page, in: language, frame: frame), language, status)
    }

    func html(_ text: String, _ language: Language, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .contentLanguage: language.rawValue,
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    func frame(
        title: String, language: Language, here: String, formCode: String, user: StaffUser?,
        current: ConsoleRoute?
    ) -> PageFrame {
        let speaker = speaker(language)
        let other: Language = language == .ukrainian ? .english : .ukrainian
        return PageFrame(
            title: title, language: language.rawValue, otherLanguage: other.rawValue,
            otherLanguageName: self.speaker(other).say(.languageName), here: here,
            formCode: formCode, hasForms: !formCode.isEmpty,
            links: user.map { links(for: $0, speaker, current) } ?? [],
            user: user.map { .init(name: $0.name, role: speaker.role($0.role)) },
            asset: assets.addresses)
    }

    /// Only what the role may open.
    private func links(
        for user: StaffUser, _ speaker: Speaker, _ current: ConsoleRoute?
    ) -> [PageFrame.Link] {
        let all: [(route: ConsoleRoute, phrase: ConsolePhrase)] = [
            (.today, .todayTitle), (.fleet, .fleetTitle), (.charges, .chargesTitle),
            (.unpricedTaps, .unpricedTitle),
            (.refusals, .refusalsTitle),
        ]
        let links = all.filter { $0.route.allows(user.role) }.map { route, phrase in
            let isCurrent = route == current || (route == .charges && current == .charge)
            return PageFrame.Link(
                label: speaker.say(phrase), address: route.path, isCurrent: isCurrent)
        }
        guard settings.hasDemonstration else { return links }
        let demonstration = PageFrame.Link(
            label: speaker.catalogue.text(DemoPhrase.title, in: speaker.language),
            address: GuestDoor.demonstrationPath, isCurrent: current == nil)
        return links + [demonstration]
    }
}

struct MessagePage {
    let title: String
    let text: String
    let code: String
}

extension Speaker {
    func role(_ role: StaffRole) -> String {
        switch role {
        case .operator: say(.roleOperator)
        case .accountant: say(.roleAccountant)
        case .dispatcher: say(.roleDispatcher)
        case .inspector: say(.roleInspector)
        }
    }
}
