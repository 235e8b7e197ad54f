import Console
import TransitModel
import Wording

/// A part of the back office that can run in a process of its own.
package enum BackOfficeRole: String, Sendable, CaseIterable {
    /// Takes what devices send and publishes documents to them.
    case gateway
    /// Serves the staff pages.
    case console
    /// Routes, rates and posts to the ledger. Holds the vault.
    case rating
    /// Serves open data: where vehicles are, and the feed that is in force.
    case feeds

    /// Whether its work needs secret keys.
    var holdsKeys: Bool {
        switch self {
        case .gateway, .rating: true
        case .console, .feeds: false
        }
    }

    /// All of them, as an argument spells them.
    package static let list = allCases.map(\.rawValue).joined(separator: ",")

    /// - Returns: `nil` when a name is unknown or there is none.
    package static func set(_ list: String) -> Set<BackOfficeRole>? {
        let names = list.split(separator: ",", omittingEmptySubsequences: false)
        let roles = names.compactMap { BackOfficeRole(rawValue: String($0)) }
        return roles.count == names.count ? Set(roles) : nil
    }
}

package enum BackOfficeEnvironment: String, Sendable, CaseIterable {
    case production
    /// Makes missing keys, migrates by itself and lets a demonstration account in.
    case development
}

/// Everything that one process of the back office goes by.
package struct BackOfficeConfiguration: Sendable {
    package var database: String
    package var stateFolder: String
    package var share: ShareDirectory
    package var host: String
    /// 0 chooses a free one.
    package var gatewayPort: Int
    package var consolePort: Int
    package var roles: Set<BackOfficeRole>
    package var environment: BackOfficeEnvironment
    package var issuerKeysFile: String?
    package var scheme: SchemeID
    package var timeZoneName: String
    /// The socket of a demonstration's control; with it there is the page `/demo`.
    package var demonstrationSocket: String?
    /// How long after an accepted tap the same medium is refused on the same trip.
    package var passbackWindow: Duration = .seconds(300)
    /// Map pictures below the streets of the staff pages' map.
    package var tiles: TileServer?
    /// GeoJSON to draw below the streets of that map.
    package var landscapeFile: String?
    /// The least time between two ledger batches.
    package var ledgerBatchInterval: Duration = .seconds(15)
    /// What time it is in the timetable; development only, see ``TimetableClock``.
    package var timetableClock = TimetableClock.real

    package init(
        database: String, stateFolder: String, share: ShareDirectory, host: String = "127.0.0.1",
        gatewayPort: Int = 0, consolePort: Int = 0,
        roles: Set<BackOfficeRole> = Set(BackOfficeRole.allCases),
        environment: BackOfficeEnvironment, issuerKeysFile: String? = nil, scheme: SchemeID,
        timeZoneName: String = "Europe/Kyiv"
    ) {
        self.database = database
        self.stateFolder = stateFolder
        self.share = share
        self.host = host
        self.gatewayPort = gatewayPort
        self.consolePort = consolePort
        self.roles = roles
        self.environment = environment
        self.issuerKeysFile = issuerKeysFile
        self.scheme = scheme
        self.timeZoneName = timeZoneName
    }
}

/// Why the back office does not start; each is a sentence for the operator.
package enum BackOfficeFailure: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownTimeZone(String)
    case migrationsMissing([String])
    /// Who commands a demonstration can block any card.
    case demonstrationInProduction
    /// Key files lie on this machine's disk, which production does not allow.
    case fileKeysInProduction(roles: [String])
    case secretMissing(path: String)
    /// Others than the owner can read it.
    case secretExposed(path: String)
    case secretMalformed(path: String)
    /// - Parameter entry: Counts from 1; absent when the whole file is at fault.
    case issuerKeysMalformed(path: String, entry: Int?)
    case fileSystem(path: String, reason: String)

    package var description: String {
        switch self {
        case .unknownTimeZone(let name): "--time-zone: this system knows no zone \"\(name)\""
        case .migrationsMissing(let names):
            "the database lacks \(names.joined(separator: ", ")): run kvytok-backoffice migrate"
        case .demonstrationInProduction:
            "--demonstration goes with --environment development only"
        case .fileKeysInProduction(let roles):
            "--environment production refuses keys in files, and \(roles.joined(separator: ", ")) "
                + "would use them: keep keys in hardware, or say --environment development"
        case .secretMissing(let path): "\(path) is missing"
        case .secretExposed(let path): "\(path) can be read by others: chmod 600 it"
        case .secretMalformed(let path): "\(path) does not hold 64 hexadecimal digits"
        case .issuerKeysMalformed(let path, nil):
            "\(path) is no JSON list of issuer_key and public_key"
        case .issuerKeysMalformed(let path, let entry?):
            "\(path): entry \(entry) repeats a number or its public_key is not 64 hex digits"
        case .fileSystem(let path, let reason): "\(path): \(reason)"
        }
    }
}
