import DemoPage
import Store
import Testing
import TransitModel

@Suite("The time line of a tap")
struct TimeLineTests {
    private static let tappedAt = Timestamp(secondsSince1970: 1_795_341_600)

    private func answer(_ verdict: String = "accepted") throws -> TapAnswer {
        TapAnswer(
            tap: TapID(
                device: "v", epoch: try #require(FakeVehicle.epoch), sequence: 1),
            tappedAt: Self.tappedAt, verdict: verdict, read: .microseconds(2_100),
            decided: .microseconds(2_300), journalled: .microseconds(3_200),
            shown: .microseconds(3_300), card: .microseconds(900))
    }

    private func instant(_ milliseconds: Int) -> Timestamp {
        Self.tappedAt.advanced(by: .milliseconds(milliseconds))
    }

    @Test("Before anything is uploaded the validator's stages stand, and the others are to come")
    func onTheVehicle() throws {
        let line = TapTimeLine(.init(card: "4101", answer: try answer()))
        #expect(
            line.steps.map(\.stage) == [
                .field, .read, .decided, .journalled, .shown, .received, .routed, .charged, .posted,
            ])
        #expect(
            line.steps.prefix(5).map(\.at) == [
                .zero, .microseconds(2_100), .microseconds(2_300), .microseconds(3_200),
                .microseconds(3_300),
            ])
        #expect(line.steps[3].took == .microseconds(900))
        #expect(line.steps.dropFirst(5).allSatisfy { $0.at == nil })
        #expect(!line.isOver && line.reached == .microseconds(3_300))
    }

    @Test("Recorded instants count from the field, and never run backwards")
    func inTheOffice() throws {
        var random = SeededGenerator(seed: 1)
        let answer = try answer()
        let trace = TapTrace(
            tap: answer.tap, receivedAt: instant(40), routedAt: instant(39),
            charge: .init(
                rider: RiderAccountID(using: &random), charge: ChargeID(using: &random),
                amount: Money(minorUnits: 1_500, currency: .uah), chargedAt: instant(90),
                hasEntry: true, postedAt: instant(9_000)))
        let line = TapTimeLine(.init(card: "4101", answer: answer, trace: trace))
        // The field was 2.3 ms before the decision, cut to whole milliseconds as instants are.
        #expect(line.steps[5].at == .milliseconds(42))
        #expect(line.steps[6].at == .milliseconds(42) && line.steps[6].took == .zero)
        #expect(line.steps[7].took == .milliseconds(50))
        #expect(line.steps[8].at == .milliseconds(9_002))
        #expect(line.isOver)
    }

    @Test("An instant that seems to lie before green, by the cut of a millisecond, is at green")
    func cutMilliseconds() throws {
        let answer = try answer()
        let trace = TapTrace(tap: answer.tap, receivedAt: instant(0), routedAt: nil)
        let line = TapTimeLine(.init(card: "4101", answer: answer, trace: trace))
        #expect(line.steps[5].at == answer.shown)
    }

    @Test("A refused tap ends on record, one without a price ends there")
    func shortLines() throws {
        let refused = TapTimeLine(
            .init(
                card: "4101", answer: try answer("denied"),
                trace: TapTrace(
                    tap: try answer().tap, receivedAt: instant(40), routedAt: instant(60),
                    isRefused: true)))
        #expect(refused.steps.last?.stage == .routed && refused.isOver)
        let unpriced = TapTimeLine(
            .init(
                card: "4101", answer: try answer(),
                trace: TapTrace(
                    tap: try answer().tap, receivedAt: instant(40), routedAt: instant(60),
                    unpricedCause: "unknown_route")))
        #expect(unpriced.steps.last?.stage == .charged && unpriced.isOver)
    }
}
