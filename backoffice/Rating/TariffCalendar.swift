import Fares
import Feeds
import TransitModel

/// Which tariff prices a journey: the one in force when it began.
package struct TariffCalendar: Sendable {
    package struct Period: Sendable {
        package let effectiveFrom: Timestamp
        /// The tariff, or why the feed in force has none.
        package let pricing: Result<Tariff, TariffError>
        /// Whose calendar fare days and service dates follow.
        package let zone: ZoneOffsets

        package init(
            effectiveFrom: Timestamp, pricing: Result<Tariff, TariffError>, zone: ZoneOffsets
        ) {
            self.effectiveFrom = effectiveFrom
            self.pricing = pricing
            self.zone = zone
        }

        package init(effectiveFrom: Timestamp, tariff: Tariff, zone: ZoneOffsets) {
            self.init(effectiveFrom: effectiveFrom, pricing: .success(tariff), zone: zone)
        }

        fileprivate var tariff: Tariff? { try? pricing.get() }
    }

    /// Stands in for transfers without a time limit.
    private static let unlimitedTransferWindow: Duration = .seconds(12 * 3_600)

    /// By beginning.
    package let periods: [Period]
    /// No transfer of any of the tariffs crosses a longer pause.
    package let linkingWindow: Duration
    /// A rider who pauses longer is as new: neither transfers nor caps look back over it.
    package let memory: Duration

    /// - Parameter periods: In any order. Each lasts until the next begins.
    package init(_ periods: [Period]) {
        self.periods = periods.sorted { $0.effectiveFrom < $1.effectiveFrom }
        linkingWindow =
            periods.compactMap {
                $0.tariff?.linkingWindow(fallback: Self.unlimitedTransferWindow)
            }.max() ?? .zero
        let window = linkingWindow
        memory = periods.compactMap { $0.tariff?.memory(linkingWindow: window) }.max() ?? window
    }

    package func period(at instant: Timestamp) -> Period? {
        periods.last { $0.effectiveFrom <= instant }
    }

    /// Names the whole calendar: it changes when any period or price does.
    package var versions: [String] {
        periods.map { period in
            let tariff = period.tariff.map { "\($0.id) \($0.version)" } ?? "without fares"
            return "\(period.effectiveFrom.millisecondsSince1970) \(tariff)"
        }
    }
}

/// Where the rating finds the tariffs.
package protocol TariffSource: Sendable {
    /// The calendar as published now. Cheap when nothing has changed.
    func currentCalendar() async throws -> TariffCalendar
}

extension PublishedTariffs: TariffSource {
    package func currentCalendar() async throws -> TariffCalendar {
        TariffCalendar(
            try await listPeriods().map { period in
                TariffCalendar.Period(
                    effectiveFrom: period.effectiveFrom, pricing: period.feed.pricing,
                    zone: period.feed.zone)
            })
    }
}
