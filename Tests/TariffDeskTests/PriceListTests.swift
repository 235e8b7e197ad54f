import TariffDesk
import Testing
import TransitModel
import Wording

@Suite("The price list")
struct PriceListTests {
    @Test("Concessions stand below the full fare, equal prices are told once")
    func prices() throws {
        let tariff = TestTariff()
        #expect(
            try tariff.list().contains(
                """
                - **Single**
                  - Adult: UAH 15.00 (bank card or city card)
                  - Pupil, Student: UAH 7.50 (city card)
                  - Valid: network “City”
                """))
        #expect(try tariff.list(.ukrainian).contains("- **Разовий квиток**\n  - Дорослий: 15,00 ₴"))
        #expect(try tariff.list(.ukrainian).contains("Діє: мережа «Місто»"))
        #expect(try tariff.list().contains("- City: routes 1–3"))
    }

    @Test("Name, version, dates, and what is not the default")
    func preface() throws {
        let tariff = TestTariff().with(
            "tariff",
            "tariff_id,tariff_version,tariff_name,effective_from,effective_until,pricing,"
                + "fare_day_start,week_start,rounding,rounding_unit,currency",
            "t,2027-1,Town fares,20270101,20271231,in_order,04:00:00,7,down,0.50,UAH")
        let list = try tariff.list()
        for line in [
            "# Fares: Town fares\n", "- Version 2027-1\n",
            "- In force from 1 January 2027 until 31 December 2027, that day included\n",
            "- Each ride is priced when it is tapped, without looking ahead\n",
            "- A fare day begins at 04:00\n", "- First day of the week: Sunday\n",
            "- Amounts are rounded down to a multiple of UAH 0.50\n",
        ] {
            #expect(list.contains(line), "\(line)")
        }
        let ukrainian = try tariff.list(.ukrainian)
        #expect(ukrainian.contains("Діє з 1 січня 2027 до 31 грудня 2027 включно"))
        #expect(ukrainian.contains("Перший день тижня: неділя"))
        #expect(try !TestTariff().list().contains("week"))
    }

    @Test(
        "Transfers of the standard",
        arguments: [
            (
                "ride,ride,-1,3600,1,0,",
                "“Single”: the next ride is free, within 60 minutes of the first boarding, any "
                    + "number of transfers",
                "«Разовий квиток»: наступна поїздка безоплатна, протягом 60 хвилин від першої "
                    + "посадки, кількість пересадок не обмежена"
            ),
            (
                "ride,ride,2,7200,0,1,add",
                "“Single”: both rides are paid, plus UAH 3.00 (“Change”), within 2 hours, from the "
                    + "first boarding to the last alighting, at most 2 transfers",
                "протягом 2 годин від першої посадки до останньої висадки, не більше 2 пересадок"
            ),
        ])
    func standardTransfers(rule: String, english: String, ukrainian: String) throws {
        let tariff = TestTariff()
            .adding("fare_products", "add,Change,,,3.00,UAH")
            .with(
                "fare_transfer_rules",
                "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,"
                    + "duration_limit_type,fare_transfer_type,fare_product_id", rule)
        #expect(try tariff.list().contains("- \(english)\n"))
        #expect(try tariff.list(.ukrainian).contains(ukrainian))
    }

    /// A table of the extension, and its sentence in both languages.
    @Test(
        "Rules beyond the standard",
        arguments: [
            (
                "fare_caps", "cap_id,leg_set_id,window,amount,currency", "c,buses,day,45.00,UAH",
                "No more than UAH 45.00 a day on “City buses”",
                "Не більше 45,00 ₴ на день — «Міські автобуси»"
            ),
            (
                "ride_discounts",
                "ride_discount_id,window,after_rides,reduction_percent", "d,week,10,100",
                "After 10 rides in a calendar week each further ride is free",
                "Після 10 поїздок за календарний тиждень кожна наступна поїздка безоплатна"
            ),
            (
                "ride_discounts",
                "ride_discount_id,rider_category_id,window,after_rides,reduced_rides,"
                    + "reduction_percent", "d,pupil,month,1,3,12.5",
                "After 1 ride in a calendar month the next 3 rides cost 12.5% less, then counting "
                    + "begins anew — Pupil",
                "Після 1 поїздки за календарний місяць наступні 3 поїздки дешевші на 12,5 %, потім "
                    + "відлік починається наново — Pupil"
            ),
            (
                "fare_limits", "leg_set_id,scope,min_amount,max_amount,currency",
                "buses,journey,5.00,60.00,UAH",
                "A journey: at least UAH 5.00, no more than UAH 60.00 on “City buses”",
                "Подорож: не менше 5,00 ₴, не більше 60,00 ₴ — «Міські автобуси»"
            ),
            (
                "group_fares", "min_riders,max_riders,reduction_percent,free_riders", "5,,20,1",
                "5 or more riders on one medium: 1 of them rides free, each pays 20% less",
                "Пасажирів на одному носії: 5 і більше: 1 з них їде безоплатно, кожен платить на "
                    + "20 % менше"
            ),
            (
                "fare_journeys", "gap_limit,duration_limit,leg_limit,ends_on_same_route",
                "1800,7200,4,1",
                "Rides are one journey: at most 30 minutes from alighting to the next boarding, "
                    + "the last boarding within 2 hours of the first, at most 4 rides, boarding "
                    + "the route just left begins a new journey",
                "остання посадка протягом 2 годин від першої, не більше 4 поїздок"
            ),
            (
                "transfer_terms",
                "from_leg_set_id,to_leg_set_id,terms,transfer_count,duration_limit",
                "buses,,difference,1,5400",
                "“City buses” → any ride: only what the next ride costs more than the dearest "
                    + "before is charged, within 90 minutes of the first boarding, at most 1 "
                    + "transfer",
                "протягом 90 хвилин від першої посадки, не більше 1 пересадки"
            ),
            (
                "incomplete_legs", "leg_set_id,fare_product_id,counts_towards_caps",
                "buses,single,0",
                "“City buses”: “Single” is charged, it does not count towards caps",
                "«Міські автобуси»: стягується «Разовий квиток», до лімітів не зараховується"
            ),
            (
                "operator_shares", "leg_set_id,agency_id,weight", "buses,town,3",
                "“City buses”: Town 100%", "«Міські автобуси»: Town 100 %"
            ),
        ])
    func extended(
        table: String, header: String, row: String, english: String, ukrainian: String
    ) throws {
        let tariff = TestTariff().with(table, header, row)
        let list = try tariff.list()
        #expect(list.contains("- \(english)\n"), "\(list)")
        #expect(try tariff.list(.ukrainian).contains(ukrainian))
        #expect(list.contains("- “City buses”: bus\n"))
    }

    @Test("A pass: price, sale, validity, rides and where")
    func passes() throws {
        let tariff = TestTariff()
            .adding("fare_products", "month,Month pass,adult,card,600.00,UAH")
            .with(
                "fare_passes", "fare_product_id,leg_set_id,validity,validity_count,ride_limit",
                "month,buses,month,1,62")
        #expect(
            try tariff.list().contains(
                """
                ## Passes and tickets

                - **Month pass** — Adult: UAH 600.00 (city card)
                  - Bought before the ride, valid for 1 calendar month, good for 62 rides
                  - Valid: “City buses”
                """))
        #expect(
            try tariff.list(.ukrainian).contains(
                "Купується до поїздки, діє 1 календарний місяць, на 62 поїздки"))
    }

    @Test("Bands of distance")
    func distances() throws {
        let tariff = TestTariff()
            .with("fare_distances", "fare_product_id", "single")
            .with(
                "fare_distance_bands",
                "fare_product_id,max_distance,amount,currency,step_distance,step_amount",
                "single,5000,10.00,UAH,,", "single,,10.00,UAH,500,0.75")
        #expect(
            try tariff.list().contains(
                "“Single”, by the distance travelled, for each ride: up to 5 km UAH 10.00; over 5 "
                    + "km UAH 10.00, plus UAH 0.75 for each further 500 m begun"))
        #expect(try tariff.list().contains("**Single** — by distance, see below"))
        #expect(
            try tariff.list(.ukrainian).contains(
                "понад 5 км 10,00 ₴, плюс 0,75 ₴ за кожні наступні розпочаті 500 м"))
    }

    @Test("A price for the kilometre may be finer than a kopiyka")
    func fineAmounts() throws {
        let tariff = TestTariff()
            .with("fare_distances", "fare_product_id,distance_type", "single,straight_line")
            .with(
                "fare_distance_bands", "fare_product_id,amount,currency,amount_per_km",
                "single,5.00,UAH,1.255")
        #expect(try tariff.list().contains("plus UAH 1.255 per further kilometre"))
        #expect(try tariff.list(.ukrainian).contains("плюс 1,255 ₴ за кожен наступний кілометр"))
        #expect(try tariff.list(.ukrainian).contains("по прямій між зупинками"))
    }

    @Test("Hours and days")
    func timeframes() throws {
        let tariff = TestTariff()
            .with(
                "calendar",
                "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,"
                    + "end_date", "work,1,1,1,1,1,0,0,20270101,20271231"
            )
            .with("calendar_dates", "service_id,date,exception_type", "work,20270824,2")
            .with(
                "timeframes", "timeframe_group_id,start_time,end_time,service_id",
                "peak,07:00:00,09:00:00,work", "peak,16:00:00,19:00:00,work"
            )
            .with(
                "fare_leg_rules", "network_id,from_timeframe_group_id,fare_product_id",
                "city,peak,single")
        #expect(
            try tariff.list().contains(
                "Valid: network “City”, boarding Monday–Friday (from 1 Jan 2027 to 31 Dec 2027), "
                    + "except 24 Aug 2027 07:00–09:00 and 16:00–19:00"))
        #expect(
            try tariff.list(.ukrainian).contains(
                "посадка: понеділок–п’ятниця (з 01.01.2027 до 31.12.2027), крім 24.08.2027 "
                    + "07:00–09:00 і 16:00–19:00"))
    }

    @Test("A ride that two networks share")
    func joins() throws {
        let tariff = TestTariff().with(
            "fare_leg_join_rules", "from_network_id,to_network_id,from_stop_id,to_stop_id",
            "city,region,A,A")
        #expect(
            try tariff.list().contains(
                "- Network “City” → network “Region”: counts as one ride, changing at stop "
                    + "“Market”"))
        #expect(try tariff.list(.ukrainian).contains("пересадка на зупинці «Market»"))
    }
}

@Suite("Long tables in few words")
struct FoldingTests {
    private func zones(_ count: Int, _ rules: [String]) -> TestTariff {
        TestTariff()
            .with("areas", rows: ["area_id,area_name"] + (1...count).map { "z\($0),Zone \($0)" })
            .with(
                "stop_areas", rows: ["area_id,stop_id"] + (1...count).map { "z\($0),A" }
            )
            .with("fare_leg_rules", rows: ["from_area_id,to_area_id,fare_product_id"] + rules)
    }

    @Test("Zones in a row are a span, and blocks are one line")
    func spans() throws {
        let far = [2, 3, 5, 6, 7, 8, 9].map { "z1,z\($0),single" }
        #expect(try zones(9, far).list().contains("Valid: from zone 1 to zones 2, 3, 5–9"))
        #expect(
            try zones(9, far).list(.ukrainian).contains("Діє: із зони 1 до зон 2, 3, 5–9"))
        let near = ["z1,z1,single", "z2,z2,single", "z3,z3,single"]
        #expect(try zones(3, near).list().contains("Valid: within any one of zones 1–3"))
        let both = ["z1,z2,single", "z2,z1,single"]
        #expect(try zones(2, both).list().contains("Valid: zones 1 ↔ 2, both ways"))
    }

    @Test("A matrix of a hundred thousand rules is a page")
    func matrix() throws {
        let count = 317
        let products = (0..<40).map { "fare\($0),Fare \($0),,,\($0 + 1).00,UAH" }
        let rules = (1...count).flatMap { from in
            (1...count).map { to in "z\(from),z\(to),fare\(abs(from - to) * 40 / count)" }
        }
        let list = try zones(count, rules)
            .with(
                "fare_products",
                rows: [
                    "fare_product_id,fare_product_name,rider_category_id,fare_media_id,amount,"
                        + "currency"
                ] + products
            ).list()
        #expect(rules.count > 100_000)
        #expect(list.split(separator: "\n").count < 300)
        #expect(list.contains("pairs of zones"))
        #expect(list.contains("**Fare 39** — UAH 40.00"))
        #expect(list.contains("… and 287 more"))
    }

    @Test("The order of records changes nothing", arguments: UInt64(1)...8)
    func order(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let tariff = zones(9, (1...8).map { "z\($0),z\($0 + 1),single" })
            .with(
                "fare_caps", "cap_id,leg_set_id,window,amount,currency", "a,buses,day,45.00,UAH",
                "b,,week,200.00,UAH", "c,,month,700.00,UAH"
            )
            .adding("leg_sets", "trains,,2", "trains,,0")
        let shuffled = tariff.shuffled(using: &random)
        #expect(try PriceList(shuffled.voice()).text == PriceList(tariff.voice()).text)
        #expect(try tariff.changes(to: shuffled).contains("Nothing changes for riders"))
    }

    @Test("Groups that share their tickets are told apart by where they lead")
    func sharedTickets() throws {
        let list = try zones(12, [])
            .with(
                "fare_leg_rules", "leg_group_id,from_area_id,to_area_id,fare_product_id",
                "near,z2,z2,single", "far,z10,z12,single"
            )
            .with(
                "fare_transfer_rules",
                "from_leg_group_id,to_leg_group_id,duration_limit,duration_limit_type,"
                    + "fare_transfer_type", "near,far,1800,1,0"
            ).list()
        #expect(
            list.contains(
                "- “Single” (within zone 2) → “Single” (from zone 10 to zone 12): the next ride is "
                    + "free, within 30 minutes of the first boarding\n"), "\(list)")
        #expect(list.contains("- Zone 2: Market\n- Zone 10: Market\n"))
    }

    @Test("No line is wider than 100 columns")
    func width() throws {
        let text = PriceList(try zones(9, ["z1,z2,single"]).voice()).text
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
}
