import SignedDocuments
import TransitModel

/// Something that people should look at; the validator goes on as far as it can.
package struct Alarm: Hashable, Sendable {
    /// Stable, for counters and searches.
    package let code: String
    /// For people. Never holds a media key or anything secret.
    package let detail: String

    package init(code: String, detail: String) {
        self.code = code
        self.detail = detail
    }
}

extension Alarm {
    /// What a refused or unkept document raises; `nil` for one in use.
    package init?(_ outcome: DocumentDesk.Outcome) {
        switch outcome {
        case .inUse: return nil
        case .refused(let role, let refusal):
            self.init(code: refusal.code, detail: "\(role.name): \(refusal)")
        case .notKept(let role, let cause):
            self.init(code: "document_not_kept", detail: "\(role.name): \(cause)")
        }
    }
}
