import CardReaders
import PassengerDisplay
import Positioning
import TransitModel

/// Where taps are made durable.
package protocol TapKeeper: Sendable {
    /// Returns once the tap is on stable storage, with the identity that it has for ever.
    func keep(_ tap: Tap) async throws -> TapID
    /// Accepted taps from an instant on, oldest first, so that a restart forgets no passback.
    func listAccepted(since instant: Timestamp) async throws -> [Tap]
}

/// What passengers see.
package protocol RiderDisplay: Sendable {
    /// Shows the answer to a tap; what comes in between ends by itself.
    func show(_ scene: DisplayScene) async
    /// Says what to show between taps.
    func setRest(_ rest: DisplayMachine.Rest) async
    func setNotice(_ notice: DisplaySpeaker.Notice) async
}

extension DisplayBoard: RiderDisplay {}

/// Where presentations come from.
package protocol ReaderFeed: Sendable {
    /// For one consumer; it ends when ``run()`` does.
    var events: AsyncStream<ReaderEvent> { get }
    func run() async
}

extension CardReaders: ReaderFeed {}

/// Where the vehicle's position comes from.
package protocol PositionFeed: Sendable {
    var state: PositionState { get }
    /// The newest place that was believed, if it is not too old to say anything.
    var lastFix: PositionFix? { get }
    /// Each fix once, for one consumer; it ends when ``run()`` does.
    var fixes: AsyncStream<PositionFix> { get }
    func run() async throws
}

extension GPSDClient: PositionFeed {}
