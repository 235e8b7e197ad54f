import Fares
import Timetable
import TransitModel

/// A feed that was read, checked and compiled.
package struct LoadedFeed: Sendable {
    package let tables: GTFSTables
    /// What its tariff says beyond the standard; `nil` where it has no such file.
    package let tariffExtension: TariffExtension?
    /// Names the fare tables, whether or not they can be priced.
    package let tariffID: TariffID
    package let tariffVersion: String
    /// The tariff, or why the feed has none: it may lack fares.
    package let pricing: Result<Tariff, TariffError>
    /// The agencies' time zone.
    package let zone: ZoneOffsets

    package var tariff: Tariff {
        get throws(TariffError) { try pricing.get() }
    }

    /// - Throws: ``FeedError`` and ``TariffError``, which name file, line and field: a feed whose
    ///   fares contradict themselves is refused, one without fares is not.
    package init(_ files: FeedFiles, tariff id: TariffID) throws {
        tables = try GTFSTables(files: files.contents)
        let source = try TariffExtension(files: files.contents, over: tables)
        tariffExtension = source
        tariffID = id
        tariffVersion = files.tariffVersion(
            published: source?.tariff.version ?? tables.feedInfo?.version)
        do throws(TariffError) {
            pricing = .success(
                try Tariff.compile(
                    tables, with: source, id: tariffID, version: tariffVersion,
                    zones: ZoneOffsets.init(system:)))
        } catch {
            if case .contradiction = error { throw error }
            pricing = .failure(error)
        }
        zone = try ZoneOffsets(ofFeed: tables.agencies.first?.timeZone ?? "")
    }

    /// What the fares lack.
    package var fareGaps: [FeedGap] {
        switch pricing {
        case .success: []
        case .failure: [.noFares]
        }
    }
}

extension ZoneOffsets {
    /// - Throws: ``FeedError`` when the system does not know the agencies' zone.
    init(ofFeed name: String) throws(FeedError) {
        guard let zone = ZoneOffsets(system: name) else {
            throw FeedError(
                file: "agency.txt", line: 2, field: "agency_timezone",
                .malformedValue(name, expected: "a time zone that this system knows"))
        }
        self = zone
    }
}

extension FeedFiles {
    /// What the publisher calls the version, for people, and 64 bits of the checksum, which
    /// alone fix the prices: `2026-1/3f2a9c0d12ab34cd`.
    func tariffVersion(published: String?) -> String {
        let checksum = tariffChecksum.prefix(8).hex
        return published.map { "\($0.prefix(40))/\(checksum)" } ?? checksum
    }
}
