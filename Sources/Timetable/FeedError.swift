/// Why a feed is refused: the file, the line and the field at fault, and what is wrong there.
///
/// ```
/// fare_leg_rules.txt:12: from_area_id: "zone-9" is not in areas.area_id
/// ```
package struct FeedError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        /// The feed lacks a file that it needs.
        case missingFile
        /// The header lacks a required field.
        case missingField
        /// A required value is empty.
        case missingValue
        /// A value cannot be read; the text says what was expected instead.
        case malformedValue(String, expected: String)
        /// A value names a record that does not exist.
        case unknownReference(String, target: String)
        /// Two records, or two header fields, share what must be unique.
        case duplicate(String)
        /// A value, field or file that the standard forbids here.
        case forbidden(String)
        /// The text is not well-formed CSV in UTF-8.
        case malformedText(String)
        /// A bound against hostile input was passed.
        case tooLarge(String)
    }

    package let file: String
    /// The line on which the record begins, from 1; the header is on line 1.
    package let line: Int?
    package let field: String?
    package let problem: Problem

    package init(file: String, line: Int? = nil, field: String? = nil, _ problem: Problem) {
        self.file = file
        self.line = line
        self.field = field
        self.problem = problem
    }

    /// A stable word for programs.
    package var code: String {
        switch problem {
        case .missingFile: "missing_file"
        case .missingField: "missing_field"
        case .missingValue: "missing_value"
        case .malformedValue: "malformed_value"
        case .unknownReference: "unknown_reference"
        case .duplicate: "duplicate"
        case .forbidden: "forbidden"
        case .malformedText: "malformed_text"
        case .tooLarge: "too_large"
        }
    }

    package var description: String {
        let place = file + (line.map { ":\($0)" } ?? "") + (field.map { ": \($0)" } ?? "")
        return "\(place): \(message)"
    }

    package var message: String {
        switch problem {
        case .missingFile: "the feed lacks this file"
        case .missingField: "the header lacks this field"
        case .missingValue: "a value is required"
        case .malformedValue(let value, let expected):
            "\(FeedError.quoted(value)) is not \(expected)"
        case .unknownReference(let value, let target):
            "\(FeedError.quoted(value)) is not in \(target)"
        case .duplicate(let key): "\(FeedError.quoted(key)) appears more than once"
        case .forbidden(let reason), .malformedText(let reason), .tooLarge(let reason): reason
        }
    }

    /// A value as messages show it: quoted, and shortened when it is long.
    package static func quoted(_ value: String) -> String {
        let limit = 60
        return value.count <= limit ? "\"\(value)\"" : "\"\(value.prefix(limit))…\""
    }
}
