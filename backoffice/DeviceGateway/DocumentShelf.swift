import SignedDocuments
import Store
import Synchronization

/// The newest document of each role, at hand for devices that ask every few seconds.
package final class DocumentShelf: Sendable {
    private let newest = Mutex<[DocumentRole: DocumentStore.Published]>([:])

    package init() {}

    func place(_ document: DocumentStore.Published, as role: DocumentRole) {
        newest.withLock { shelf in
            if let held = shelf[role], held.version >= document.version { return }
            shelf[role] = document
        }
    }

    /// - Returns: `nil` when the asker already has the newest.
    package func find(
        _ role: DocumentRole, after version: UInt64
    ) -> DocumentStore.Published? {
        newest.withLock { shelf in
            shelf[role].flatMap { $0.version > version ? $0 : nil }
        }
    }
}
