import TransitModel

/// What the page asks of the demonstration that runs the vehicle.
package protocol VehicleControl: Sendable {
    func state() async throws -> ControlState
    /// What the validator has answered, from a number on.
    func answers(from first: Int, of vehicle: String) async throws -> WitnessedAnswers
    /// Holds a card to a reader until the validator has answered.
    ///
    /// - Parameter card: Without it, whichever rested longest.
    func tap(_ card: String?, in vehicle: String) async throws -> TappedCard
    func tap(count: Int, in vehicle: String) async throws -> [TappedCard]
    /// - Returns: How many connections died.
    func cutNetwork(of vehicle: String) async throws -> Int
    func restoreNetwork(of vehicle: String) async throws
    /// - Returns: The process that was killed, when there was one.
    func cutPower(of vehicle: String) async throws -> Int32?
    /// Returns when the validator is ready.
    func restorePower(of vehicle: String) async throws
    /// Follows the chains of the journal on the vehicle's disk, whether its validator runs or not.
    func journal(of vehicle: String) async throws -> JournalStanding
}

package struct ControlState: Decodable, Hashable, Sendable {
    package struct Vehicle: Decodable, Hashable, Sendable {
        package var vehicle: String
        /// The address of its passenger display.
        package var display: String
        package var hasPower: Bool
        package var hasNetwork: Bool
        package var connections: Int
        /// Taps answered since the demonstration began.
        package var answered: Int

        package init(
            vehicle: String, display: String, hasPower: Bool = true, hasNetwork: Bool = true,
            connections: Int = 0, answered: Int = 0
        ) {
            self.vehicle = vehicle
            self.display = display
            self.hasPower = hasPower
            self.hasNetwork = hasNetwork
            self.connections = connections
            self.answered = answered
        }
    }

    package var vehicles: [Vehicle]

    package init(vehicles: [Vehicle]) {
        self.vehicles = vehicles
    }
}

/// One tap in the validator's own words; spans from the medium's entry into the field.
package struct TapAnswer: Decodable, Hashable, Sendable {
    package let tap: TapID
    /// The wall time of the decision.
    package let tappedAt: Timestamp
    package let verdict: String
    package let read: Duration
    package let decided: Duration
    package let journalled: Duration
    package let shown: Duration
    /// What the medium itself took.
    package let card: Duration

    package init(
        tap: TapID, tappedAt: Timestamp, verdict: String, read: Duration, decided: Duration,
        journalled: Duration, shown: Duration, card: Duration
    ) {
        self.tap = tap
        self.tappedAt = tappedAt
        self.verdict = verdict
        self.read = read
        self.decided = decided
        self.journalled = journalled
        self.shown = shown
        self.card = card
    }

    package var isAccepted: Bool { verdict == "accepted" }
    package var isDenied: Bool { verdict == "denied" }
    /// When the medium entered the field, by the wall clock.
    package var enteredAt: Timestamp { tappedAt.advanced(by: .zero - decided) }
}

package struct TappedCard: Decodable, Hashable, Sendable {
    package let card: String
    package let answer: TapAnswer

    package init(card: String, answer: TapAnswer) {
        self.card = card
        self.answer = answer
    }
}

package struct WitnessedAnswers: Decodable, Hashable, Sendable {
    /// The number of the first one.
    package let first: Int
    package let answers: [TapAnswer]

    package init(first: Int, answers: [TapAnswer]) {
        self.first = first
        self.answers = answers
    }
}

/// The journal as `kvytok-validator journal verify` finds it.
package struct JournalStanding: Decodable, Hashable, Sendable {
    package let isSound: Bool
    package let records: Int
    /// Not yet acknowledged by the back office.
    package let unsent: Int

    package init(isSound: Bool, records: Int, unsent: Int) {
        self.isSound = isSound
        self.records = records
        self.unsent = unsent
    }
}

/// Why the demonstration did not do what it was asked. The raw value is its own code.
package enum ControlFailure: String, Error, Hashable, Sendable {
    case noPower = "no_power"
    case noReader = "no_reader"
    case noAnswer = "no_answer"
    /// It is not there, or says something else.
    case noControl = "no_control"
}
