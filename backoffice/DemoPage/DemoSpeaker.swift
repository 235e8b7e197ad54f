import Console
import TransitModel
import Wording

/// Words of the page in one language.
struct DemoSpeaker: Sendable {
    let catalogue: Catalogue
    let language: Language
    let calendar: LocalCalendar

    func say(_ phrase: DemoPhrase, _ values: [String: PhraseValue] = [:]) -> String {
        catalogue.text(phrase, in: language, values)
    }

    /// `0,4 мс`, `312 мс`, `1,93 с`: three figures at most, all of them measured.
    func span(_ span: Duration) -> String {
        let (seconds, attoseconds) = span.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        return switch microseconds {
        case 0: unit(.unitMilliseconds, 0, per: 1_000, digits: 0)
        case ..<100_000: unit(.unitMilliseconds, microseconds, per: 1_000, digits: 1)
        case ..<1_000_000: unit(.unitMilliseconds, microseconds, per: 1_000, digits: 0)
        case ..<10_000_000: unit(.unitSeconds, microseconds, per: 1_000_000, digits: 2)
        default: unit(.unitSeconds, microseconds, per: 1_000_000, digits: 1)
        }
    }

    private func unit(
        _ phrase: DemoPhrase, _ microseconds: Int64, per unit: Int64, digits: Int
    ) -> String {
        let scale = (0..<digits).reduce(Int64(1)) { product, _ in product * 10 }
        let scaled = (max(0, microseconds) * scale + unit / 2) / unit
        var text = language.number(scaled / scale)
        if digits > 0 {
            let fraction = String(scaled % scale)
            text += language == .ukrainian ? "," : "."
            text += String(repeating: "0", count: digits - fraction.count) + fraction
        }
        return say(phrase, ["value": .text(text)])
    }

    func time(_ instant: Timestamp) -> String {
        let local = calendar.zone.local(instant, as: ServiceDate.self)
        return language.time(secondsOfDay: local.secondsOfDay, withSeconds: true)
    }

    func verdict(_ name: String) -> String {
        switch name {
        case "accepted": say(.verdictAccepted)
        case "denied": say(.verdictDenied)
        case "passback": say(.verdictPassback)
        default: say(.verdictOther)
        }
    }

    func obstacle(_ obstacle: Deed.Obstacle) -> String {
        switch obstacle {
        case .control(.noPower): say(.reasonNoPower)
        case .control(.noReader): say(.reasonNoReader)
        case .control(.noAnswer): say(.reasonNoAnswer)
        case .control(.noControl): say(.reasonNoControl)
        case .notThere: say(.reasonNotThere)
        case .tooLong: say(.reasonTooLong)
        case .notNow: say(.reasonNotNow)
        }
    }
}
