import TariffDesk
import Testing
import Wording

@Suite("What a new tariff changes")
struct TariffChangesTests {
    private let header =
        "fare_product_id,fare_product_name,rider_category_id,fare_media_id,amount,currency"

    @Test("Nothing")
    func nothing() throws {
        #expect(
            try TestTariff().changes(to: TestTariff())
                == "# What changes: A → B\n\n- Nothing changes for riders\n")
        #expect(
            try TestTariff().changes(to: TestTariff(), .ukrainian)
                .contains("Для пасажирів нічого не змінюється"))
    }

    @Test("Prices up, prices down, and tickets that come and go")
    func prices() throws {
        let new = TestTariff().with(
            "fare_products", header, "single,Single,adult,card,18.00,UAH",
            "single,Single,adult,bank,18.00,UAH", "single,Single,pupil,card,5.00,UAH",
            "day,Day ticket,,,50.00,UAH")
        let changes = try TestTariff().changes(to: new)
        #expect(
            changes.contains(
                """
                ## Dearer

                - Single, Adult (bank card or city card): UAH 15.00 → UAH 18.00 (+20%)

                ## Cheaper

                - Single, Pupil (city card): UAH 7.50 → UAH 5.00 (−33.3%)

                ## Tickets

                - No longer: “Single” — Student: UAH 7.50 (city card)
                - New: “Day ticket” — UAH 50.00
                """), "\(changes)")
        #expect(
            try TestTariff().changes(to: new, .ukrainian)
                .contains("## Дорожчає\n\n- Разовий квиток, Дорослий"))
    }

    @Test("A rule that changes names its field in words")
    func rules() throws {
        let header = "cap_id,cap_name,leg_set_id,window,amount,currency"
        let old = TestTariff().with(
            "fare_caps", header, "day,Day cap,buses,day,40.00,UAH", "w,Week cap,,week,200.00,UAH")
        let new = TestTariff().with(
            "fare_caps", header, "day,Day cap,,day,45.00,UAH", "m,,,month,700.00,UAH")
        let changes = try old.changes(to: new)
        for line in [
            "Cap: “Day cap” — amount: UAH 40.00 → UAH 45.00",
            "Cap: “Day cap” — valid for: “City buses” → any ride",
            "New: Cap: No more than UAH 700.00 a calendar month",
            "No longer: Cap: “Week cap”: no more than UAH 200.00 a calendar week",
        ] {
            #expect(changes.contains("- \(line)\n"), "\(changes)")
        }
        #expect(
            try old.changes(to: new, .ukrainian)
                .contains("Ліміт: «Day cap» — сума: 40,00 ₴ → 45,00 ₴"))
    }

    @Test("A ride that goes by another ticket, and a route that joins a network")
    func places() throws {
        let old = TestTariff().adding("fare_products", "far,Far,,,30.00,UAH")
        let new =
            old
            .with("fare_leg_rules", "leg_group_id,network_id,fare_product_id", "ride,city,far")
            .adding("routes", "r9,town,9,3").adding("route_networks", "city,r9")
        let changes = try old.changes(to: new)
        #expect(changes.contains("- Network “City”: “Far” instead of “Single”\n"), "\(changes)")
        #expect(changes.contains("- Network: “City” — routes, added: 9\n"), "\(changes)")
    }

    @Test("Equal names do not hide that a rule is about something else")
    func equalNames() throws {
        let sets = "leg_set_id,leg_set_name,route_type,agency_id"
        let old = TestTariff().with("leg_sets", sets, "a,Buses,3,", "b,Buses,3,town")
            .with("fare_caps", "cap_id,leg_set_id,window,amount,currency", "c,a,day,45.00,UAH")
        let new =
            old
            .with("fare_caps", "cap_id,leg_set_id,window,amount,currency", "c,b,day,45.00,UAH")
        #expect(try old.changes(to: new).contains("valid for: “Buses” → “Buses”"))
    }

    @Test("A ticket by distance comes with its bands, not with the price that they replace")
    func distances() throws {
        let new = TestTariff()
            .adding("fare_products", "km,Kilometres,,,0.00,UAH")
            .with("fare_distances", "fare_product_id", "km")
            .with(
                "fare_distance_bands", "fare_product_id,amount,currency,amount_per_km",
                "km,8.00,UAH,1.00")
        let changes = try TestTariff().changes(to: new)
        #expect(changes.contains("- New: “Kilometres”\n"), "\(changes)")
        #expect(
            changes.contains(
                "- New: Fare by distance: “Kilometres”, by the distance travelled, for each ride: "
                    + "any distance UAH 8.00, plus UAH 1.00 per further kilometre, in proportion\n"),
            "\(changes)")
    }

    @Test("A price of another name")
    func names() throws {
        let new = TestTariff().with(
            "fare_products", header, "single,Single,adult,card,15.00,UAH",
            "single,Single,adult,bank,15.00,UAH", "single,School ticket,pupil,card,7.50,UAH",
            "single,Single,student,card,7.50,UAH")
        #expect(
            try TestTariff().changes(to: new)
                .contains("- Ticket — name: “Single” → “School ticket”\n"))
    }

    @Test("Dates and the rest of the tariff's own record come last")
    func dates() throws {
        let header = "tariff_id,tariff_version,effective_from"
        let old = TestTariff().with("tariff", header, "t,1,20260101")
        let new = TestTariff().with("tariff", header, "t,2,20270101")
        let changes = try old.changes(to: new)
        #expect(
            changes.hasSuffix(
                """
                ## The tariff itself

                - Tariff — in force from: 1 January 2026 → 1 January 2027
                - Tariff — version: 1 → 2

                """), "\(changes)")
    }
}
