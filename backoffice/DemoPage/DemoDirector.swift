import Logging
import ServiceLifecycle
import Store
import TransitModel

/// Does what the page's buttons ask, one deed after the other, and tells every page that watches
/// how the scene stands.
///
/// It holds no truth of its own: vehicles answer through their control, money and taps through the
/// database. A back office that starts again has forgotten the list of deeds and nothing else.
package actor DemoDirector: Service {
    /// The vehicle that the page commands.
    package static let vehicle = "demo-1"
    /// Cards of one deed in the dark.
    package static let darkTapCount = 17
    private static let watcherLimit = 32
    /// So many questions without an answer, and the demonstration counts as gone.
    private static let missLimit = 3

    /// How often the scene is looked at while somebody watches.
    private static let beat: Duration = .milliseconds(150)
    private static let shortPatience: Duration = .seconds(15)
    private static let patience: Duration = .seconds(20)
    private static let arrivalPatience: Duration = .seconds(90)
    private static let pause: Duration = .milliseconds(60)
    /// Answers from shortly before a cut may still be on their way.
    private static let lookBack = 40
    /// The same for a back office that was not there when the darkness began.
    private static let longLookBack = 600

    private let control: any VehicleControl
    private let ledger: DemoLedger
    private let logger: Logger
    private let clock: @Sendable () -> Timestamp
    private let orders: AsyncStream<Deed.Kind>
    private let ordersEntry: AsyncStream<Deed.Kind>.Continuation

    private var scene = DemoScene()
    private var missedStates = 0
    private var deedCount = 0
    /// The newest accepted tap of each card.
    private var lastAccepted: [String: TapID] = [:]
    /// The number of the first answer that may not have been sent.
    private var darkFrom: Int?
    private var watchers: [Int: AsyncStream<DemoScene>.Continuation] = [:]
    private var watcherCount = 0
    private var isOver = false

    package init(
        control: any VehicleControl, ledger: DemoLedger, logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.control = control
        self.ledger = ledger
        self.logger = logger
        self.clock = clock
        (orders, ordersEntry) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    // MARK: - For the page

    /// The scene as it is now, for a page that is drawn whole.
    package func look() async -> DemoScene {
        await refresh()
        return scene
    }

    /// The scene now and at every change, until the stream is dropped.
    ///
    /// - Returns: `nil` when too many watch, or the program is about to end.
    package func watch() -> AsyncStream<DemoScene>? {
        guard !isOver, watchers.count < Self.watcherLimit else { return nil }
        let (stream, source) = AsyncStream<DemoScene>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        watcherCount += 1
        let number = watcherCount
        watchers[number] = source
        source.onTermination = { _ in Task { [weak self] in await self?.forget(number) } }
        source.yield(scene)
        return stream
    }

    /// Begins a deed.
    ///
    /// - Returns: False when it makes no sense now, or another one is under way.
    package func order(_ kind: Deed.Kind) -> Bool {
        guard scene.allows(kind) else { return false }
        deedCount += 1
        let card: String? =
            switch kind {
            case .tapBlocked, .unblock: scene.blockedCard
            case .block: scene.card
            default: nil
            }
        scene.deeds.insert(
            Deed(id: deedCount, kind: kind, beganAt: clock(), card: card), at: 0)
        scene.deeds = Array(scene.deeds.prefix(DemoScene.deedLimit))
        publish()
        ordersEntry.yield(kind)
        return true
    }

    // MARK: - Life

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.perform() }
                group.addTask { await self.keepBeat() }
            }
        }
        isOver = true
        for watcher in watchers.values { watcher.finish() }
        watchers = [:]
    }

    private func perform() async {
        for await kind in orders {
            do {
                try await perform(kind)
            } catch let failure as ControlFailure {
                conclude(.failed(.control(failure)))
            } catch let obstacle as Setback {
                conclude(.failed(obstacle.obstacle))
            } catch is CancellationError {
                return
            } catch {
                logger.warning("a deed failed", metadata: ["cause": "\(error)"])
                conclude(.failed(.control(.noControl)))
            }
            await refresh()
            publish()
        }
    }

    private func keepBeat() async {
        while (try? await Task.sleep(for: Self.beat)) != nil {
            if watchers.isEmpty { continue }
            let before = scene
            await refresh()
            if scene != before { publish() }
        }
    }

    private func refresh() async {
        let state = try? await control.state()
        let vehicle = state?.vehicles.first { $0.vehicle == Self.vehicle }
        missedStates = vehicle == nil ? missedStates + 1 : 0
        // On a busy machine one answer may come too late; the vehicle is not gone for that.
        if vehicle != nil || missedStates >= Self.missLimit, scene.vehicle != vehicle {
            scene.vehicle = vehicle
        }
        if let display = vehicle?.display { scene.display = display }
        do {
            let blocked = try await ledger.listBlocked().keys.sorted()
            if scene.blocked != blocked { scene.blocked = blocked }
            try await follow()
        } catch {
            // The database is away; what is shown stays as it was.
            logger.debug("the scene cannot be read", metadata: ["cause": "\(error)"])
        }
    }

    private func follow() async throws {
        guard let followed = scene.followed, followed.trace?.isOver != true else { return }
        let trace = try await ledger.findTrace(of: followed.answer.tap)
        // Another card may have been tapped meanwhile.
        guard scene.followed?.answer.tap == followed.answer.tap else { return }
        scene.followed?.trace = trace
    }

    private func forget(_ number: Int) { watchers[number] = nil }

    private func publish() {
        for watcher in watchers.values { watcher.yield(scene) }
    }

    // MARK: - Deeds

    private struct Setback: Error {
        let obstacle: Deed.Obstacle
    }

    private func see(_ sight: Deed.Sight) {
        guard !scene.deeds.isEmpty else { return }
        scene.deeds[0].conclude(sight)
        publish()
    }

    private func conclude(_ standing: Deed.Standing) {
        guard !scene.deeds.isEmpty else { return }
        scene.deeds[0].standing = standing
        publish()
    }

    private func perform(_ kind: Deed.Kind) async throws {
        await refresh()
        switch kind {
        case .tap: try await see(.answer(tap(nil)))
        case .tapBlocked: try await see(.answer(tap(scene.deeds.first?.card)))
        case .block: try await block()
        case .unblock: try await unblock()
        case .cutNetwork:
            beginDarkness()
            let connections = try await control.cutNetwork(of: Self.vehicle)
            see(.networkCut(connections: connections))
        case .tapDark: try await tapDark()
        case .restoreNetwork: try await restoreNetwork()
        case .cutPower:
            beginDarkness()
            let process = try await control.cutPower(of: Self.vehicle)
            let journal = try await control.journal(of: Self.vehicle)
            see(.powerCut(process: process ?? 0, journal: journal))
        case .restorePower: try await restorePower()
        }
    }

    /// Taps a card and follows it from here on.
    private func tap(_ card: String?) async throws -> TapAnswer {
        let tapped = try await control.tap(card, in: Self.vehicle)
        note(tapped)
        if scene.deeds.first?.card == nil, !scene.deeds.isEmpty {
            scene.deeds[0].card = tapped.card
        }
        scene.card = tapped.card
        scene.followed = DemoScene.Followed(card: tapped.card, answer: tapped.answer)
        publish()
        return tapped.answer
    }

    private func note(_ tapped: TappedCard) {
        if tapped.answer.isAccepted { lastAccepted[tapped.card] = tapped.answer.tap }
    }

    // MARK: The deny list

    private func block() async throws {
        guard let card = scene.deeds.first?.card, let tap = lastAccepted[card] else {
            throw Setback(obstacle: .notThere)
        }
        let start = ContinuousClock.now
        let media = try await wait(for: .notThere) { try await ledger.findMedia(of: tap) }
        try await ledger.block(media, named: card, at: clock())
        guard scene.vehicle?.hasNetwork == true else { return see(.unreachable) }
        try await probe(card, since: start) { $0.isDenied }
    }

    private func unblock() async throws {
        guard let card = scene.deeds.first?.card,
            let media = try await ledger.listBlocked()[card]
        else { throw Setback(obstacle: .notNow) }
        let start = ContinuousClock.now
        try await ledger.unblock(media)
        guard scene.vehicle?.hasNetwork == true else { return see(.unreachable) }
        try await probe(card, since: start) { !$0.isDenied }
    }

    /// Taps a card again and again until the validator thinks otherwise of it.
    private func probe(
        _ card: String, since start: ContinuousClock.Instant,
        until isChanged: (TapAnswer) -> Bool
    ) async throws {
        var attempts = 0
        while start.duration(to: .now) < Self.patience {
            let answer = try await tap(card)
            attempts += 1
            if isChanged(answer) {
                return see(
                    .changed(
                        after: start.duration(to: .now), attempts: attempts,
                        verdict: answer.verdict))
            }
            see(.probing(attempts: attempts))
        }
        throw Setback(obstacle: .tooLong)
    }

    // MARK: Darkness

    /// From here on answers may wait on the vehicle's disk.
    private func beginDarkness() {
        guard darkFrom == nil, let vehicle = scene.vehicle else { return }
        darkFrom = max(0, vehicle.answered - Self.lookBack)
    }

    /// Every tap that the validator has answered since the darkness began.
    private func witnessed() async throws -> [TapID] {
        let answered = scene.vehicle?.answered ?? 0
        let first = darkFrom ?? max(0, answered - Self.longLookBack)
        return try await control.answers(from: first, of: Self.vehicle).answers.map(\.tap)
    }

    private func tapDark() async throws {
        let tapped = try await control.tap(count: Self.darkTapCount, in: Self.vehicle)
        for card in tapped { note(card) }
        if let last = tapped.last {
            scene.card = last.card
            scene.followed = DemoScene.Followed(card: last.card, answer: last.answer)
        }
        let journal = try await control.journal(of: Self.vehicle)
        let outcome = try await ledger.judge(tapped.map(\.answer.tap))
        see(
            .dark(
                answers: tapped.map(\.answer), journal: journal, received: outcome.received))
    }

    private func restoreNetwork() async throws {
        let waiting = try await ledger.judge(try await witnessed()).missing
        let start = ContinuousClock.now
        try await control.restoreNetwork(of: Self.vehicle)
        // Without power they go on waiting, and nothing can be said of them yet.
        guard scene.vehicle?.hasPower == true else { return see(.stillWaiting(waiting)) }
        see(.arrived(try await awaitArrival(of: waiting, since: start)))
    }

    private func restorePower() async throws {
        let waiting = try await ledger.judge(try await witnessed()).missing
        let start = ContinuousClock.now
        try await control.restorePower(of: Self.vehicle)
        let answer = try await tap(nil)
        let span = start.duration(to: .now)
        var arrival: Deed.Arrival?
        if scene.vehicle?.hasNetwork == true {
            arrival = try await awaitArrival(of: waiting, since: start)
        }
        let journal = try await control.journal(of: Self.vehicle)
        see(.back(after: span, verdict: answer.verdict, arrival, journal: journal))
    }

    /// Waits until all that the validator answered has arrived and been dealt with.
    private func awaitArrival(
        of waiting: Int, since start: ContinuousClock.Instant
    ) async throws -> Deed.Arrival {
        let taps = try await witnessed()
        var arrivedAfter: Duration?
        while true {
            let outcome = try await ledger.judge(taps)
            let span = start.duration(to: .now)
            if outcome.missing == 0, arrivedAfter == nil { arrivedAfter = span }
            if outcome.isSettled || span > Self.arrivalPatience {
                darkFrom = nil
                return Deed.Arrival(
                    waited: waiting, outcome: outcome, after: arrivedAfter ?? span,
                    booksAgree: try await ledger.booksAgree())
            }
            see(.arriving(outcome, waited: waiting))
            try await Task.sleep(for: Self.pause)
        }
    }

    private func wait<Value: Sendable>(
        for obstacle: Deed.Obstacle, _ find: () async throws -> Value?
    ) async throws -> Value {
        let start = ContinuousClock.now
        while start.duration(to: .now) < Self.shortPatience {
            if let value = try await find() { return value }
            try await Task.sleep(for: Self.pause)
        }
        throw Setback(obstacle: obstacle)
    }
}
