/// What went wrong between us and PostgreSQL.
///
/// Its description carries codes and names of the schema, never a statement, a parameter or the
/// server's message, since all of these can hold what must not reach a log. A developer finds
/// the server's sentence in ``debugDescription``.
package struct PostgresFailure: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// No connection could be made.
        case unreachable
        /// The connection broke. Whether the last statement took effect is unknown.
        case connectionLost
        /// The server refused the statement.
        case refused(sqlState: String)
        /// A result does not hold what the caller asked of it.
        case undecodable(column: String)
        /// The transaction could not be committed because a statement in it had failed.
        case rolledBack
        /// The pool's queue is full.
        case tooManyWaiting
    }

    package let kind: Kind
    /// The constraint that refused, where one did.
    package let constraint: String?
    private let explanation: String

    init(_ kind: Kind, constraint: String? = nil, explanation: String = "") {
        self.kind = kind
        self.constraint = constraint
        self.explanation = explanation
    }

    static func undecodable(column: String, reason: String) -> PostgresFailure {
        PostgresFailure(.undecodable(column: column), explanation: reason)
    }

    /// The five characters of PostgreSQL's appendix A, such as `23505`.
    package var sqlState: String? {
        if case .refused(let sqlState) = kind { sqlState } else { nil }
    }

    /// Whether the database was away rather than unwilling: worth trying again later. Includes
    /// the states in which a server that starts, stops or fails over turns clients away.
    package var isConnectionLost: Bool {
        switch kind {
        case .unreachable, .connectionLost: true
        case .refused(let sqlState):
            sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "53300"
                || sqlState == "25006"
        case .undecodable, .rolledBack, .tooManyWaiting: false
        }
    }

    package var isUniqueViolation: Bool { sqlState == "23505" }

    /// A serialization failure or deadlock: the same transaction may well pass a second time.
    package var isWorthRepeating: Bool { sqlState == "40001" || sqlState == "40P01" }
}

extension PostgresFailure: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        let place = constraint.map { " (\($0))" } ?? ""
        return switch kind {
        case .unreachable: "PostgreSQL cannot be reached"
        case .connectionLost: "The connection to PostgreSQL broke"
        case .refused(let sqlState): "PostgreSQL refused: \(sqlState)\(place)"
        case .undecodable(let column): "Column \(column) cannot be decoded: \(explanation)"
        case .rolledBack: "The transaction was rolled back instead of committed"
        case .tooManyWaiting: "Too many wait for a database connection"
        }
    }

    package var debugDescription: String {
        explanation.isEmpty ? description : "\(description): \(explanation)"
    }
}
