import TransitModel
import Wording

/// Turns values into what a person reads: one language, one wall clock.
struct Speaker: Sendable {
    let catalogue: Catalogue
    let language: Language
    let calendar: LocalCalendar
    let names: any NameBook

    func say(_ phrase: ConsolePhrase, _ values: [String: PhraseValue] = [:]) -> String {
        catalogue.text(phrase, in: language, values)
    }

    func count(_ number: Int64) -> String { language.number(number) }

    func money(_ amount: Money) -> String { language.money(amount) }

    /// With a plus sign for what was added, so that a column of differences reads as one.
    func difference(_ amount: Money) -> String { language.money(amount, showsPlus: true) }

    /// `14:05:09` by the scheme's wall clock.
    func time(_ instant: Timestamp, withSeconds: Bool = true) -> String {
        let local = calendar.zone.local(instant, as: ServiceDate.self)
        return language.time(secondsOfDay: local.secondsOfDay, withSeconds: withSeconds)
    }

    /// `22.11.2026, 14:05:09` by the scheme's wall clock.
    func dateAndTime(_ instant: Timestamp) -> String {
        let local = calendar.zone.local(instant, as: ServiceDate.self)
        let time = language.time(secondsOfDay: local.secondsOfDay, withSeconds: true)
        return "\(language.shortDate(local.date)), \(time)"
    }

    /// For the `datetime` attribute, always in UTC: `2026-11-22T12:05:09Z`.
    func machineTime(_ instant: Timestamp) -> String {
        let universal = ZoneOffsets.utc.local(instant, as: ServiceDate.self)
        let time = Language.english.time(secondsOfDay: universal.secondsOfDay, withSeconds: true)
        return "\(universal.date)T\(time)Z"
    }

    /// How long ago, in the largest unit that says enough: `3 хв`, `5 год`, `2 дні`.
    func age(of instant: Timestamp, at now: Timestamp) -> String {
        let minutes = max(0, now.elapsed(since: instant).components.seconds / 60)
        return switch minutes {
        case 0: say(.ageMoment)
        case 1..<60: say(.ageMinutes, ["count": .number(minutes)])
        case 60..<(48 * 60): say(.ageHours, ["count": .number(minutes / 60)])
        default: say(.ageDays, ["count": .number(minutes / (24 * 60))])
        }
    }

    func refusal(_ code: UInt8) -> String {
        switch TapRefusal(rawValue: code) {
        case .denied?: say(.refusalDenied)
        case .passback?: say(.refusalPassback)
        case .expired?: say(.refusalExpired)
        case .notYetValid?: say(.refusalNotYetValid)
        case .foreignScheme?: say(.refusalForeignScheme)
        case .unreadable?: say(.refusalUnreadable)
        case .unknownMedia?: say(.refusalUnknownMedia)
        case .notAuthentic?: say(.refusalNotAuthentic)
        case .outOfService?: say(.refusalOutOfService)
        case nil: say(.refusalOther, ["code": .number(Int64(code))])
        }
    }
}
