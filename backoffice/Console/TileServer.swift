/// Where map pictures come from, as the operator set it.
package struct TileServer: Hashable, Sendable {
    /// With `{z}`, `{x}` and `{y}`: `https://tiles.example/{z}/{x}/{y}.png`.
    package let address: String
    /// What the map says about where the pictures are from; plain text.
    package let attribution: String
    /// Scheme, host and port alone, for the content security policy.
    let source: String

    /// - Returns: `nil` unless the address is one of HTTP or HTTPS that names zoom, column and
    ///   row, and holds nothing that could end or widen a content security policy.
    package init?(address: String, attribution: String = "© OpenStreetMap") {
        guard let scheme = ["https://", "http://"].first(where: address.hasPrefix),
            ["{z}", "{x}", "{y}"].allSatisfy(address.contains)
        else { return nil }
        let host = address.dropFirst(scheme.count).prefix { $0 != "/" }
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        guard !host.isEmpty, isPlain else { return nil }
        self.address = address
        self.attribution = attribution
        source = scheme + host
    }
}
