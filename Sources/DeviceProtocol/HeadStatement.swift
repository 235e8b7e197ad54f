import Crypto
import TransitModel

/// What a device vouches for when it signs the head of a batch.
///
/// The bytes begin with a name of their own, so that no other thing the device key ever signs
/// (a TLS handshake, a certificate request) can be passed off as a head. Layout, integers
/// big-endian: name · 0 · device length u16 · device UTF-8 · epoch 16 · opening hash 32 ·
/// first sequence u64 · previous hash 32 · last sequence u64 · head hash 32.
package struct HeadStatement: Hashable, Sendable {
    package let device: DeviceID
    package let epoch: EpochID
    package let openingHash: ChainHash
    package let firstSequence: UInt64
    package let previousHash: ChainHash
    package let lastSequence: UInt64
    package let headHash: ChainHash

    private static let name = Array("kvytok.device.v1 tap head".utf8)

    package var bytes: [UInt8] {
        let deviceBytes = Array(device.rawValue.utf8)
        var bytes = Self.name + [0]
        bytes.append(contentsOf: UInt16(truncatingIfNeeded: deviceBytes.count).bigEndianBytes)
        bytes.append(contentsOf: deviceBytes)
        bytes.append(contentsOf: epoch.bytes)
        bytes.append(contentsOf: openingHash.bytes)
        bytes.append(contentsOf: firstSequence.bigEndianBytes)
        bytes.append(contentsOf: previousHash.bytes)
        bytes.append(contentsOf: lastSequence.bigEndianBytes)
        bytes.append(contentsOf: headHash.bytes)
        return bytes
    }
}

/// Signs heads with the device's key, which may live in a file or in a secure element.
package protocol HeadSigner: Sendable {
    /// - Returns: ECDSA P-256 with SHA-256 over the statement's bytes, as r || s.
    func sign(_ statement: HeadStatement) throws -> [UInt8]
}

/// A device key held in memory.
package struct P256HeadSigner: HeadSigner {
    private let key: P256.Signing.PrivateKey

    package init(key: P256.Signing.PrivateKey) {
        self.key = key
    }

    package func sign(_ statement: HeadStatement) throws -> [UInt8] {
        Array(try key.signature(for: statement.bytes).rawRepresentation)
    }
}

extension HeadStatement {
    package func isSigned(_ signature: [UInt8], by key: P256.Signing.PublicKey) -> Bool {
        guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
        else { return false }
        return key.isValidSignature(signature, for: bytes)
    }
}

extension FixedWidthInteger {
    fileprivate var bigEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
    }
}
