import TransitModel

/// The encoding: a format byte, then fields as tag u8 · length u16 · value, with tags in rising
/// order and repeated ones in rising order of their value's identifier. Integers are big-endian.
///
/// | tag | field | value |
/// |---|---|---|
/// | 1 | scheme | UTF-8 |
/// | 2 | time zone | UTF-8 |
/// | 3 | passback window | seconds, u32 |
/// | 4 | default rider category | UTF-8 |
/// | 5 | currency | ISO 4217 code, 3 letters · minor unit digits u8 |
/// | 6 | displayed fare, repeated | minor units i64 · category UTF-8 |
/// | 7 | issuer key, repeated | number u32 · public key 32 |
/// | 128 | fares of a route, repeated | length u8 · route UTF-8, then by category: minor units i64 · length u8 · category UTF-8 |
///
/// A device skips tags from 128 on that it does not know, and refuses lower ones: whoever adds
/// a field chooses whether old devices may ignore it.
extension SchemeConfiguration {
    private enum Tag: UInt8 {
        case scheme = 1
        case timeZone = 2
        case passbackWindow = 3
        case defaultRiderCategory = 4
        case currency = 5
        case displayedFare = 6
        case issuerKey = 7
        /// A device that skips it shows the general fare, which is never too low.
        case routeFares = 128

        var repeats: Bool {
            switch self {
            case .displayedFare, .issuerKey, .routeFares: true
            case .scheme, .timeZone, .passbackWindow, .defaultRiderCategory, .currency: false
            }
        }
    }

    private static let format: UInt8 = 1
    private static let firstSkippableTag: UInt8 = 128

    package func payload() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.format)
        func field(_ tag: Tag, _ value: [UInt8]) {
            writer.write(tag.rawValue)
            writer.write(UInt16(value.count))
            writer.write(value)
        }
        field(.scheme, Array(scheme.rawValue.utf8))
        field(.timeZone, Array(timeZoneName.utf8))
        field(.passbackWindow, bytes { $0.write(passbackWindowSeconds) })
        field(.defaultRiderCategory, Array(defaultRiderCategory.rawValue.utf8))
        field(
            .currency,
            bytes {
                $0.write(currency.code.utf8)
                $0.write(UInt8(currency.minorUnitDigits))
            })
        for (category, minorUnits) in displayedFares.sorted(by: { $0.key < $1.key }) {
            field(
                .displayedFare,
                bytes {
                    $0.write(minorUnits)
                    $0.write(category.rawValue.utf8)
                })
        }
        for (number, key) in issuerKeys.sorted(by: { $0.key < $1.key }) {
            field(
                .issuerKey,
                bytes {
                    $0.write(number.number)
                    $0.write(key)
                })
        }
        for (route, fares) in routeFares.sorted(by: { $0.key < $1.key }) {
            field(
                .routeFares,
                bytes {
                    $0.writeShortText(route.rawValue)
                    for (category, minorUnits) in fares.sorted(by: { $0.key < $1.key }) {
                        $0.write(minorUnits)
                        $0.writeShortText(category.rawValue)
                    }
                })
        }
        return writer.bytes
    }

    /// - Throws: ``DocumentRefusal/unusablePayload(_:)`` naming the first bad field.
    package init(payload: [UInt8]) throws(DocumentRefusal) {
        var fields = Fields()
        var reader = ByteReader(payload)
        guard reader.read(UInt8.self) == Self.format else {
            throw .unusablePayload("configuration format")
        }
        var lastTag: UInt8 = 0
        while !reader.isAtEnd {
            guard let number = reader.read(UInt8.self), let length = reader.read(UInt16.self),
                let value = reader.read(Int(length))
            else { throw .unusablePayload("configuration field length") }
            let tag = Tag(rawValue: number)
            guard number > lastTag || number == lastTag && tag?.repeats != false else {
                throw .unusablePayload("configuration field order")
            }
            lastTag = number
            guard let tag else {
                if number >= Self.firstSkippableTag { continue }
                throw .unusablePayload("configuration field \(number)")
            }
            guard fields.take(tag, value) else {
                throw .unusablePayload("configuration field \(number)")
            }
        }
        guard let configuration = fields.configuration() else {
            throw .unusablePayload("configuration incomplete")
        }
        self = configuration
    }

    private func bytes(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter()
        write(&writer)
        return writer.bytes
    }

    /// The fields read so far.
    private struct Fields {
        private var scheme: SchemeID?
        private var timeZoneName: String?
        private var passbackWindowSeconds: UInt32?
        private var defaultRiderCategory: RiderCategoryID?
        private var currency: Currency?
        private var fares: [(category: RiderCategoryID, minorUnits: Int64)] = []
        private var issuerKeys: [(number: IssuerKeyID, key: [UInt8])] = []
        private var routes: [(route: RouteID, fares: [RiderCategoryID: Int64])] = []

        /// - Returns: Whether the value is well formed and in its place.
        mutating func take(_ tag: Tag, _ value: [UInt8]) -> Bool {
            var reader = ByteReader(value)
            switch tag {
            case .scheme:
                scheme = reader.readText(value.count).map { SchemeID($0) }
                return scheme != nil
            case .timeZone:
                timeZoneName = reader.readText(value.count)
                return timeZoneName != nil
            case .passbackWindow:
                passbackWindowSeconds = reader.read(UInt32.self)
                return passbackWindowSeconds != nil && reader.isAtEnd
            case .defaultRiderCategory:
                defaultRiderCategory = reader.readText(value.count).map { RiderCategoryID($0) }
                return defaultRiderCategory != nil
            case .currency:
                guard let code = reader.readText(3), let digits = reader.read(UInt8.self) else {
                    return false
                }
                currency = Currency(code: code, minorUnitDigits: Int(digits))
                return currency != nil && reader.isAtEnd
            case .displayedFare:
                guard let minorUnits = reader.read(Int64.self),
                    let category = reader.readText(reader.remaining).map({ RiderCategoryID($0) })
                else { return false }
                if let last = fares.last, category <= last.category { return false }
                fares.append((category, minorUnits))
                return true
            case .issuerKey:
                guard let number = reader.read(UInt32.self).map({ IssuerKeyID($0) }),
                    let key = reader.read(32),
                    reader.isAtEnd
                else { return false }
                if let last = issuerKeys.last, number <= last.number { return false }
                issuerKeys.append((number, key))
                return true
            case .routeFares:
                return takeRoute(&reader)
            }
        }

        private mutating func takeRoute(_ reader: inout ByteReader) -> Bool {
            guard let route = reader.readShortText().map({ RouteID($0) }) else { return false }
            if let last = routes.last, route <= last.route { return false }
            var fares: [RiderCategoryID: Int64] = [:]
            var lastCategory: RiderCategoryID?
            while !reader.isAtEnd {
                guard let minorUnits = reader.read(Int64.self),
                    let category = reader.readShortText().map({ RiderCategoryID($0) })
                else { return false }
                if let lastCategory, category <= lastCategory { return false }
                lastCategory = category
                fares[category] = minorUnits
            }
            routes.append((route, fares))
            return true
        }

        func configuration() -> SchemeConfiguration? {
            guard let scheme, let timeZoneName, let passbackWindowSeconds,
                let defaultRiderCategory, let currency
            else { return nil }
            // Unique since their identifiers strictly rise.
            return SchemeConfiguration(
                scheme: scheme, timeZoneName: timeZoneName,
                passbackWindowSeconds: passbackWindowSeconds,
                defaultRiderCategory: defaultRiderCategory, currency: currency,
                displayedFares: Dictionary(uniqueKeysWithValues: fares.map { ($0, $1) }),
                routeFares: Dictionary(uniqueKeysWithValues: routes.map { ($0, $1) }),
                issuerKeys: Dictionary(uniqueKeysWithValues: issuerKeys.map { ($0, $1) }))
        }
    }
}

extension ByteWriter {
    /// A text of at most 255 bytes behind its length.
    fileprivate mutating func writeShortText(_ text: String) {
        let bytes = Array(text.utf8)
        write(UInt8(bytes.count))
        write(bytes)
    }
}

extension ByteReader {
    fileprivate mutating func readShortText() -> String? {
        read(UInt8.self).flatMap { readText(Int($0)) }
    }
}
