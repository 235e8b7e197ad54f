/// Why bytes are not a deny list.
package enum DenyListRefusal: Error, Hashable, Sendable {
    case unknownFormat
    case tooManyEntries
    /// Generations repeat or fall.
    case sectionsOutOfOrder
    /// The bytes end before, or go on after, what the header announces.
    case wrongLength(expected: Int, found: Int)
    /// Keys repeat or fall, first seen at this entry of the whole list.
    case entriesOutOfOrder(at: Int)
}
