/// A place on the earth, in degrees of WGS 84.
package struct GeoPoint: Hashable, Sendable {
    package var latitude: Double
    package var longitude: Double

    package init(latitude: Double, longitude: Double) {
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Whether both numbers are finite and within the globe's bounds; a receiver without a fix,
    /// or a column that slipped, may give anything.
    package var isOnEarth: Bool {
        (-90...90).contains(latitude) && (-180...180).contains(longitude)
    }

    /// The distance in metres.
    ///
    /// Measured on the plane that touches the ellipsoid halfway between the points: within a
    /// thousandth of the truth up to some 300 km, which is what vehicles of a town need.
    package func distanceMetres(to other: GeoPoint) -> Double {
        let middle = GeoPoint(latitude: (latitude + other.latitude) / 2, longitude: longitude)
        let (east, north) = LocalPlane(around: middle).offset(from: self, to: other)
        return (east * east + north * north).squareRoot()
    }

    /// The direction of `other` in degrees clockwise from north, from 0 up to but not including
    /// 360; 0 when both are one place.
    package func bearing(to other: GeoPoint) -> Double {
        let middle = GeoPoint(latitude: (latitude + other.latitude) / 2, longitude: longitude)
        let (east, north) = LocalPlane(around: middle).offset(from: self, to: other)
        let degrees = Trigonometry.arcTangent(y: east, x: north) * 180 / .pi
        let turned = degrees < 0 ? degrees + 360 : degrees
        return turned < 360 ? turned : 0
    }

    /// The point at a fraction of the straight way to `other`: 0 is here, 1 is there.
    package func interpolated(to other: GeoPoint, fraction: Double) -> GeoPoint {
        GeoPoint(
            latitude: latitude + (other.latitude - latitude) * fraction,
            longitude: longitude + (other.longitude - longitude) * fraction)
    }

    /// The point so many metres to the east and to the north of this one.
    package func moved(eastMetres: Double, northMetres: Double) -> GeoPoint {
        LocalPlane(around: self).point(east: eastMetres, north: northMetres)
    }
}

/// A flat map of a small part of the earth: metres east and north of a point.
///
/// Everything that compares many places with each other (stops with a street, vehicles with
/// their route) does so here, by plain geometry, instead of on the globe pair by pair. Good to a
/// thousandth within some 100 km of the point around which it lies.
package struct LocalPlane: Hashable, Sendable {
    package let centre: GeoPoint
    package let metresPerLatitude: Double
    package let metresPerLongitude: Double

    /// A degree's length on the ellipsoid of WGS 84, by the usual series in the latitude's
    /// multiples.
    package init(around centre: GeoPoint) {
        self.centre = centre
        let cosine = Trigonometry.cosine(degrees: centre.latitude)
        let cosine2 = 2 * cosine * cosine - 1
        let cosine3 = 2 * cosine * cosine2 - cosine
        let cosine4 = 2 * cosine * cosine3 - cosine2
        let cosine5 = 2 * cosine * cosine4 - cosine3
        metresPerLatitude = 111_132.09 - 566.05 * cosine2 + 1.20 * cosine4
        metresPerLongitude = 111_415.13 * cosine - 94.55 * cosine3 + 0.12 * cosine5
    }

    /// Metres east and north of the centre.
    package func position(of point: GeoPoint) -> (east: Double, north: Double) {
        offset(from: centre, to: point)
    }

    package func offset(
        from start: GeoPoint, to end: GeoPoint
    ) -> (east: Double, north: Double) {
        (
            (end.longitude - start.longitude) * metresPerLongitude,
            (end.latitude - start.latitude) * metresPerLatitude
        )
    }

    /// The place that lies so many metres east and north of the centre.
    package func point(east: Double, north: Double) -> GeoPoint {
        GeoPoint(
            latitude: centre.latitude + north / metresPerLatitude,
            longitude: centre.longitude + (metresPerLongitude == 0 ? 0 : east / metresPerLongitude))
    }
}

/// The two functions of angles that places need; the core links no C library.
package enum Trigonometry {
    /// The cosine of an angle within ±270°, to twelve decimal places.
    package static func cosine(degrees: Double) -> Double {
        let magnitude = degrees.magnitude
        // Beyond a right angle the series would converge slowly: cos(180° - x) = -cos x.
        let isObtuse = magnitude > 90
        let x = (isObtuse ? 180 - magnitude : magnitude) * .pi / 180
        let square = x * x
        var term = 1.0
        var sum = 1.0
        for step in stride(from: 2.0, through: 20, by: 2) {
            term *= -square / (step * (step - 1))
            sum += term
        }
        return isObtuse ? -sum : sum
    }

    package static func sine(degrees: Double) -> Double { cosine(degrees: 90 - degrees) }

    /// The angle in radians, above -π and up to π, of the direction that goes `x` along the first
    /// axis and `y` along the second; 0 when both are 0.
    package static func arcTangent(y: Double, x: Double) -> Double {
        if x == 0, y == 0 { return 0 }
        if x == 0 { return y > 0 ? .pi / 2 : -.pi / 2 }
        let angle = arcTangent(y / x)
        if x > 0 { return angle }
        return y >= 0 ? angle + .pi : angle - .pi
    }

    /// Halves the angle twice, which brings every argument into the series' quick range.
    private static func arcTangent(_ value: Double) -> Double {
        if value.magnitude > 1 {
            return (value > 0 ? .pi / 2 : -.pi / 2) - arcTangent(1 / value)
        }
        let half = value / (1 + (1 + value * value).squareRoot())
        let quarter = half / (1 + (1 + half * half).squareRoot())
        let square = quarter * quarter
        var power = quarter
        var sum = quarter
        for step in stride(from: 3.0, through: 21, by: 2) {
            power *= -square
            sum += power / step
        }
        return 4 * sum
    }
}
