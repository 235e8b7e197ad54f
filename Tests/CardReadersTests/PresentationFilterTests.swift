import FareMedia
import Testing
import TransitModel

@testable import CardReaders

@Suite("A held-out card's flutter")
struct PresentationFilterTests {
    private let start = ContinuousClock.now

    private func presentation(_ number: UInt8) throws -> MediaReading {
        .presentation(
            MediaPresentation(
                mediaKey: try medium(number), mediaKind: .eTicketCard,
                ticket: try ETicket(
                    scheme: "s", serial: 1, issuerKey: IssuerKeyID(1),
                    validFrom: Timestamp(secondsSince1970: 0),
                    validUntil: Timestamp(secondsSince1970: 1))))
    }

    private func medium(_ number: UInt8) throws -> MediaKey {
        try #require(
            MediaKey(
                bytes: [UInt8](repeating: number, count: 16), generation: KeyGeneration(1)))
    }

    /// Which readings of a script are reported; instants are milliseconds from the start.
    private func admitted(_ script: [(Int, MediaReading)]) -> [Bool] {
        var filter = PresentationFilter(quietTime: .milliseconds(700))
        return script.map { filter.admits($1, at: start + .milliseconds($0)) }
    }

    @Test("The same card again and again is one presentation, however long it lasts")
    func repeated() throws {
        let card = try presentation(1)
        #expect(
            admitted([(0, card), (200, card), (800, card), (1_400, card), (2_099, card)])
                == [true, false, false, false, false])
    }

    @Test("After a pause the same card is a new presentation")
    func pause() throws {
        let card = try presentation(1)
        #expect(admitted([(0, card), (700, card), (1_399, card)]) == [true, true, false])
    }

    @Test("Another card is never held back")
    func another() throws {
        #expect(
            try admitted([
                (0, presentation(1)), (10, presentation(2)), (20, presentation(1)),
            ]) == [true, true, true])
    }

    @Test("Torn first and read next: both are news")
    func tornThenRead() throws {
        #expect(
            try admitted([(0, .failed(.torn, nil)), (100, presentation(1))]) == [true, true])
    }

    @Test("Torn on the way out is no news")
    func readThenTorn() throws {
        #expect(
            try admitted([
                (0, presentation(1)), (100, .failed(.torn, nil)),
                (200, .failed(.torn, medium(1))), (300, .failed(.torn, medium(2))),
            ]) == [true, false, false, true])
    }

    @Test("A failure is told once while it lasts, another failure at once")
    func failures() {
        #expect(
            admitted([
                (0, .failed(.unknownCard, nil)), (100, .failed(.unknownCard, nil)),
                (200, .failed(.torn, nil)), (300, .failed(.torn, nil)),
                (1_000, .failed(.torn, nil)),
            ]) == [true, false, true, false, true])
    }

    @Test("A forgery right after a good card is told")
    func forgeryAfterSuccess() throws {
        #expect(
            try admitted([
                (0, presentation(1)), (100, .failed(.authenticationFailed, nil)),
            ]) == [true, true])
    }
}
