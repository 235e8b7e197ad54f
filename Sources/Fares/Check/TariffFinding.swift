package import Timetable

/// Something about a tariff that a person should know before it takes effect.
package struct TariffFinding: Hashable, Sendable, CustomStringConvertible {
    package enum Severity: String, Hashable, Sendable {
        /// The tariff must not take effect like this.
        case error
        /// It may be meant.
        case warning
    }

    /// A stable word for programs.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The tables cannot be read, or contradict themselves.
        case refused
        /// A category pays more than the full fare.
        case concessionDearer = "concession_dearer"
        /// A fare below zero, or far above all others.
        case absurdAmount = "absurd_amount"
        /// A cap that less than one ride reaches, or a longer one below a shorter one.
        case absurdCap = "absurd_cap"
        /// Changes that may go on for ever and cost nothing.
        case endlessTransfer = "endless_transfer"
        /// A ride that no rule prices.
        case gap
        /// A record that can never have an effect.
        case unused
        /// A folder without what makes it a tariff.
        case incompleteTariff = "incomplete_tariff"
    }

    package let severity: Severity
    package let code: Code
    package let file: String
    package let line: Int?
    package let field: String?
    /// In plain words.
    package let message: String

    init(
        _ severity: Severity, _ code: Code, _ file: String, line: Int? = nil,
        field: String? = nil, _ message: String
    ) {
        self.severity = severity
        self.code = code
        self.file = file
        self.line = line
        self.field = field
        self.message = message
    }

    /// - Parameter error: Why the tables could not be read.
    package init(_ error: FeedError) {
        self.init(
            .error, .refused, error.file, line: error.line, field: error.field, error.message)
    }

    /// `fare_caps.txt:4: amount: …`
    package var description: String {
        let place = file + (line.map { ":\($0)" } ?? "") + (field.map { ": \($0)" } ?? "")
        return "\(place): \(message)"
    }
}
