package import TransitModel

/// A record's place in its file, for the error that it may cause.
package struct RecordPlace {
    package let file: String
    package let line: Int

    package init(_ file: String, _ line: Int) {
        self.file = file
        self.line = line
    }

    package func failure(_ field: String, _ problem: FeedError.Problem) -> FeedError {
        FeedError(file: file, line: line, field: field, problem)
    }

    /// An absent identifier refers to nothing and is fine here.
    package func require<Kind>(
        _ id: Identifier<Kind>?, _ field: String, in known: Set<Identifier<Kind>>, _ target: String
    ) throws(FeedError) {
        guard let id, !known.contains(id) else { return }
        throw failure(field, .unknownReference(id.rawValue, target: target))
    }
}
