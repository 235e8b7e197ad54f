import Store
import TransitModel

/// Everything on the page that moves, at one instant.
package struct DemoScene: Hashable, Sendable {
    /// A tap on its way from the field to the ledger.
    package struct Followed: Hashable, Sendable {
        package var card: String
        package var answer: TapAnswer
        package var trace: TapTrace?

        package init(card: String, answer: TapAnswer, trace: TapTrace? = nil) {
            self.card = card
            self.answer = answer
            self.trace = trace
        }
    }

    /// How many deeds the page remembers.
    static let deedLimit = 6

    /// Absent while the demonstration does not answer.
    package var vehicle: ControlState.Vehicle?
    /// Where the vehicle's passenger display is, or was when it was last heard of.
    package var display: String?
    /// The one that was tapped last.
    package var card: String?
    /// Cards that this page has blocked, sorted.
    package var blocked: [String] = []
    package var followed: Followed?
    /// Newest first.
    package var deeds: [Deed] = []

    package init() {}

    package var isBusy: Bool { deeds.first?.standing == .underWay }

    /// The blocked card that a button would tap or unblock.
    package var blockedCard: String? {
        if let card, blocked.contains(card) { return card }
        return blocked.last
    }

    /// Whether a deed makes sense now.
    package func allows(_ kind: Deed.Kind) -> Bool {
        guard let vehicle, !isBusy else { return false }
        return switch kind {
        case .tap: vehicle.hasPower
        case .tapBlocked: vehicle.hasPower && blockedCard != nil
        case .block: vehicle.hasPower && card.map { !blocked.contains($0) } ?? false
        case .unblock: vehicle.hasPower && blockedCard != nil
        case .cutNetwork: vehicle.hasNetwork
        case .restoreNetwork: !vehicle.hasNetwork
        case .tapDark: vehicle.hasPower && !vehicle.hasNetwork
        case .cutPower: vehicle.hasPower
        case .restorePower: !vehicle.hasPower
        }
    }
}
