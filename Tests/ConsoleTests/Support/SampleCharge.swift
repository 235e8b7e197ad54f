import Console
import Store
import TransitModel

/// One charge of one tap in which every text of outside is the same.
struct SampleCharge {
    let readings: FakeReadings
    let address: String

    init(text: String, explanation: String? = nil) {
        var random = SeededGenerator(seed: 7)
        let rider = RiderAccountID(using: &random)
        let charge = ChargeID(using: &random)
        let tap = TapID(
            device: DeviceID("validator-\(text)"), epoch: EpochID(using: &random), sequence: 41)
        let instant = Timestamp(secondsSince1970: 1_795_341_600)
        let amount = Money(minorUnits: 1_500, currency: .uah)
        let date = ServiceDate(daysSince1970: 20_779)
        let service = ServiceContext(
            vehicle: VehicleID(text), route: RouteID(text), trip: TripID(text), stop: StopID(text))
        let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let revision = ChargeRevision(
            revision: 1, amount: amount, fareDay: FareDay(daysSince1970: 20_779),
            serviceDate: date, tariff: TariffID("city \(text)"), tariffVersion: "v7",
            explanation: explanation ?? """
                {"legs": [{"tap": "\(quoted)", "amount_minor": 1500, "fare_product_id": "single",
                  "fare_product_name": "\(quoted)", "rules": [{"rule": "fare_leg_rule",
                  "code": "\(quoted)", "detail": {"x": 1.5}, "amount_minor": 1500}]}]}
                """,
            chargedAt: instant, supersededAt: nil,
            taps: [
                ChargedTap(tap: tap, leg: 1, amount: amount, tappedAt: instant, service: service)
            ])
        var readings = FakeReadings()
        readings.summaries = [
            ChargeSummary(
                rider: rider, charge: charge, revision: 1, amount: amount, serviceDate: date,
                chargedAt: instant, tappedAt: instant, route: service.route,
                vehicle: service.vehicle, taps: 1)
        ]
        readings.day = TodayReading(
            date: date, acceptedTaps: 1, refusals: [.init(refusal: 2, count: 3)], charges: 1,
            revenue: amount, unpricedTaps: 1, latestCharges: readings.summaries)
        readings.charge = ChargeReading(
            rider: rider, charge: charge, revisions: [revision],
            entries: [
                ChargeEntry(
                    revision: 1, kind: "charge", amount: amount, postedAt: instant,
                    journalEntry: nil)
            ])
        readings.unpriced = [
            UnpricedTap(
                tap: tap, cause: text, detail: text, noticedAt: instant, tappedAt: instant,
                service: service)
        ]
        readings.refused = [
            RefusalReading(
                tap: tap, refusal: 2, tappedAt: instant, vehicle: service.vehicle,
                route: service.route)
        ]
        self.readings = readings
        address = "/console/charges/\(rider)/\(charge)"
    }
}
