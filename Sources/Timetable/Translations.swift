package import TransitModel

/// The names of `translations.txt` that people see.
package struct Translations: Sendable {
    package enum Field: Hashable, Sendable {
        case agencyName
        case fareProductName
        case routeShortName
        case routeLongName
        case stopName
        case tripHeadsign
        case areaName
        case fareMediaName
        case networkName
        case riderCategoryName
        case tariffName
        case legSetName
        case capName
        case rideDiscountName

        init?(table: String, field: String) {
            switch (table, field) {
            case ("agency", "agency_name"): self = .agencyName
            // "Any file added to GTFS will have a table_name" (GTFS reference).
            case ("fare_products", "fare_product_name"): self = .fareProductName
            case ("routes", "route_short_name"): self = .routeShortName
            case ("routes", "route_long_name"): self = .routeLongName
            case ("stops", "stop_name"): self = .stopName
            case ("trips", "trip_headsign"): self = .tripHeadsign
            case ("areas", "area_name"): self = .areaName
            case ("fare_media", "fare_media_name"): self = .fareMediaName
            case ("networks", "network_name"): self = .networkName
            case ("rider_categories", "rider_category_name"): self = .riderCategoryName
            case ("tariff", "tariff_name"): self = .tariffName
            case ("leg_sets", "leg_set_name"): self = .legSetName
            case ("fare_caps", "cap_name"): self = .capName
            case ("ride_discounts", "ride_discount_name"): self = .rideDiscountName
            default: return nil
            }
        }
    }

    private struct Key: Hashable {
        let field: Field
        let language: String
        let text: String
    }

    private var byRecord: [Key: String] = [:]
    private var byValue: [Key: String] = [:]

    /// The name in a language; `nil` when the feed has none.
    package func find(
        _ field: Field, of record: String, value: String, in language: String
    ) -> String? {
        guard !byRecord.isEmpty || !byValue.isEmpty else { return nil }
        for tag in Translations.tags(language) {
            if let name = byRecord[Key(field: field, language: tag, text: record)]
                ?? byValue[Key(field: field, language: tag, text: value)]
            {
                return name
            }
        }
        return nil
    }

    /// A tag and what it may stand for: `uk-UA` serves who asks for `uk`, and the other way round.
    private static func tags(_ language: String) -> [String] {
        let whole = language.lowercased()
        let primary = String(whole.prefix { $0 != "-" })
        return whole == primary ? [whole] : [whole, primary]
    }
}

extension Translations {
    /// Reads the one file; without it there are no translations.
    package init(files: [String: [UInt8]]) throws(FeedError) {
        try self.init(GTFSTables.Source(files: files, limits: .init()))
    }

    init(_ source: GTFSTables.Source) throws(FeedError) {
        guard var row = try source.cursor("translations.txt") else { return }
        let table = try row.requiredColumn("table_name")
        let fieldName = try row.requiredColumn("field_name")
        let language = try row.requiredColumn("language")
        let translation = try row.requiredColumn("translation")
        let record = row.column("record_id")
        let value = row.column("field_value")
        while try row.next() {
            let field = Field(
                table: try row.requiredText(table), field: try row.requiredText(fieldName))
            let tags = Translations.tags(try row.requiredText(language))
            let name = try row.text(translation)
            let recordID = try row.text(record)
            let fieldValue = try row.text(value)
            guard recordID.isEmpty || fieldValue.isEmpty else {
                throw row.failure(value, .forbidden("not allowed together with record_id"))
            }
            guard let field, !name.isEmpty, !(recordID.isEmpty && fieldValue.isEmpty) else {
                continue
            }
            for (rank, tag) in tags.enumerated() {
                let key = Key(
                    field: field, language: tag, text: recordID.isEmpty ? fieldValue : recordID)
                let target = recordID.isEmpty ? \Translations.byValue : \Translations.byRecord
                // A regional name stands in for its language, but never over the language's own.
                if rank == 0 || self[keyPath: target][key] == nil {
                    self[keyPath: target][key] = name
                }
            }
        }
    }
}

extension Schedule {
    /// The stop's name in a language (BCP 47), or else in the feed's own.
    package func name(ofStop stop: Int, in language: String) -> String {
        let record = stops[stop]
        return translations.find(
            .stopName, of: record.id.rawValue, value: record.name, in: language) ?? record.name
    }

    /// What people call the route in a language: its short name, or else the long one.
    package func name(ofRoute route: Int, in language: String) -> String {
        let record = routes[route]
        if record.shortName.isEmpty { return longName(ofRoute: route, in: language) }
        return translations.find(
            .routeShortName, of: record.id.rawValue, value: record.shortName, in: language)
            ?? record.name
    }

    /// The route's long name in a language; its short name when it has no long one.
    package func longName(ofRoute route: Int, in language: String) -> String {
        let record = routes[route]
        guard !record.longName.isEmpty else { return record.name }
        return translations.find(
            .routeLongName, of: record.id.rawValue, value: record.longName, in: language)
            ?? record.longName
    }

    /// A fare product's name in a language.
    ///
    /// - Parameter name: What the feed calls it: products of one identifier may differ in name.
    package func name(
        ofFareProduct id: FareProductID, called name: String, in language: String
    ) -> String {
        translations.find(.fareProductName, of: id.rawValue, value: name, in: language) ?? name
    }

    /// Where the trip goes, in a language; its last stop when the feed does not say.
    package func headsign(ofTrip trip: Int, in language: String) -> String {
        let record = trips[trip]
        guard !record.headsign.isEmpty else {
            return calls(of: trip).last.map { name(ofStop: $0.stop, in: language) } ?? ""
        }
        let id = record.repetition?.template ?? record.id
        return translations.find(
            .tripHeadsign, of: id.rawValue, value: record.headsign, in: language)
            ?? record.headsign
    }
}
