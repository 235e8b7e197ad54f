import TransitModel

/// What a scheme tells all its validators: the payload of a ``DocumentRole/configuration``
/// document. Its encoding is in `SchemeConfigurationCodec.swift`.
package struct SchemeConfiguration: Hashable, Sendable {
    package let scheme: SchemeID
    /// The IANA name of the zone whose wall clock passengers read, such as `Europe/Kyiv`.
    package let timeZoneName: String
    /// How long after an accepted tap the same medium is refused on the same trip, in seconds.
    package let passbackWindowSeconds: UInt32
    /// The category of a medium that proves none.
    package let defaultRiderCategory: RiderCategoryID
    package let currency: Currency
    /// What a rider of a category pays at most for one ride, in minor units of ``currency``.
    /// Transfers and caps can only lower it, so that the display never promises too little.
    /// Empty where nothing is priced: displays then show no fare.
    package let displayedFares: [RiderCategoryID: Int64]
    /// The same for rides on routes whose fares are others. A route that is not listed costs at
    /// most what ``displayedFares`` says.
    package let routeFares: [RouteID: [RiderCategoryID: Int64]]
    /// Ed25519 public keys of the issuers whose e-tickets are taken, by their number.
    package let issuerKeys: [IssuerKeyID: [UInt8]]

    /// The most that ``passbackWindowSeconds`` may be: a day.
    package static let passbackWindowLimit: UInt32 = 86_400
    package static let entryLimit = 256
    package static let routeLimit = 2_048
    /// The most fares of all routes together.
    package static let routeFareLimit = 4_096
    package static let textLimit = 128

    /// - Returns: `nil` when a text is empty or too long, an amount is negative, a key is not 32
    ///   bytes, a list is too long, the window exceeds a day, or others have a fare and the
    ///   default category has none: a configuration that encodes is one that every device can use.
    package init?(
        scheme: SchemeID, timeZoneName: String, passbackWindowSeconds: UInt32,
        defaultRiderCategory: RiderCategoryID, currency: Currency,
        displayedFares: [RiderCategoryID: Int64],
        routeFares: [RouteID: [RiderCategoryID: Int64]] = [:],
        issuerKeys: [IssuerKeyID: [UInt8]]
    ) {
        let fareLists = [displayedFares] + routeFares.values
        let texts =
            [scheme.rawValue, timeZoneName] + routeFares.keys.map(\.rawValue)
            + fareLists.flatMap { $0.keys.map(\.rawValue) }
        guard texts.allSatisfy({ (1...Self.textLimit).contains($0.utf8.count) }),
            passbackWindowSeconds <= Self.passbackWindowLimit,
            (1...Self.textLimit).contains(defaultRiderCategory.rawValue.utf8.count),
            !displayedFares.isEmpty || routeFares.isEmpty,
            fareLists.allSatisfy({ $0.isEmpty || $0[defaultRiderCategory] != nil }),
            fareLists.allSatisfy({ $0.count <= Self.entryLimit }),
            fareLists.allSatisfy({ $0.values.allSatisfy { $0 >= 0 } }),
            routeFares.values.allSatisfy({ !$0.isEmpty }), routeFares.count <= Self.routeLimit,
            routeFares.values.map(\.count).reduce(0, +) <= Self.routeFareLimit,
            issuerKeys.count <= Self.entryLimit,
            issuerKeys.values.allSatisfy({ $0.count == 32 })
        else { return nil }
        self.scheme = scheme
        self.timeZoneName = timeZoneName
        self.passbackWindowSeconds = passbackWindowSeconds
        self.defaultRiderCategory = defaultRiderCategory
        self.currency = currency
        self.displayedFares = displayedFares
        self.routeFares = routeFares
        self.issuerKeys = issuerKeys
    }

    package var passbackWindow: Duration { .seconds(Int64(passbackWindowSeconds)) }

    /// The most that one ride costs a category, on a route or anywhere; the default category's
    /// for one not listed, since a device must not promise a concession that it does not know.
    package func displayedFare(for category: RiderCategoryID?, on route: RouteID?) -> Money? {
        let fares = route.flatMap { routeFares[$0] } ?? displayedFares
        let listed = category.flatMap { fares[$0] }
        guard let minorUnits = listed ?? fares[defaultRiderCategory] else { return nil }
        return Money(minorUnits: minorUnits, currency: currency)
    }
}
