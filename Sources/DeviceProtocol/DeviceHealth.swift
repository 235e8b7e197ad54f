import SwiftProtobuf
import TransitModel

/// How a device fares, as it says itself.
package struct DeviceHealth: Hashable, Sendable {
    package static let versionByteLimit = 64
    /// Ten years: beyond that a device has lost count, not patience.
    private static let waitingLimitMilliseconds: UInt64 = 315_360_000_000

    /// Taps in the journal that the server has not acknowledged.
    package var waitingTaps: UInt64
    /// How long the oldest of them has waited; `nil` when none waits.
    package var oldestWaiting: Duration?
    /// Card readers that the device should have.
    package var readers: UInt8
    /// Those of them that answer.
    package var soundReaders: UInt8
    /// Whether taps can be stored: without it nothing turns green.
    package var journalIsSound: Bool
    package var documents: DocumentVersions
    /// Empty when the device does not say.
    package var softwareVersion: String

    package init(
        waitingTaps: UInt64 = 0, oldestWaiting: Duration? = nil, readers: UInt8,
        soundReaders: UInt8, journalIsSound: Bool = true, documents: DocumentVersions,
        softwareVersion: String
    ) {
        self.waitingTaps = waitingTaps
        self.oldestWaiting = oldestWaiting
        self.readers = readers
        self.soundReaders = soundReaders
        self.journalIsSound = journalIsSound
        self.documents = documents
        self.softwareVersion = softwareVersion
    }
}

// MARK: - Wire

extension DeviceHealth {
    init(wire: Kvytok_Device_V1_DeviceHealth) throws(WireFailure) {
        guard wire.oldestWaitingMs <= Self.waitingLimitMilliseconds else {
            throw .invalid(field: "oldest_waiting_ms")
        }
        let version = wire.softwareVersion
        guard version.utf8.count <= Self.versionByteLimit, WireFields.isPrintable(version) else {
            throw .invalid(field: "software_version")
        }
        self.init(
            waitingTaps: try WireFields.count(wire.waitingTaps, "waiting_taps"),
            oldestWaiting: wire.hasOldestWaitingMs
                ? .milliseconds(Int64(wire.oldestWaitingMs)) : nil,
            readers: try WireFields.narrow(wire.readers, "readers"),
            soundReaders: try WireFields.narrow(wire.soundReaders, "sound_readers"),
            journalIsSound: !wire.journalFault,
            documents: DocumentVersions(
                denyListBase: try WireFields.count(
                    wire.documents.denyListBase, "deny_list_base"),
                denyListOverlay: try WireFields.count(
                    wire.documents.denyListOverlay, "deny_list_overlay"),
                configuration: try WireFields.count(
                    wire.documents.configuration, "configuration")),
            softwareVersion: version)
        guard soundReaders <= readers else { throw .invalid(field: "sound_readers") }
    }

    var wire: Kvytok_Device_V1_DeviceHealth {
        .with {
            $0.waitingTaps = waitingTaps
            if let oldestWaiting { $0.oldestWaitingMs = oldestWaiting.wholeMilliseconds }
            $0.readers = UInt32(readers)
            $0.soundReaders = UInt32(soundReaders)
            $0.journalFault = !journalIsSound
            $0.documents = .with {
                $0.denyListBase = documents.denyListBase
                $0.denyListOverlay = documents.denyListOverlay
                $0.configuration = documents.configuration
            }
            $0.softwareVersion = softwareVersion
        }
    }
}
