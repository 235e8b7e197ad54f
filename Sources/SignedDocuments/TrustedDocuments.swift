import TransitModel

/// Decides which documents a device takes, by the rules of The Update Framework (TUF 1.0.33,
/// section 5), with no I/O.
///
/// - A document needs its role's threshold of signatures, the device's scheme, and a version
///   above every one accepted before.
/// - A trust root must directly follow the one held and be signed under both. An expired root
///   still verifies its successor, so that a device found in a cellar can be brought up to date.
/// - Expiry governs acceptance, never use: what was accepted stays in use until replaced. While
///   the clock is unset nothing counts as expired; rising versions still bar an old document.
///
/// Accepting takes two steps, so that a payload which does not decode, or a disk which does not
/// keep it, leaves the last good document in place: ``examine(_:as:at:)``, then, once the caller
/// has decoded and stored the document, ``adopt(_:)``.
package struct TrustedDocuments: Sendable {
    /// A document that passed every rule against the state it was examined in.
    package struct Candidate: Hashable, Sendable {
        package let document: SignedDocument

        package var header: DocumentHeader { document.header }
        package var payload: [UInt8] { document.payload }

        fileprivate init(_ document: SignedDocument) { self.document = document }
    }

    package let scheme: SchemeID
    package private(set) var root: TrustRoot
    private var held: [DocumentRole: UInt64] = [:]
    private var floors: [DocumentRole: UInt64] = [:]

    /// Starts from the trust root handed over at enrolment, whose own threshold it must meet.
    ///
    /// - Parameter scheme: The device's scheme; no document of another is ever accepted.
    package init(root bytes: [UInt8], scheme: SchemeID) throws(DocumentRefusal) {
        let document = try Self.parse(bytes, as: .root, scheme: scheme)
        root = try TrustRoot(payload: document.payload)
        try root.requireSignatures(on: document, for: .root)
        self.scheme = scheme
        held[.root] = document.header.version
        floors[.root] = document.header.version
    }

    /// The version in use; `nil` while there is none.
    package func version(of role: DocumentRole) -> UInt64? { held[role] }

    /// The highest version ever accepted; zero when none was. It never falls.
    package func floor(of role: DocumentRole) -> UInt64 { floors[role] ?? 0 }

    /// The version that a server should exceed. When the document itself was lost but its
    /// version is remembered, the same version is welcome again.
    package func newestRefused(of role: DocumentRole) -> UInt64 {
        if let version = held[role] { return max(version, floor(of: role)) }
        return floor(of: role) == 0 ? 0 : floor(of: role) - 1
    }

    /// Checks a fetched document; changes nothing.
    ///
    /// - Parameter now: The wall time, or `nil` while the clock is unset.
    package func examine(
        _ bytes: [UInt8], as role: DocumentRole, at now: Timestamp?
    ) throws(DocumentRefusal) -> Candidate {
        let document = try Self.parse(bytes, as: role, scheme: scheme)
        try root.requireSignatures(on: document, for: role)
        let version = document.header.version
        guard version > newestRefused(of: role) else {
            throw .notNewer(floor: floor(of: role), offered: version)
        }
        if role == .root { try requireSuccession(document) }
        if let now, now >= document.header.expiresAt {
            throw .expired(at: document.header.expiresAt)
        }
        return Candidate(document)
    }

    /// Checks a document that this device accepted and stored before: everything but its age
    /// and that it is newer, since expiry never ends the use of what was accepted.
    package func recheck(
        stored bytes: [UInt8], as role: DocumentRole
    ) throws(DocumentRefusal) -> Candidate {
        let document = try Self.parse(bytes, as: role, scheme: scheme)
        try root.requireSignatures(on: document, for: role)
        guard document.header.version >= floor(of: role) else {
            throw .notNewer(floor: floor(of: role), offered: document.header.version)
        }
        return Candidate(document)
    }

    /// Takes a candidate into use.
    ///
    /// - Precondition: No other document of its role was adopted since it was examined.
    package mutating func adopt(_ candidate: Candidate) {
        let header = candidate.header
        precondition(header.version >= floor(of: header.role), "A candidate was adopted too late")
        if header.role == .root, let newRoot = try? TrustRoot(payload: candidate.payload) {
            root = newRoot
        }
        held[header.role] = header.version
        remember(version: header.version, of: header.role)
    }

    /// Examines and adopts in one step, for callers whose documents need no decoding or storing.
    @discardableResult
    package mutating func accept(
        _ bytes: [UInt8], as role: DocumentRole, at now: Timestamp?
    ) throws(DocumentRefusal) -> SignedDocument {
        let candidate = try examine(bytes, as: role, at: now)
        adopt(candidate)
        return candidate.document
    }

    /// Recalls, after a restart, a version accepted before; lower ones stay refused even if the
    /// document itself was lost.
    package mutating func remember(version: UInt64, of role: DocumentRole) {
        floors[role] = max(floor(of: role), version)
    }

    private func requireSuccession(_ document: SignedDocument) throws(DocumentRefusal) {
        let version = document.header.version
        guard version == floor(of: .root) + 1 else {
            throw .rootGap(held: floor(of: .root), offered: version)
        }
        let successor = try TrustRoot(payload: document.payload)
        try successor.requireSignatures(on: document, for: .root)
    }

    private static func parse(
        _ bytes: [UInt8], as role: DocumentRole, scheme: SchemeID
    ) throws(DocumentRefusal) -> SignedDocument {
        let document = try SignedDocument(parsing: bytes)
        guard document.header.role == role else {
            throw .wrongRole(expected: role, found: document.header.role)
        }
        guard document.header.scheme == scheme else {
            throw .wrongScheme(expected: scheme, found: document.header.scheme)
        }
        return document
    }
}
