/// A statement whose interpolated values become bound parameters, never text.
///
/// ```swift
/// let rows = try connection.query("select name from vehicle where vehicle_id = \(vehicle)")
/// ```
///
/// Names of tables and columns cannot be bound; write them out, or interpolate a name that the
/// program itself chose with `\(unescaped:)`. Statements compose with `\(sql:)`.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Part: Sendable {
        case text(String)
        case parameter(any PostgresBindable)
    }

    let parts: [Part]

    package init(stringLiteral value: String) {
        parts = [.text(value)]
    }

    package init(stringInterpolation: Interpolation) {
        parts = stringInterpolation.parts
    }

    package struct Interpolation: StringInterpolationProtocol, Sendable {
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            parts.append(.text(literal))
        }

        package mutating func appendInterpolation(_ value: some PostgresBindable) {
            parts.append(.parameter(value))
        }

        /// `nil` binds null.
        package mutating func appendInterpolation<Value: PostgresBindable>(_ value: Value?) {
            parts.append(.parameter(value))
        }

        /// Places text as it stands. Only for names that come from the program's own code.
        package mutating func appendInterpolation(unescaped text: String) {
            parts.append(.text(text))
        }

        /// Places another statement with its parameters.
        package mutating func appendInterpolation(sql: SQL) {
            parts += sql.parts
        }
    }

    /// The text with `$1`, `$2`, … where the parameters stand, in their order.
    var rendered: (text: String, parameters: [any PostgresBindable]) {
        var text = ""
        var parameters: [any PostgresBindable] = []
        for part in parts {
            switch part {
            case .text(let piece): text += piece
            case .parameter(let value):
                parameters.append(value)
                text += "$\(parameters.count)"
            }
        }
        return (text, parameters)
    }
}
