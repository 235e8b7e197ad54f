import DemoPage
import TransitModel

/// A vehicle in memory that answers as it is told to.
actor FakeVehicle: VehicleControl {
    static let epoch = EpochID(bytes: [UInt8](repeating: 7, count: 16))

    private(set) var vehicle: ControlState.Vehicle
    private var verdicts: [String]
    private var sequence: UInt64 = 0
    private var answered: [TapAnswer] = []
    var isAway = false
    var standing = JournalStanding(isSound: true, records: 17, unsent: 17)
    /// How long after the field the answer shows; the journal takes one millisecond less.
    private var shown: Duration = .milliseconds(4)

    /// - Parameter verdicts: One after the other; the last one for ever.
    init(verdicts: [String] = ["accepted"]) {
        self.verdicts = verdicts
        vehicle = ControlState.Vehicle(
            vehicle: DemoDirector.vehicle, display: "http://127.0.0.1:18091/")
    }

    func change(_ body: @Sendable (inout ControlState.Vehicle) -> Void) { body(&vehicle) }
    func answer(after shown: Duration) { self.shown = shown }
    func goAway() { isAway = true }
    func find(_ standing: JournalStanding) { self.standing = standing }

    func state() throws -> ControlState {
        if isAway { throw ControlFailure.noControl }
        vehicle.answered = answered.count
        return ControlState(vehicles: [vehicle])
    }

    func answers(from first: Int, of: String) -> WitnessedAnswers {
        WitnessedAnswers(first: first, answers: Array(answered.dropFirst(first)))
    }

    func tap(_ card: String?, in: String) throws -> TappedCard {
        guard vehicle.hasPower, let epoch = Self.epoch else { throw ControlFailure.noPower }
        sequence += 1
        let verdict = verdicts.count > 1 ? verdicts.removeFirst() : verdicts[0]
        let answer = TapAnswer(
            tap: TapID(device: "demo-1-validator", epoch: epoch, sequence: sequence),
            tappedAt: Timestamp(secondsSince1970: 1_795_341_600), verdict: verdict,
            read: .milliseconds(2), decided: .milliseconds(2),
            journalled: shown - .milliseconds(1), shown: shown, card: .milliseconds(1))
        answered.append(answer)
        return TappedCard(card: card ?? "\(4_100 + sequence)", answer: answer)
    }

    func tap(count: Int, in vehicle: String) throws -> [TappedCard] {
        try (0..<count).map { _ in try tap(nil, in: vehicle) }
    }

    func cutNetwork(of: String) -> Int {
        vehicle.hasNetwork = false
        return 2
    }

    func restoreNetwork(of: String) { vehicle.hasNetwork = true }

    func cutPower(of: String) -> Int32? {
        vehicle.hasPower = false
        return 4_711
    }

    func restorePower(of: String) { vehicle.hasPower = true }

    func journal(of: String) -> JournalStanding { standing }
}
