import Foundation

/// Why a charge has its amount, as the rating stored it.
struct ChargeExplanation: Decodable, Sendable {
    struct Leg: Decodable, Sendable {
        /// `device/epoch/sequence`.
        let tap: String
        let amountMinor: Int64
        let fareProductID: String?
        let fareProductName: String?
        let rules: [Rule]

        enum CodingKeys: String, CodingKey {
            case tap, rules
            case amountMinor = "amount_minor"
            case fareProductID = "fare_product_id"
            case fareProductName = "fare_product_name"
        }
    }

    struct Rule: Decodable, Sendable {
        let code: String
        /// Figures and names that the rule's sentence mentions.
        let detail: [String: Detail]?
        let amountMinor: Int64?

        enum CodingKeys: String, CodingKey {
            case code, detail
            case amountMinor = "amount_minor"
        }
    }

    /// A text or a whole number; anything else is passed over.
    enum Detail: Decodable, Hashable, Sendable {
        case text(String)
        case number(Int64)
        case other

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Int64.self) {
                self = .number(number)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .other
            }
        }
    }

    let legs: [Leg]

    /// - Returns: `nil` for a text that is no explanation; the page then says so and shows the
    ///   rest of the charge.
    init?(json: String) {
        guard let explanation = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
            return nil
        }
        self = explanation
    }
}
