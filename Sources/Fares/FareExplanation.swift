internal import TransitModel

/// The reasons for a charge as one JSON text, as it is stored and opened on the page.
///
/// ```json
/// {"legs":[{"tap":"device/epoch/sequence","amount_minor":1500,"fare_product_id":"single",
///   "fare_product_name":"Разовий квиток","rules":[{"rule":"fare_leg_rule","code":"leg_fare",
///   "detail":{"fare_product_id":"single","leg_group_id":"city"},"amount_minor":1500}]}]}
/// ```
///
/// The fields always come in this order, so that equal reasons are equal texts.
package struct FareExplanation: Hashable, Sendable {
    package let legs: [PricedLeg]

    package init(legs: [PricedLeg]) {
        self.legs = legs
    }

    package var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.array("legs", legs) { writer, leg in
                writer.object { writer in
                    if let tap = leg.leg.boarding { writer.field("tap", tap.description) }
                    writer.field("amount_minor", leg.charge.minorUnits)
                    writer.field("fare_product_id", leg.fareProduct.rawValue)
                    if let name = leg.fareProductName { writer.field("fare_product_name", name) }
                    writer.array("rules", leg.rules) { writer, rule in
                        writer.object { writer in FareExplanation.write(rule, to: &writer) }
                    }
                }
            }
        }
        return writer.text
    }

    private static func write(_ rule: FareRule, to writer: inout JSONWriter) {
        writer.field("rule", rule.kind.rawValue)
        writer.field("code", rule.code.rawValue)
        writer.object("detail") { writer in
            for detail in rule.details {
                switch detail.value {
                case .text(let text): writer.field(detail.name, text)
                case .number(let number): writer.field(detail.name, number)
                }
            }
        }
        writer.field("amount_minor", rule.amount.minorUnits)
    }
}
