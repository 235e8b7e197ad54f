import Wording

/// The scene in one language, as it travels to the page's script.
struct DemoView: Encodable, Hashable, Sendable {
    struct Vehicle: Encodable, Hashable, Sendable {
        let hasPower: Bool
        let hasNetwork: Bool
        let power: String
        let network: String
    }

    struct Card: Encodable, Hashable, Sendable {
        let text: String
        let isBlocked: Bool
    }

    /// Absent while the demonstration does not answer.
    let vehicle: Vehicle?
    let card: Card
    let isBusy: Bool
    /// The deeds that make sense now.
    let allowed: [String]
    let deeds: [DeedWords]
    let timeLine: TimeLineWords?

    init(_ scene: DemoScene, _ speaker: DemoSpeaker) {
        vehicle = scene.vehicle.map {
            Vehicle(
                hasPower: $0.hasPower, hasNetwork: $0.hasNetwork,
                power: speaker.say($0.hasPower ? .statePowerOn : .statePowerOff),
                network: speaker.say($0.hasNetwork ? .stateNetworkOn : .stateNetworkOff))
        }
        let shown = scene.card ?? scene.blockedCard
        let isBlocked = shown.map(scene.blocked.contains) ?? false
        card = Card(
            text: shown.map {
                speaker.say(isBlocked ? .stateCardBlocked : .stateCard, ["card": .text($0)])
            } ?? speaker.say(.stateNoCard),
            isBlocked: isBlocked)
        isBusy = scene.isBusy
        allowed = Deed.Kind.allCases.filter(scene.allows).map(\.rawValue)
        deeds = scene.deeds.map { DeedWords($0, speaker) }
        timeLine = scene.followed.map { TimeLineWords($0, speaker) }
    }
}
