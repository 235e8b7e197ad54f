import DenyList
import SignedDocuments
import TransitModel

/// The signed documents that verdicts rest on, each as last accepted, however old.
package struct AcceptanceDocuments: Hashable, Sendable {
    /// Absent until the device has fetched its first; it cannot know its scheme's rules before.
    package var configuration: SchemeConfiguration?
    package var configurationVersion: UInt64
    /// Absent until the device has fetched its first. Nobody is refused for that.
    package var denyList: DenyList?
    /// The latest instant that any held document claims as its issue: time cannot be before it.
    package var newestIssueAt: Timestamp?

    package init(
        configuration: SchemeConfiguration? = nil, configurationVersion: UInt64 = 0,
        denyList: DenyList? = nil, newestIssueAt: Timestamp? = nil
    ) {
        self.configuration = configuration
        self.configurationVersion = configurationVersion
        self.denyList = denyList
        self.newestIssueAt = newestIssueAt
    }

    /// What a tap's record says about the documents behind its verdict.
    package var versions: DocumentVersions {
        DocumentVersions(
            denyListBase: denyList?.version ?? 0, denyListOverlay: 0,
            configuration: configuration == nil ? 0 : configurationVersion)
    }
}
