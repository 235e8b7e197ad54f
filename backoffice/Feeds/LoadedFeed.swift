import Fares
import Timetable
import TransitModel

/// A feed that was read, checked and compiled.
package struct LoadedFeed: Sendable {
    package let tables: GTFSTables
    package let tariff: Tariff
    /// The agencies' time zone.
    package let zone: ZoneOffsets

    /// - Throws: ``FeedError`` and ``TariffError``, which name file, line and field.
    package init(_ files: FeedFiles, tariff id: TariffID) throws {
        tables = try GTFSTables(files: files.contents)
        tariff = try Tariff.compile(
            tables, id: id, version: files.tariffVersion(published: tables.feedInfo?.version))
        let zoneName = tables.agencies.first?.timeZone ?? ""
        guard let zone = ZoneOffsets(system: zoneName) else {
            throw FeedError(
                file: "agency.txt", line: 2, field: "agency_timezone",
                .malformedValue(zoneName, expected: "a time zone that this system knows"))
        }
        self.zone = zone
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
