import Synchronization

/// Where the servers of one back office can be reached.
package struct BackOfficeAddresses: Hashable, Sendable {
    package let console: String
    /// Absent when this process has no gateway.
    package let gateway: String?
}

/// Gathers the servers' addresses as they begin to listen and says when the last one has.
final class AddressBoard: Sendable {
    enum Server: Hashable { case console, gateway }

    private let expected: Set<Server>
    private let addresses = Mutex<[Server: String]>([:])
    private let whenComplete: @Sendable (BackOfficeAddresses) -> Void

    init(
        expecting expected: Set<Server>,
        whenComplete: @escaping @Sendable (BackOfficeAddresses) -> Void
    ) {
        self.expected = expected
        self.whenComplete = whenComplete
    }

    func post(_ server: Server, at address: String) {
        let complete = addresses.withLock { addresses -> BackOfficeAddresses? in
            let isNews = addresses.updateValue(address, forKey: server) == nil
            guard isNews, Set(addresses.keys) == expected, let console = addresses[.console] else {
                return nil
            }
            return BackOfficeAddresses(console: console, gateway: addresses[.gateway])
        }
        if let complete { whenComplete(complete) }
    }
}
