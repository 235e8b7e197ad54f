import Foundation
import TransitModel

/// The one display of a validator: what it shows now, and the pages that watch it.
package actor DisplayBoard {
    /// The time that the board lives by; tests bring their own.
    package struct Timer: Sendable {
        package let now: @Sendable () -> MonotonicTime
        package let sleep: @Sendable (Duration) async throws -> Void

        package init(
            now: @escaping @Sendable () -> MonotonicTime,
            sleep: @escaping @Sendable (Duration) async throws -> Void
        ) {
            self.now = now
            self.sleep = sleep
        }

        package static var system: Timer {
            let clock = ContinuousClock()
            let start = clock.now
            return Timer(
                now: {
                    let (seconds, attoseconds) = start.duration(to: clock.now).components
                    return MonotonicTime(
                        milliseconds: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
                },
                sleep: { try await clock.sleep(for: $0) })
        }
    }

    /// What a page receives.
    package enum Message: Hashable, Sendable {
        case view(DisplayView)
        /// Nothing changed; the validator is alive.
        case beat
    }

    /// Pages that can watch at once: the display itself and a few for service staff.
    package static let watcherLimit = 8
    /// A page that hears nothing for three of these shows that the validator is out of service.
    package static let beatInterval: Duration = .seconds(2)

    private let speaker: DisplaySpeaker
    private let timer: Timer
    private var machine = DisplayMachine()
    private var notice = DisplaySpeaker.Notice()
    private var watchers: [Int: AsyncStream<Message>.Continuation] = [:]
    private var watcherCount = 0
    private let deadlines: AsyncStream<MonotonicTime>
    private let deadlinesEntry: AsyncStream<MonotonicTime>.Continuation

    package init(speaker: DisplaySpeaker, timer: Timer = .system) {
        self.speaker = speaker
        self.timer = timer
        (deadlines, deadlinesEntry) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package var scene: DisplayScene { machine.scene }

    /// Shows the answer to a tap, for a few seconds.
    ///
    /// Once this returns, every page's next message is that answer.
    package func show(_ scene: DisplayScene) {
        machine.show(scene, at: timer.now())
        if let endsAt = machine.answerEndsAt { deadlinesEntry.yield(endsAt) }
        send(.view(speaker.view(of: scene, notice: notice)))
    }

    package func setRest(_ rest: DisplayMachine.Rest) { refresh { machine.setRest(rest) } }

    package func setNotice(_ notice: DisplaySpeaker.Notice) { refresh { self.notice = notice } }

    /// Ends an answer whose time has passed.
    package func tick() { refresh { machine.tick(at: timer.now()) } }

    /// What is shown, then every change, for one page.
    ///
    /// A slow page gets the newest message and misses older ones.
    ///
    /// - Returns: `nil` when too many pages watch already.
    package func watch() -> AsyncStream<Message>? {
        guard watchers.count < Self.watcherLimit else { return nil }
        watcherCount += 1
        let number = watcherCount
        let (messages, entry) = AsyncStream<Message>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        entry.onTermination = { [weak self] _ in
            guard let self else { return }
            Task { await self.unwatch(number) }
        }
        watchers[number] = entry
        var view = speaker.view(of: machine.scene, notice: notice)
        view.sound = nil
        entry.yield(.view(view))
        return messages
    }

    /// Returns to rest after each answer and keeps pages assured, until cancelled.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await self.endAnswers() }
            group.addTask { await self.beat() }
        }
        for watcher in watchers.values { watcher.finish() }
    }

    private func endAnswers() async {
        for await deadline in deadlines {
            let wait = deadline.elapsed(since: timer.now())
            do { try await timer.sleep(max(wait, .zero)) } catch { return }
            tick()
        }
    }

    private func beat() async {
        while !Task.isCancelled {
            do { try await timer.sleep(Self.beatInterval) } catch { return }
            send(.beat)
        }
    }

    private func unwatch(_ number: Int) { watchers[number] = nil }

    /// Changes something, and tells the pages if they now show something else.
    private func refresh(_ change: () -> Void) {
        let before = speaker.view(of: machine.scene, notice: notice)
        change()
        var after = speaker.view(of: machine.scene, notice: notice)
        guard after != before else { return }
        after.sound = nil
        send(.view(after))
    }

    private func send(_ message: Message) {
        for watcher in watchers.values {
            // A beat must not push an unread view out of a slow page's buffer.
            if message == .beat, case .dropped(let lost) = watcher.yield(message) {
                watcher.yield(lost)
            } else if message != .beat {
                watcher.yield(message)
            }
        }
    }
}
