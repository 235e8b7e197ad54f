import TransitModel
import Wording

/// A scene in words, as it travels to the page.
package struct DisplayView: Codable, Hashable, Sendable {
    /// The same content in one language; empty texts take no room.
    package struct Lines: Codable, Hashable, Sendable {
        package var title: String
        package var detail: String
        /// The amount alone, shown largest.
        package var price: String
        /// Where the vehicle goes and what a ride costs, while the display rests.
        package var route: String
        package var fare: String
    }

    package var look: String
    /// What to play; absent when the view is only repeated to a page that joined late.
    package var sound: String?
    package var uk: Lines
    package var en: Lines
}

/// Finds the words for a scene in the catalogue.
package struct DisplaySpeaker: Sendable {
    private let catalogue: Catalogue

    package init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// What the display tells riders between taps.
    package struct Notice: Hashable, Sendable {
        /// As riders know it: its short name where the vehicle knows that.
        package var route: String?
        package var fare: Money?

        package init(route: String? = nil, fare: Money? = nil) {
            self.route = route
            self.fare = fare
        }
    }

    package func view(of scene: DisplayScene, notice: Notice) -> DisplayView {
        DisplayView(
            look: scene.look.rawValue, sound: scene.sound?.rawValue,
            uk: lines(of: scene, notice, in: .ukrainian),
            en: lines(of: scene, notice, in: .english))
    }

    private func lines(
        of scene: DisplayScene, _ notice: Notice, in language: Language
    ) -> DisplayView.Lines {
        let (title, detail) = Self.phrases(of: scene)
        var lines = DisplayView.Lines(
            title: catalogue.text(title, in: language),
            detail: detail.map { catalogue.text($0, in: language) } ?? "",
            price: "", route: "", fare: "")
        if case .accepted(let atMost?, _) = scene, !atMost.isZero {
            lines.price = language.money(atMost)
        }
        if case .ready = scene {
            if let route = notice.route {
                lines.route = catalogue.text(
                    DisplayPhrase.route, in: language, ["route": .text(route)])
            }
            if let fare = notice.fare {
                lines.fare = catalogue.text(
                    DisplayPhrase.fare, in: language, ["price": .text(language.money(fare))])
            }
        }
        return lines
    }

    private static func phrases(
        of scene: DisplayScene
    ) -> (title: DisplayPhrase, detail: DisplayPhrase?) {
        switch scene {
        case .starting: (.starting, .startingDetail)
        case .ready: (.ready, .readyDetail)
        case .accepted(let atMost, let isReduced):
            (isReduced ? .acceptedReduced : .accepted, priceNote(atMost))
        case .refused(let refusal): phrases(of: refusal)
        case .readerFault: (.readerFault, .readerFaultDetail)
        case .outOfService: (.outOfService, .outOfServiceDetail)
        }
    }

    private static func priceNote(_ atMost: Money?) -> DisplayPhrase? {
        guard let atMost else { return nil }
        return atMost.isZero ? .priceFree : .priceAtMost
    }

    private static func phrases(
        of refusal: TapRefusal
    ) -> (title: DisplayPhrase, detail: DisplayPhrase?) {
        switch refusal {
        case .denied: (.denied, .deniedDetail)
        case .passback: (.passback, .passbackDetail)
        case .expired: (.expired, .expiredDetail)
        case .notYetValid: (.notYetValid, .notYetValidDetail)
        case .foreignScheme: (.foreignScheme, .foreignSchemeDetail)
        case .unreadable: (.unreadable, .unreadableDetail)
        case .unknownMedia: (.unknownMedia, .unknownMediaDetail)
        case .notAuthentic: (.notAuthentic, .notAuthenticDetail)
        case .outOfService: (.outOfService, .outOfServiceDetail)
        }
    }
}
