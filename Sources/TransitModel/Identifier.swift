/// A textual identifier that cannot be mistaken for one of another kind.
///
/// The raw value is what the feed, the certificate or the database holds; two identifiers are
/// equal when their bytes are. Nothing is trimmed or folded.
package struct Identifier<Kind>: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let rawValue: String

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: ExpressibleByUnicodeScalarLiteral, ExpressibleByStringLiteral,
    ExpressibleByExtendedGraphemeClusterLiteral
{
    package init(stringLiteral value: String) { self.init(value) }
}

package enum SchemeKind {}
package enum DeviceKind {}
package enum VehicleKind {}
package enum AgencyKind {}
package enum NetworkKind {}
package enum RouteKind {}
package enum TripKind {}
package enum StopKind {}
package enum AreaKind {}
package enum FareProductKind {}
package enum FareMediaKind {}
package enum RiderCategoryKind {}
package enum TariffKind {}

/// A fare collection scheme: one community, one set of keys, one database.
package typealias SchemeID = Identifier<SchemeKind>
/// Any managed machine; a validator is one.
package typealias DeviceID = Identifier<DeviceKind>
package typealias VehicleID = Identifier<VehicleKind>
package typealias AgencyID = Identifier<AgencyKind>
package typealias NetworkID = Identifier<NetworkKind>
package typealias RouteID = Identifier<RouteKind>
package typealias TripID = Identifier<TripKind>
package typealias StopID = Identifier<StopKind>
package typealias AreaID = Identifier<AreaKind>
package typealias FareProductID = Identifier<FareProductKind>
package typealias FareMediaID = Identifier<FareMediaKind>
package typealias RiderCategoryID = Identifier<RiderCategoryKind>
/// Names one published tariff; together with its version it fixes every price.
package typealias TariffID = Identifier<TariffKind>
