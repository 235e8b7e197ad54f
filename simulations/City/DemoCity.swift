/// An invented city: its feed, its vehicles and the people who ride them.
///
/// Everything follows from the seed, byte for byte and on every machine. No such city exists;
/// streets, names and people are made up.
package struct DemoCity: Sendable {
    /// A name as riders read it.
    package struct Name: Hashable, Sendable {
        package let ukrainian: String
        package let english: String

        package init(ukrainian: String, english: String) {
            self.ukrainian = ukrainian
            self.english = english
        }
    }

    package let seed: UInt64
    package let name: Name
    /// The GTFS files by name, `agency.txt` and so on.
    package let feed: [String: [UInt8]]
    /// In the order of fleet numbers.
    package let vehicles: [CityVehicle]
    /// In the order of ids; ``Boarding/rider`` counts in this order.
    package let riders: [Rider]
    /// River, streets, districts and depots for a map to draw below, as GeoJSON.
    package let landscape: [UInt8]
}
