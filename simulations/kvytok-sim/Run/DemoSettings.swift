import CityLife
import Foundation
import LocalStack

/// What one demonstration is asked to show.
struct DemoSettings: Sendable {
    struct Ports: Sendable {
        var console: UInt16
        var display: UInt16
        var gateway: UInt16

        func display(of vehicle: Int) -> UInt16 {
            display == 0 ? 0 : display + UInt16(vehicle) - 1
        }
    }

    var share: String
    /// A folder or zip of any city; without it one is made up from ``seed``.
    var feed: String?
    var seed: UInt64
    /// How many times as fast as the clock the city lives.
    var speed: Int
    /// What the city's clock shows first; without it the time on the wall.
    var moment: CityMoment?
    /// At most so many vehicles; all of the city's when absent.
    var vehicleLimit: Int?
    /// Vehicles drive, and nobody taps.
    var isQuiet: Bool
    var ports: Ports
}
