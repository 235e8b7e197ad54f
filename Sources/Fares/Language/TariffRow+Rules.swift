internal import Timetable
internal import TransitModel

/// Values whose meaning depends on several fields.
extension TariffRow {
    /// Days of the week as digits, 1 for Monday: `12345`.
    func weekdays() throws(FeedError) -> UInt8? {
        guard let text = try text("weekdays") else { return nil }
        var days: UInt8 = 0
        for digit in text.utf8 {
            let day = digit &- UInt8(ascii: "1")
            guard day < 7, days & (1 << day) == 0 else {
                throw failure(
                    "weekdays", .malformedValue(text, expected: "digits from 1, Monday, to 7"))
            }
            days |= 1 << day
        }
        return days
    }

    private enum ValidityWord: String, CaseIterable {
        case day, week, month
        case rolling
        case firstUse = "first_use"
    }

    func validity() throws(FeedError) -> PassValidity {
        let count = try integer("validity_count", in: 1...1_000)
        let duration = try duration("validity_duration")
        guard try has("validity") else {
            if count != nil { throw failure("validity", .missingValue) }
            if duration != nil { throw failure("validity", .missingValue) }
            return .unlimited
        }
        let word: ValidityWord = try word("validity")
        switch word {
        case .day, .week, .month:
            guard duration == nil else {
                throw failure("validity_duration", .forbidden("days, weeks and months are counted"))
            }
            let kind: FareWindowKind =
                switch word {
                case .day: .day
                case .week: .week
                case .month, .rolling, .firstUse: .month
                }
            return .calendar(kind, count: count ?? 1)
        case .rolling, .firstUse:
            guard count == nil else {
                throw failure("validity_count", .forbidden("only for days, weeks and months"))
            }
            guard let duration else { throw failure("validity_duration", .missingValue) }
            return word == .rolling ? .rolling(duration) : .firstUse(duration)
        }
    }

    /// GTFS's number; without one, from tap to tap.
    func limitType() throws(FeedError) -> DurationLimitType {
        let number = try integer("duration_limit_type", in: 0...3)
        return number.flatMap(DurationLimitType.init(rawValue:)) ?? .departureToDeparture
    }

    /// Each kind of terms has the fields that it needs, and no others.
    func checkTerms(_ record: TransferTermsRecord) throws(FeedError) {
        switch record.terms {
        case .surcharge:
            if record.product == nil { throw failure("fare_product_id", .missingValue) }
        case .discount:
            if record.product == nil, record.reduction == nil {
                throw failure("reduction_percent", .missingValue)
            }
            if record.product != nil, record.reduction != nil {
                throw failure(
                    "reduction_percent", .forbidden("a discount is a product's price or a share"))
            }
        case .free, .difference, .end:
            if record.product != nil {
                throw failure("fare_product_id", .forbidden("only for surcharge and discount"))
            }
        }
        if record.terms != .discount, record.reduction != nil {
            throw failure("reduction_percent", .forbidden("only for discount"))
        }
        if record.terms != .difference, try has("difference_to") {
            throw failure("difference_to", .forbidden("only for difference"))
        }
    }
}
