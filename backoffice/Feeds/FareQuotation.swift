import Fares
import TransitModel

/// The answer of `fares price` to one journey history, as a line of JSON.
package enum FareQuotation {
    /// Prices a history; a refusal is an answer too.
    ///
    /// A tariff that declares no order is priced as a quotation: the lowest legal total of the
    /// whole history.
    package static func answer(_ history: JourneyHistory, under engine: FareEngine) -> String {
        do throws(FareRefusal) {
            let priced =
                switch engine.tariff.pricing {
                case .lowest: try engine.quote(history.legs)
                case .inOrder: try engine.price(history.legs)
                }
            return line(
                history.id, priced,
                shares: try engine.operatorShares(of: priced, riders: history.legs.map(\.rider)))
        } catch {
            return line(history.id, error)
        }
    }

    private static func line(
        _ id: String, _ priced: PricedHistory, shares: [OperatorShare]
    ) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("id", id)
            writer.field("currency", priced.total.currency.code)
            writer.field("total", priced.total.decimal)
            writer.array("legs", priced.legs) { writer, leg in
                writer.object { writer in
                    writer.field("charge", leg.charge.decimal)
                    writer.field("fare_product_id", leg.fareProduct.rawValue)
                    writer.array("rules", leg.rules) { writer, rule in
                        writer.object { writer in write(rule, to: &writer) }
                    }
                }
            }
            guard !shares.isEmpty else { return }
            writer.array("operator_shares", shares) { writer, share in
                writer.object { writer in
                    if let agency = share.agency {
                        writer.field("agency_id", agency.rawValue)
                    }
                    writer.field("amount", share.amount.decimal)
                }
            }
        }
        return writer.text
    }

    private static func write(_ rule: FareRule, to writer: inout JSONWriter) {
        writer.field("rule", rule.kind.rawValue)
        writer.field("code", rule.code.rawValue)
        writer.field("amount", rule.amount.decimal)
        writer.object("detail") { writer in
            for detail in rule.details {
                switch detail.value {
                case .text(let text): writer.field(detail.name, text)
                case .number(let number): writer.field(detail.name, number)
                }
            }
        }
    }

    private static func line(_ id: String, _ refusal: FareRefusal) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("id", id)
            writer.object("error") { writer in
                writer.field("code", refusal.code)
                writer.field("message", refusal.message)
            }
        }
        return writer.text
    }
}
