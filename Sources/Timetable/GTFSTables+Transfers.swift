internal import TransitModel

/// The reader of `fare_transfer_rules.txt` with the conditions between its fields.
extension GTFSTables.Table {
    static var fareTransferRules: GTFSTables.Table<FareTransferRule> {
        .init(
            file: "fare_transfer_rules.txt",
            key: { record in
                [
                    record.fromLegGroup?.rawValue ?? "", record.toLegGroup?.rawValue ?? "",
                    record.fareProduct?.rawValue ?? "", record.transferCount.map(String.init) ?? "",
                    record.durationLimit.map { "\($0.components.seconds)" } ?? "",
                ].joined(separator: ", ")
            }
        ) { cursor throws(FeedError) in
            let columns = try TransferColumns(cursor)
            return { row throws(FeedError) in try columns.read(row) }
        }
    }
}

private struct TransferColumns {
    let from: CSVCursor.Column
    let to: CSVCursor.Column
    let count: CSVCursor.Column
    let limit: CSVCursor.Column
    let limitType: CSVCursor.Column
    let type: CSVCursor.Column
    let product: CSVCursor.Column

    init(_ cursor: CSVCursor) throws(FeedError) {
        from = cursor.column("from_leg_group_id")
        to = cursor.column("to_leg_group_id")
        count = cursor.column("transfer_count")
        limit = cursor.column("duration_limit")
        limitType = cursor.column("duration_limit_type")
        type = try cursor.requiredColumn("fare_transfer_type")
        product = cursor.column("fare_product_id")
    }

    func read(_ row: borrowing CSVCursor) throws(FeedError) -> FareTransferRule {
        let fromGroup: LegGroupID? = try row.optionalID(from)
        let toGroup: LegGroupID? = try row.optionalID(to)
        let (limit, limitType) = try readLimit(row)
        return FareTransferRule(
            fromLegGroup: fromGroup, toLegGroup: toGroup,
            transferCount: try readCount(row, groupsAreEqual: fromGroup == toGroup),
            durationLimit: limit, durationLimitType: limitType, type: try row.choice(type),
            fareProduct: try row.optionalID(product), line: row.line)
    }

    /// Required where the groups are equal, forbidden where they differ; -1 means no limit.
    private func readCount(
        _ row: borrowing CSVCursor, groupsAreEqual: Bool
    ) throws(FeedError) -> Int? {
        let number = try row.integer(
            count, in: -1...1_000_000, expected: "-1 or a whole number from 1")
        guard let number else {
            if groupsAreEqual { throw row.failure(count, .missingValue) }
            return nil
        }
        guard groupsAreEqual else {
            throw row.failure(count, .forbidden("not allowed between two different leg groups"))
        }
        guard number != 0 else {
            throw row.failure(
                count, .malformedValue("0", expected: "-1 or a whole number from 1"))
        }
        return number == -1 ? nil : number
    }

    /// The limit and its type come together or not at all.
    private func readLimit(
        _ row: borrowing CSVCursor
    ) throws(FeedError) -> (Duration?, DurationLimitType) {
        let seconds = try row.integer(
            limit, in: 1...(366 * 86_400), expected: "a whole number of seconds from 1")
        let typeIsEmpty = try row.text(limitType).isEmpty
        guard let seconds else {
            guard typeIsEmpty else {
                throw row.failure(limitType, .forbidden("not allowed without duration_limit"))
            }
            return (nil, .departureToDeparture)
        }
        return (.seconds(seconds), try row.choice(limitType))
    }
}
