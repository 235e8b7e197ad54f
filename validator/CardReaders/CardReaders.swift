import FareMedia
import Foundation
import Logging
import TransitModel

/// All contactless readers of a device, through PC/SC.
///
/// Readers may come and go, the service may crash and return, a medium may hang its reader:
/// each is an event, and nothing needs a restart. What a reading means is decided elsewhere.
package struct CardReaders: Sendable {
    package struct Configuration: Sendable {
        /// How often a medium is tried that another program holds, 20 ms apart.
        static let connectAttemptLimit = 5
        /// How often a torn medium that still seems to be there is read again, and when.
        static let retryLimit = 5
        static let retryPause = Duration.milliseconds(200)
        /// More unread events than this, and new ones are dropped: whoever reads them has
        /// stopped working, and a tap that nobody judges must not turn green later.
        static let eventLimit = 256

        /// Asked anew for each presentation: keys and issuers change while readers run.
        package let reading: @Sendable () -> ETicketReading
        /// A medium that takes longer is declared silent.
        package let silenceLimit: Duration
        /// A pause this long ends a presentation; see ``PresentationFilter``.
        package let quietTime: Duration
        /// Whether passengers use a reader. By default all but slots for secure access modules.
        package let uses: @Sendable (ReaderName) -> Bool

        package init(
            silenceLimit: Duration = .seconds(2), quietTime: Duration = .milliseconds(700),
            uses: @escaping @Sendable (ReaderName) -> Bool = { !$0.rawValue.contains("SAM") },
            reading: @escaping @Sendable () -> ETicketReading
        ) {
            self.silenceLimit = silenceLimit
            self.quietTime = quietTime
            self.uses = uses
            self.reading = reading
        }
    }

    /// What happens at the readers, for one consumer; it ends when ``run()`` does.
    package let events: AsyncStream<ReaderEvent>
    private let continuation: AsyncStream<ReaderEvent>.Continuation
    private let configuration: Configuration
    private let logger: Logger

    package init(configuration: Configuration, logger: Logger = Logger(label: "card-readers")) {
        self.configuration = configuration
        self.logger = logger
        (events, continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Configuration.eventLimit))
    }

    /// Watches all readers until the task is cancelled. Run it once.
    ///
    /// Blocking calls stay on threads of their own. A thread that hangs on a silent medium is
    /// left behind; it ends when the call returns and reports nothing more.
    package func run() async {
        let thread = StatusThread(configuration: configuration, logger: logger) {
            [continuation] in continuation.yield($0)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { done in
                Thread.detachNewThread {
                    thread.run()
                    done.resume()
                }
            }
        } onCancel: {
            thread.stop()
        }
        continuation.finish()
    }
}
