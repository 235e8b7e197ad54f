import DenyList
import FareMedia
import SignedDocuments
import TapAcceptance
import Testing
import TransitModel

/// A validator of the scheme `demo` on trip `t1` at noon, and the riders that come to it.
struct Scene {
    static let noon = Timestamp(secondsSince1970: 1_800_000_000)
    static let year: Duration = .seconds(365 * 86_400)

    var documents: AcceptanceDocuments
    var recent = RecentTaps()
    var circumstances: TapCircumstances

    init() throws {
        let configuration = try #require(
            SchemeConfiguration(
                scheme: "demo", timeZoneName: "Europe/Kyiv", passbackWindowSeconds: 600,
                defaultRiderCategory: "adult", currency: .uah,
                displayedFares: ["adult": 2_600, "pupil": 1_300],
                routeFares: ["12": ["adult": 1_500, "pupil": 750]], issuerKeys: [:]))
        documents = AcceptanceDocuments(
            configuration: configuration, configurationVersion: 4,
            newestIssueAt: Self.noon.advanced(by: .seconds(-3_600)))
        circumstances = TapCircumstances(
            tappedAt: Self.noon, monotonic: MonotonicTime(milliseconds: 50_000),
            clockQuality: .system,
            service: ServiceContext(vehicle: "bus-7", route: "12", trip: "t1", stop: "s3"))
    }

    static func mediaKey(_ number: UInt8) throws -> MediaKey {
        try #require(
            MediaKey(
                bytes: [UInt8](repeating: number, count: 16), generation: KeyGeneration(1)))
    }

    static func rider(
        _ number: UInt8 = 1, scheme: SchemeID = "demo", category: RiderCategoryID? = nil,
        validFrom: Timestamp = noon.advanced(by: .zero - year),
        validUntil: Timestamp = noon.advanced(by: year)
    ) throws -> MediaReading {
        .presentation(
            MediaPresentation(
                mediaKey: try mediaKey(number), mediaKind: .eTicketCard,
                ticket: try ETicket(
                    scheme: scheme, serial: UInt64(number), issuerKey: IssuerKeyID(1),
                    riderCategory: category, validFrom: validFrom, validUntil: validUntil)))
    }

    func decide(_ reading: MediaReading) -> TapDecision {
        TapAcceptor.decide(reading, under: documents, after: recent, at: circumstances)
    }

    /// Decides, and remembers as the validator does once the tap is on disk.
    mutating func tap(_ reading: MediaReading) -> TapVerdict {
        let decision = decide(reading)
        recent.remember(decision.tap)
        return decision.verdict
    }

    mutating func pass(_ span: Duration) {
        circumstances.tappedAt = circumstances.tappedAt.advanced(by: span)
        circumstances.monotonic = MonotonicTime(
            milliseconds: circumstances.monotonic.milliseconds
                + Timestamp(millisecondsSince1970: 0).advanced(by: span).millisecondsSince1970)
    }
}
