import TransitModel

/// Why a document was not accepted. The last good one stays in use.
package enum DocumentRefusal: Error, Hashable, Sendable {
    /// The bytes are not a whole document of a known format; says which part is wrong.
    case malformed(MalformedPart)
    case wrongRole(expected: DocumentRole, found: DocumentRole)
    case wrongScheme(expected: SchemeID, found: SchemeID)
    /// Fewer of the role's keys signed it than the trust root demands.
    case tooFewSignatures(valid: Int, threshold: Int)
    /// An older document, or another copy of the one already held.
    case notNewer(floor: UInt64, offered: UInt64)
    /// A trust root that does not directly follow the one held: the chain may have no gap.
    case rootGap(held: UInt64, offered: UInt64)
    case expired(at: Timestamp)
    /// Authentic, but its payload does not decode; says what its decoder said.
    case unusablePayload(String)

    package enum MalformedPart: String, Sendable {
        case magic, format, role, scheme, dates, length, payload, signatures, trailingBytes
    }

    /// A stable code for logs, alarms and counters.
    package var code: String {
        switch self {
        case .malformed(let part): "document_malformed_\(part.rawValue)"
        case .wrongRole: "document_wrong_role"
        case .wrongScheme: "document_wrong_scheme"
        case .tooFewSignatures: "document_too_few_signatures"
        case .notNewer: "document_not_newer"
        case .rootGap: "document_root_gap"
        case .expired: "document_expired"
        case .unusablePayload: "document_unusable_payload"
        }
    }
}
