internal import TransitModel

/// Readers of Fares v2's products and rules.
extension GTFSTables.Table {
    static var riderCategories: GTFSTables.Table<RiderCategory> {
        .init(file: "rider_categories.txt", key: { $0.id.rawValue }) { cursor throws(FeedError) in
            let id = try cursor.requiredColumn("rider_category_id")
            let name = try cursor.requiredColumn("rider_category_name")
            let isDefault = cursor.column("is_default_fare_category")
            return { row throws(FeedError) in
                RiderCategory(
                    id: try row.id(id), name: try row.requiredText(name),
                    isDefault: try row.integer(isDefault, in: 0...1, expected: "0 or 1") == 1)
            }
        }
    }

    static var fareMedia: GTFSTables.Table<FareMedium> {
        .init(file: "fare_media.txt", key: { $0.id.rawValue }) { cursor throws(FeedError) in
            let id = try cursor.requiredColumn("fare_media_id")
            let name = cursor.column("fare_media_name")
            let type = try cursor.requiredColumn("fare_media_type")
            return { row throws(FeedError) in
                FareMedium(
                    id: try row.id(id), name: try row.optionalText(name),
                    type: try row.choice(type))
            }
        }
    }

    static var fareProducts: GTFSTables.Table<FareProduct> {
        .init(
            file: "fare_products.txt",
            key: { record in
                "\(record.id), \(record.riderCategory?.rawValue ?? ""), "
                    + "\(record.fareMedia?.rawValue ?? "")"
            }
        ) { cursor throws(FeedError) in
            let id = try cursor.requiredColumn("fare_product_id")
            let name = cursor.column("fare_product_name")
            let category = cursor.column("rider_category_id")
            let media = cursor.column("fare_media_id")
            let amount = try cursor.requiredColumn("amount")
            let currency = try cursor.requiredColumn("currency")
            return { row throws(FeedError) in
                FareProduct(
                    id: try row.id(id), name: try row.optionalText(name),
                    riderCategory: try row.optionalID(category),
                    fareMedia: try row.optionalID(media),
                    amount: try row.amount(amount, currency: currency), line: row.line)
            }
        }
    }

    static var fareLegRules: GTFSTables.Table<FareLegRule> {
        .init(
            file: "fare_leg_rules.txt",
            key: { record in
                [
                    record.network?.rawValue, record.fromArea?.rawValue, record.toArea?.rawValue,
                    record.fromTimeframeGroup?.rawValue, record.toTimeframeGroup?.rawValue,
                    record.fareProduct.rawValue,
                ].map { $0 ?? "" }.joined(separator: ", ")
            }
        ) { cursor throws(FeedError) in
            let legGroup = cursor.column("leg_group_id")
            let network = cursor.column("network_id")
            let fromArea = cursor.column("from_area_id")
            let toArea = cursor.column("to_area_id")
            let fromTimeframe = cursor.column("from_timeframe_group_id")
            let toTimeframe = cursor.column("to_timeframe_group_id")
            let product = try cursor.requiredColumn("fare_product_id")
            let priority = cursor.column("rule_priority")
            return { row throws(FeedError) in
                FareLegRule(
                    legGroup: try row.optionalID(legGroup), network: try row.optionalID(network),
                    fromArea: try row.optionalID(fromArea), toArea: try row.optionalID(toArea),
                    fromTimeframeGroup: try row.optionalID(fromTimeframe),
                    toTimeframeGroup: try row.optionalID(toTimeframe),
                    fareProduct: try row.id(product),
                    priority: try row.integer(
                        priority, in: 0...Int(Int32.max), expected: "a whole number from 0") ?? 0,
                    line: row.line)
            }
        }
    }

    static var fareLegJoinRules: GTFSTables.Table<FareLegJoinRule> {
        .init(
            file: "fare_leg_join_rules.txt",
            key: { record in
                [
                    record.fromNetwork?.rawValue, record.toNetwork?.rawValue,
                    record.fromStop?.rawValue, record.toStop?.rawValue,
                ].map { $0 ?? "" }.joined(separator: ", ")
            }
        ) { cursor throws(FeedError) in
            let fromNetwork = cursor.column("from_network_id")
            let toNetwork = cursor.column("to_network_id")
            let fromStop = cursor.column("from_stop_id")
            let toStop = cursor.column("to_stop_id")
            return { row throws(FeedError) in
                let rule = FareLegJoinRule(
                    fromNetwork: try row.optionalID(fromNetwork),
                    toNetwork: try row.optionalID(toNetwork),
                    fromStop: try row.optionalID(fromStop), toStop: try row.optionalID(toStop),
                    line: row.line)
                if rule.fromNetwork == nil, rule.toNetwork != nil {
                    throw row.failure(fromNetwork, .missingValue)
                }
                if rule.toNetwork == nil, rule.fromNetwork != nil {
                    throw row.failure(toNetwork, .missingValue)
                }
                if rule.fromStop == nil, rule.toStop != nil {
                    throw row.failure(fromStop, .missingValue)
                }
                if rule.toStop == nil, rule.fromStop != nil {
                    throw row.failure(toStop, .missingValue)
                }
                return rule
            }
        }
    }
}
