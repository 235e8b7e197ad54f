import Foundation
import TapJournal
import Testing
import TransitModel

enum Sample {
    static let device: DeviceID = "validator-7"
    static let noon = Timestamp(secondsSince1970: 1_772_445_600)

    static func tap(_ number: Int = 0, verdict: TapVerdict = .accepted) throws -> Tap {
        let key = try #require(
            MediaKey(
                bytes: Array(repeating: UInt8(truncatingIfNeeded: number), count: 16),
                generation: KeyGeneration(1)))
        return Tap(
            tappedAt: noon.advanced(by: .seconds(number)),
            monotonic: MonotonicTime(milliseconds: Int64(number)), clockQuality: .system,
            service: ServiceContext(vehicle: "tram-101"), mediaKey: key, mediaKind: .eTicketCard,
            verdict: verdict,
            documents: DocumentVersions(denyListBase: 1, denyListOverlay: 0, configuration: 1))
    }

    static func open(
        _ folder: URL, limits: TapJournal.Limits = .init()
    ) async throws -> TapJournal {
        try await TapJournal.open(
            folder: folder, device: device, limits: limits, clock: { noon })
    }
}
