import PostgresClient
import TransitModel

/// Columns that the readings have in common.
extension PostgresRow {
    func tapID() throws(PostgresFailure) -> TapID {
        TapID(
            device: try decode("device_id"), epoch: try decode("epoch_id"),
            sequence: try decode("sequence"))
    }

    /// - Returns: `nil` when the tap itself is missing (an outer join found none).
    func serviceContext() throws(PostgresFailure) -> ServiceContext? {
        guard let vehicle: VehicleID = try decodeIfPresent("vehicle_id") else { return nil }
        return ServiceContext(
            vehicle: vehicle, route: try decodeIfPresent("route_id"),
            trip: try decodeIfPresent("trip_id"), stop: try decodeIfPresent("stop_id"),
            direction: try decodeIfPresent("direction", as: Int16.self)
                .flatMap { UInt8(exactly: $0) }.flatMap(Direction.init))
    }

    /// An amount whose currency stands in the column `currency`.
    func money(_ column: String) throws -> Money {
        let code: String = try decode("currency")
        guard let currency = Currency(code: code) else { throw UnknownCurrency(code: code) }
        return Money(minorUnits: try decode(column), currency: currency)
    }
}

/// A stored currency code that is none.
package struct UnknownCurrency: Error, CustomStringConvertible {
    package let code: String

    package var description: String { "the database holds an unknown currency: \(code)" }
}
