import PostgresClient
import TransitModel

package enum InstallationKind {}
/// Changes when a database was restored from a backup.
package typealias Incarnation = RandomIdentifier<InstallationKind>

/// What this database is: one scheme's, in one incarnation.
package enum InstallationStore {
    /// Binds a new database to its scheme, or checks that it belongs to it.
    ///
    /// - Throws: ``StoreFailure/otherScheme(_:)`` when the database is another community's.
    @discardableResult
    package static func settle(
        scheme: SchemeID, newIncarnation: Incarnation, on connection: isolated PostgresConnection
    ) throws -> Incarnation {
        try connection.execute(
            """
            insert into installation (scheme_id, incarnation)
            values (\(scheme), \(newIncarnation)) on conflict (is_only_row) do nothing
            """)
        guard
            let row = try connection.query("select scheme_id, incarnation from installation")
                .first
        else { throw StoreFailure.unreadable(table: "installation") }
        let settled: SchemeID = try row.decode("scheme_id")
        guard settled == scheme else { throw StoreFailure.otherScheme(settled) }
        return try row.decode("incarnation")
    }
}
