/// Why a presentation was refused. Numbers are wire and store values; they never change meaning.
package enum TapRefusal: UInt8, Sendable, CaseIterable {
    /// The medium is on the signed deny list.
    case denied = 1
    /// The same medium was accepted on this trip a moment ago.
    case passback = 2
    /// The ticket on the medium is no longer valid.
    case expired = 3
    /// The ticket on the medium is not valid yet.
    case notYetValid = 4
    /// An e-ticket of another scheme.
    case foreignScheme = 5
    /// The medium could not be read to the end; tapping again may help.
    case unreadable = 6
    /// The medium answered, but it is not one that this scheme takes.
    case unknownMedia = 7
    /// The card or its data failed authentication: a forgery, or a card under other keys.
    case notAuthentic = 8
    /// The validator cannot record taps, so it takes none.
    case outOfService = 9
}

/// The validator's answer to one presentation.
package enum TapVerdict: Hashable, Sendable {
    case accepted
    case refused(TapRefusal)

    package var isAccepted: Bool { self == .accepted }

    /// 0 for accepted, else the refusal's number.
    package var code: UInt8 {
        switch self {
        case .accepted: 0
        case .refused(let refusal): refusal.rawValue
        }
    }

    package init?(code: UInt8) {
        if code == 0 {
            self = .accepted
        } else if let refusal = TapRefusal(rawValue: code) {
            self = .refused(refusal)
        } else {
            return nil
        }
    }
}
