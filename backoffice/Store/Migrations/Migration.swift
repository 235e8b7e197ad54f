/// One step of the schema. Once released, neither its name nor its statements change.
package struct Migration: Sendable {
    /// Permanent, such as `002_riders`.
    package let name: String
    /// Statements of PostgreSQL that run together in one transaction.
    package let script: String

    package init(name: String, script: String) {
        self.name = name
        self.script = script
    }
}
