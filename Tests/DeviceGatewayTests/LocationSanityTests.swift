import DeviceProtocol
import Testing
import TransitModel

@testable import DeviceGateway

@Suite("Location sanity")
struct LocationSanityTests {
    private let now = TestOffice.noon
    private let sanity = LocationSanity()
    private static let square = GeoPoint(latitude: 50.45, longitude: 30.52)

    private func location(
        _ seconds: Int, eastMetres: Double = 0, source: VehicleLocation.Source = .gnss
    ) -> VehicleLocation {
        VehicleLocation(
            recordedAt: now.advanced(by: .seconds(seconds)),
            point: Self.square.moved(eastMetres: eastMetres, northMetres: 0), source: source)
    }

    private func judge(
        _ location: VehicleLocation, _ memory: inout LocationSanity.Memory
    ) -> LocationSanity.Flaw? {
        sanity.judge(location, receivedAt: max(now, location.recordedAt), &memory)
    }

    @Test("The future, the distant past and the Gulf of Guinea are not believed")
    func bounds() {
        var memory = LocationSanity.Memory()
        #expect(sanity.judge(location(31), receivedAt: now, &memory) == .future)
        #expect(sanity.judge(location(-901), receivedAt: now, &memory) == .late)
        var lost = location(0)
        lost.point = GeoPoint(latitude: 0, longitude: 0.0004)
        #expect(sanity.judge(lost, receivedAt: now, &memory) == .nowhere)
        #expect(memory.believed == nil)
        #expect(sanity.judge(location(30), receivedAt: now, &memory) == nil)
    }

    @Test("Only what is newer counts")
    func order() {
        var memory = LocationSanity.Memory()
        #expect(judge(location(0), &memory) == nil)
        #expect(judge(location(0), &memory) == .notNewer)
        #expect(judge(location(-5), &memory) == .notNewer)
        #expect(judge(location(1), &memory) == nil)
    }

    @Test("A spoofed leap is set aside, and the true way goes on")
    func spoofed() {
        var memory = LocationSanity.Memory()
        #expect(judge(location(0), &memory) == nil)
        #expect(judge(location(1, eastMetres: 40_000), &memory) == .leap)
        #expect(judge(location(2, eastMetres: 20), &memory) == nil)
        #expect(judge(location(3, eastMetres: 40_000), &memory) == .leap)
    }

    @Test("A leap that is confirmed was the truth")
    func confirmed() {
        var memory = LocationSanity.Memory()
        #expect(judge(location(0), &memory) == nil)
        #expect(judge(location(1, eastMetres: 5_000), &memory) == .leap)
        #expect(judge(location(2, eastMetres: 5_015), &memory) == nil)
        #expect(judge(location(3, eastMetres: 5_030), &memory) == nil)
    }

    @Test("A simulated city may live faster than vehicles drive")
    func simulated() {
        var memory = LocationSanity.Memory()
        #expect(judge(location(0, source: .simulated), &memory) == nil)
        #expect(judge(location(1, eastMetres: 900, source: .simulated), &memory) == nil)
    }
}
