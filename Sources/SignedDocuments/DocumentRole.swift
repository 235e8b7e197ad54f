/// What a signed document is for. Each role has its own keys, so that the key which signs the
/// deny list every minute can never replace the trust root.
///
/// Numbers are part of the format and never change meaning.
package enum DocumentRole: UInt8, Sendable, CaseIterable {
    /// The keys of every role, ``TrustRoot``.
    case root = 1
    /// The refused media keys, in the format of `DenyList`.
    case denyList = 2
    /// The scheme's settings for devices, ``SchemeConfiguration``.
    case configuration = 3

    /// The name in addresses, file names and logs.
    package var name: String {
        switch self {
        case .root: "root"
        case .denyList: "deny-list"
        case .configuration: "configuration"
        }
    }

    package init?(name: String) {
        guard let role = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }

    /// The longest payload that a device takes, in bytes. A deny list of ten million entries
    /// fits in its share.
    package var payloadLimit: Int {
        switch self {
        case .root: 64 << 10
        case .denyList: 256 << 20
        case .configuration: 1 << 20
        }
    }
}
