internal import TransitModel

/// The tariff: what a ride costs, whoever rides and whatever they pay with, as Fares v2.
///
/// One ticket for an hour: further rides in the city are free for 60 minutes from the first tap.
/// Electric transport is the city's own and cheaper; the villages cost more.
enum FareTables {
    static let eTicket = "e_ticket"
    static let bankCard = "bank_card"
    static let qrTicket = "qr_ticket"

    static let categories = ["full", "pupil", "pensioner", "companion"]

    private static let networks: [(id: String, name: String, prices: Prices)] = [
        ("electric", "Міський електротранспорт", Prices(card: 1_200, bank: 1_400, pupil: 600)),
        ("bus", "Міські автобуси", Prices(card: 1_500, bank: 1_700, pupil: 750)),
        ("suburban", "Приміські автобуси", Prices(card: 2_600, bank: 2_800, pupil: 1_300)),
    ]

    /// In kopiykas; pensioners and companions of people with disabilities ride free.
    private struct Prices {
        let card: Int
        let bank: Int
        let pupil: Int
    }

    static func network(of order: LineOrder) -> String {
        order.isSuburban ? "suburban" : order.mode == .bus ? "bus" : "electric"
    }

    static func files(_ lines: [Line], website: String) -> [String: CSVText] {
        var media = CSVText("fare_media_id,fare_media_name,fare_media_type")
        media.add(eTicket, "Електронний квиток", "2")
        media.add(bankCard, "Банківська картка", "3")
        media.add(qrTicket, "QR-квиток у застосунку", "4")

        var categories = CSVText(
            "rider_category_id,rider_category_name,is_default_fare_category,eligibility_url")
        categories.add("full", "Повна вартість", "1", "")
        categories.add("pupil", "Учень", "0", "\(website)/pupil")
        categories.add("pensioner", "Пенсіонер", "0", "\(website)/pensioner")
        categories.add(
            "companion", "Супровід особи з інвалідністю", "0", "\(website)/companion")

        var networkTable = CSVText("network_id,network_name")
        var rules = CSVText("leg_group_id,network_id,fare_product_id")
        for network in networks {
            networkTable.add(network.id, network.name)
            let group = network.id == "suburban" ? "suburban_ride" : "city_ride"
            rules.add(group, network.id, "\(network.id)_single")
        }
        var routeNetworks = CSVText("network_id,route_id")
        for line in lines { routeNetworks.add(network(of: line.order), line.id.rawValue) }
        return [
            "fare_media.txt": media, "rider_categories.txt": categories,
            "networks.txt": networkTable, "fare_leg_rules.txt": rules,
            "route_networks.txt": routeNetworks, "fare_products.txt": products(),
            "fare_transfer_rules.txt": transfers(),
        ]
    }

    /// What the products are called, and what in English.
    static let productNames: KeyValuePairs<String, String> = [
        hourTicket: "60-minute ticket", pupilTicket: "60-minute ticket for pupils",
        pensionerRide: "Free travel for pensioners", companionRide: "Free travel for companions",
    ]
    private static let hourTicket = "Квиток на 60 хвилин"
    private static let pupilTicket = "Учнівський квиток на 60 хвилин"
    private static let pensionerRide = "Безоплатний проїзд пенсіонера"
    private static let companionRide = "Безоплатний проїзд супроводу"

    private static func products() -> CSVText {
        var table = CSVText(
            "fare_product_id,fare_product_name,rider_category_id,fare_media_id,amount,currency")
        for network in networks {
            let prices: [(name: String, category: String, medium: String, kopiykas: Int)] = [
                (hourTicket, "full", eTicket, network.prices.card),
                (hourTicket, "full", bankCard, network.prices.bank),
                (hourTicket, "full", qrTicket, network.prices.bank),
                (pupilTicket, "pupil", eTicket, network.prices.pupil),
                (pensionerRide, "pensioner", eTicket, 0),
                (companionRide, "companion", eTicket, 0),
            ]
            for price in prices {
                table.add(
                    "\(network.id)_single", price.name, price.category, price.medium,
                    (Double(price.kopiykas) / 100).text(decimals: 2), "UAH")
            }
        }
        return table
    }

    private static func transfers() -> CSVText {
        var table = CSVText(
            "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,"
                + "duration_limit_type,fare_transfer_type,fare_product_id")
        table.add("city_ride", "city_ride", "-1", "3600", "1", "0", "")
        // Whoever came from a village goes on in the city for nothing, but not the other way.
        table.add("suburban_ride", "city_ride", "", "3600", "1", "0", "")
        return table
    }
}
