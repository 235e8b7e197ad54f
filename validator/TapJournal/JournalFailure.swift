import GRDB
import TransitModel

/// Why the journal could not keep its promise. A tap that meets one of these shows no green.
package enum JournalFailure: Error, Hashable, Sendable {
    /// SQLite would not run with the settings that make a commit survive a power cut.
    case notDurable(setting: String)
    /// Another program has this journal open; two writers would be two clones of one device.
    case inUse
    /// The folder holds the journal of another device.
    case otherDevice(DeviceID)
    /// The disk is full. Taps go on by themselves once there is room again.
    case storageFull
    /// A newer program wrote this journal.
    case newerFormat(Int)
    /// The server acknowledges content that this journal does not hold.
    case disagreement(TapID)
    /// SQLite failed in a way that reopening did not cure; `code` is its extended result code.
    case storage(code: Int32)
    /// The file system refused; `code` is errno.
    case fileSystem(code: Int32)

    /// A stable code for logs and alarms.
    package var code: String {
        switch self {
        case .notDurable(let setting): "journal_not_durable.\(setting)"
        case .inUse: "journal_in_use"
        case .otherDevice: "journal_of_other_device"
        case .storageFull: "journal_storage_full"
        case .newerFormat: "journal_newer_format"
        case .disagreement: "journal_disagreement"
        case .storage(let code): "journal_storage.\(code)"
        case .fileSystem(let code): "journal_file_system.\(code)"
        }
    }
}

/// Something that befell the journal and that people should know of. Taps go on.
package enum JournalIncident: Hashable, Sendable {
    /// The file was damaged: it now lies at `path`, and what its chain still proved was taken
    /// over into the new one.
    case setAside(path: String, salvagedRecords: Int)
}

extension DatabaseError {
    /// The file cannot be trusted any more.
    var isDamage: Bool {
        switch resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: true
        default: false
        }
    }

    var isStorageFull: Bool { resultCode == .SQLITE_FULL }
}
