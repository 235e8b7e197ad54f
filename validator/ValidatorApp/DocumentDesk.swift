import DenyList
import SignedDocuments
import Synchronization
import TapAcceptance
import TransitModel

/// Takes fetched documents in, keeps them, and gives verdicts the ones in use.
///
/// A document that is refused, cannot be decoded or cannot be kept changes nothing but the
/// alarms: the last good one stays in use.
package actor DocumentDesk {
    /// What became of an offered document.
    package enum Outcome: Hashable, Sendable {
        case inUse(DocumentRole, version: UInt64)
        case refused(DocumentRole, DocumentRefusal)
        /// Authentic, but it could not be kept durably.
        case notKept(DocumentRole, String)
    }

    /// What verdicts rest on. Reading it never waits for a document that is being taken in.
    package nonisolated var inUse: AcceptanceDocuments { snapshot.documents.withLock { $0 } }

    private final class Snapshot: Sendable {
        let documents = Mutex(AcceptanceDocuments())
    }

    /// A payload that was decoded, ready for use.
    private enum Payload {
        case root
        case denyList(DenyList)
        case configuration(SchemeConfiguration)
    }

    private nonisolated let snapshot = Snapshot()
    private let keeper: any DocumentKeeper
    private var trusted: TrustedDocuments

    /// Starts from what the device kept.
    ///
    /// - Parameter scheme: From the device's enrolment.
    /// - Returns: The desk, and what must be alarmed: kept documents that are damaged. They are
    ///   fetched again; their versions stay the least that is accepted.
    /// - Throws: When there is no sound trust root: without one nothing can be believed, and the
    ///   device must be enrolled again.
    package static func open(
        keeper: any DocumentKeeper, scheme: SchemeID
    ) async throws -> (desk: DocumentDesk, alarms: [Alarm]) {
        guard let root = try keeper.findDocument(.root) else { throw NoTrustRoot() }
        let desk = DocumentDesk(
            keeper: keeper, trusted: try TrustedDocuments(root: root, scheme: scheme))
        return (desk, await desk.recall())
    }

    /// The device holds no trust root.
    package struct NoTrustRoot: Error, CustomStringConvertible {
        package var description: String { "There is no trust root: enrol the device first" }
    }

    private init(keeper: any DocumentKeeper, trusted: TrustedDocuments) {
        self.keeper = keeper
        self.trusted = trusted
    }

    /// The version that the server should exceed.
    package func newestRefused(of role: DocumentRole) -> UInt64 {
        trusted.newestRefused(of: role)
    }

    /// The versions in use, by role.
    package var versions: [DocumentRole: UInt64] {
        var versions: [DocumentRole: UInt64] = [:]
        for role in DocumentRole.allCases { versions[role] = trusted.version(of: role) }
        return versions
    }

    /// Judges, keeps and takes into use a document that was fetched.
    ///
    /// - Parameter now: `nil` while the clock is unset.
    package func take(
        _ bytes: [UInt8], as role: DocumentRole, at now: Timestamp?
    ) async -> Outcome {
        do throws(DocumentRefusal) {
            let candidate = try trusted.examine(bytes, as: role, at: now)
            let payload = try Self.decode(candidate)
            do {
                // No suspension between the examination and the adoption: what was examined is
                // what is adopted. Documents are rare and small; the flush is short.
                try keeper.keep(bytes, version: candidate.header.version, as: role)
            } catch {
                return .notKept(role, String(describing: error))
            }
            use(candidate, payload)
            return .inUse(role, version: candidate.header.version)
        } catch {
            return .refused(role, error)
        }
    }

    private func recall() -> [Alarm] {
        var alarms: [Alarm] = []
        do {
            for (role, version) in try keeper.highestVersions() where role != .root {
                trusted.remember(version: version, of: role)
            }
        } catch {
            alarms.append(Alarm(code: "document_versions_unreadable", detail: "\(error)"))
        }
        for role in [DocumentRole.configuration, .denyList] {
            do {
                guard let bytes = try keeper.findDocument(role) else { continue }
                let candidate = try trusted.recheck(stored: bytes, as: role)
                use(candidate, try Self.decode(candidate))
            } catch let refusal as DocumentRefusal {
                alarms.append(Alarm(code: "kept_" + refusal.code, detail: role.name))
            } catch {
                alarms.append(Alarm(code: "kept_document_unreadable", detail: "\(error)"))
            }
        }
        return alarms
    }

    private func use(_ candidate: TrustedDocuments.Candidate, _ payload: Payload) {
        trusted.adopt(candidate)
        snapshot.documents.withLock { documents in
            switch payload {
            case .root: break
            case .denyList(let list): documents.denyList = list
            case .configuration(let configuration):
                documents.configuration = configuration
                documents.configurationVersion = candidate.header.version
            }
            let issuedAt = candidate.header.issuedAt
            documents.newestIssueAt = max(issuedAt, documents.newestIssueAt ?? issuedAt)
        }
    }

    private static func decode(
        _ candidate: TrustedDocuments.Candidate
    ) throws(DocumentRefusal) -> Payload {
        switch candidate.header.role {
        case .root:
            _ = try TrustRoot(payload: candidate.payload)
            return .root
        case .configuration:
            let configuration = try SchemeConfiguration(payload: candidate.payload)
            guard configuration.scheme == candidate.header.scheme else {
                throw .unusablePayload("configuration of another scheme")
            }
            return .configuration(configuration)
        case .denyList:
            let list: DenyList
            do {
                list = try DenyList(bytes: candidate.payload)
            } catch {
                throw .unusablePayload("deny list: \(error)")
            }
            guard list.version == candidate.header.version else {
                throw .unusablePayload("deny list of another version")
            }
            return .denyList(list)
        }
    }
}
