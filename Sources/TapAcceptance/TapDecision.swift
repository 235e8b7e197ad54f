import TransitModel

/// The answer to one presentation: what to record, and what to show once it is recorded.
package struct TapDecision: Hashable, Sendable {
    package let tap: Tap
    package let display: DisplayedAnswer

    package var verdict: TapVerdict { tap.verdict }

    package init(tap: Tap, display: DisplayedAnswer) {
        self.tap = tap
        self.display = display
    }
}

/// What the rider sees and hears. The display finds words, symbol, colour and tone for it.
package struct DisplayedAnswer: Hashable, Sendable {
    package let verdict: TapVerdict
    /// The most that this ride can cost: transfers and caps can only lower it. `nil` when the
    /// rider pays nothing for the tap because it was refused.
    package let atMost: Money?
    /// The category that the medium proved, so that the rider sees a reduction was noticed.
    package let riderCategory: RiderCategoryID?

    package init(verdict: TapVerdict, atMost: Money? = nil, riderCategory: RiderCategoryID? = nil) {
        self.verdict = verdict
        self.atMost = atMost
        self.riderCategory = riderCategory
    }
}
