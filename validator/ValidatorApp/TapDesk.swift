import CardReaders
import FareMedia
import PassengerDisplay
import SignedDocuments
import TapAcceptance
import TransitModel

/// Takes what the readers report, one event after the other, from field to display.
///
/// The order is the promise: decide, record durably, and only then show the answer. A tap that
/// cannot be recorded is never accepted on the display; the validator is out of service until
/// one can be.
package actor TapDesk {
    /// What the desk works with; all of it is shared with others.
    package struct Tools: Sendable {
        package let documents: DocumentDesk
        package let keeper: any TapKeeper
        package let display: any RiderDisplay
        package let clock: DeviceClock
        package let service: @Sendable () -> ServiceContext
        /// The route as riders know it.
        package let routeName: @Sendable () -> String?
        /// Where the vehicle was last known to be, with the age of that at an instant.
        package let position: @Sendable (MonotonicTime) -> AgedPosition?
        package let log: ValidatorLog

        package init(
            documents: DocumentDesk, keeper: any TapKeeper, display: any RiderDisplay,
            clock: DeviceClock, service: @escaping @Sendable () -> ServiceContext,
            routeName: (@Sendable () -> String?)? = nil,
            position: @escaping @Sendable (MonotonicTime) -> AgedPosition? = { _ in nil },
            log: ValidatorLog
        ) {
            self.documents = documents
            self.keeper = keeper
            self.display = display
            self.clock = clock
            self.service = service
            self.routeName = routeName ?? { service().route?.rawValue }
            self.position = position
            self.log = log
        }
    }

    private let tools: Tools
    private var recent = RecentTaps()
    package private(set) var readiness = Readiness()

    package init(tools: Tools) {
        self.tools = tools
    }

    /// Remembers, after a restart, whom it let in a moment ago.
    ///
    /// A journal that cannot be read is alarmed and costs no service: passback is forgotten,
    /// which can only favour riders.
    package func recover() async {
        let longestWindow = Duration.seconds(Int64(SchemeConfiguration.passbackWindowLimit))
        let since = tools.clock.read().wall.advanced(by: .zero - longestWindow)
        do {
            recent.recover(try await tools.keeper.listAccepted(since: since))
        } catch {
            tools.log.raise(Alarm(code: "journal_unreadable", detail: "\(error)"))
        }
    }

    /// Answers events until they end.
    package func run(_ events: AsyncStream<ReaderEvent>) async {
        await refreshRest()
        for await event in events { await handle(event) }
    }

    package func handle(_ event: ReaderEvent) async {
        if let alarm = readiness.observe(event) { tools.log.raise(alarm) }
        if case .presented(let reading, let reader, let timing) = event {
            await answer(reading, from: reader, timing)
        }
        await refreshRest()
    }

    /// Brings the display up to date after documents or the service have changed.
    package func refreshRest() async {
        let documents = tools.documents.inUse
        readiness.hasConfiguration = documents.configuration != nil
        let route = tools.service().route
        await tools.display.setNotice(
            .init(
                route: tools.routeName(),
                fare: documents.configuration?.displayedFare(for: nil, on: route)))
        await tools.display.setRest(readiness.rest)
        tools.log.note(readiness)
        tools.log.note(tools.service())
    }

    private func answer(
        _ reading: MediaReading, from reader: ReaderName, _ timing: PresentationTiming
    ) async {
        let time = tools.clock.read()
        let decision = TapAcceptor.decide(
            reading, under: tools.documents.inUse, after: recent,
            at: TapCircumstances(
                tappedAt: time.wall, monotonic: time.monotonic, clockQuality: time.quality,
                service: tools.service(), position: tools.position(time.monotonic)))
        let decidedAt = ContinuousClock.now
        // The keeper suspends. A second event waits in the stream meanwhile, since `run` takes
        // the next one only after this one is answered: no two taps are decided at once.
        let identity: TapID
        do {
            identity = try await tools.keeper.keep(decision.tap)
        } catch {
            readiness.isJournalSound = false
            await tools.display.setRest(readiness.rest)
            await tools.display.show(.refused(.outOfService))
            tools.log.raise(Alarm(code: "tap_not_recorded", detail: "\(error)"))
            return
        }
        let journalledAt = ContinuousClock.now
        recent.remember(decision.tap)
        readiness.isJournalSound = true
        await tools.display.show(Self.scene(for: decision.display))
        let shownAt = ContinuousClock.now
        tools.log.record(
            identity, decision.tap, from: reader,
            TapTiming(
                timing, decidedAt: decidedAt, journalledAt: journalledAt, shownAt: shownAt))
    }

    private static func scene(for answer: DisplayedAnswer) -> DisplayScene {
        switch answer.verdict {
        case .accepted:
            .accepted(atMost: answer.atMost, isReduced: answer.riderCategory != nil)
        case .refused(let refusal): .refused(refusal)
        }
    }
}
