import Crypto
import CryptoExtras

/// An AES-128 key of a card or a session. It never prints itself.
package struct AESKey: Hashable, Sendable, CustomStringConvertible {
    package static let byteCount = 16
    package static let blockSize = 16

    package let bytes: [UInt8]

    /// - Returns: `nil` unless there are exactly 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// - Precondition: `block` has 16 bytes.
    init(block: [UInt8]) {
        precondition(block.count == Self.byteCount, "A key is one cipher block")
        bytes = block
    }

    package var description: String { "AESKey" }

    private var symmetricKey: SymmetricKey { SymmetricKey(data: bytes) }

    /// Encrypts whole blocks in CBC mode without padding (NIST SP 800-38A).
    ///
    /// - Precondition: `plaintext` is a whole number of blocks, `iv` is one.
    package func encryptCBC(
        _ plaintext: [UInt8], iv: [UInt8] = [UInt8](repeating: 0, count: blockSize)
    ) -> [UInt8] {
        do {
            return try Array(
                AES._CBC.encrypt(
                    plaintext, using: symmetricKey, iv: AES._CBC.IV(ivBytes: iv), noPadding: true))
        } catch {
            preconditionFailure("CBC takes whole blocks only")
        }
    }

    /// Decrypts whole blocks in CBC mode without removing padding.
    ///
    /// - Precondition: `ciphertext` is a whole number of blocks, `iv` is one.
    package func decryptCBC(
        _ ciphertext: [UInt8], iv: [UInt8] = [UInt8](repeating: 0, count: blockSize)
    ) -> [UInt8] {
        do {
            return try Array(
                AES._CBC.decrypt(
                    ciphertext, using: symmetricKey, iv: AES._CBC.IV(ivBytes: iv), noPadding: true))
        } catch {
            preconditionFailure("CBC takes whole blocks only")
        }
    }

    /// The full 16-byte CMAC of a message (NIST SP 800-38B, RFC 4493).
    package func cmac(_ message: [UInt8]) -> [UInt8] {
        do {
            var code = try AES.CMAC(key: symmetricKey)
            message.withUnsafeBytes { code.update(bufferPointer: $0) }
            return Array(code.finalize())
        } catch {
            preconditionFailure("CMAC takes a 128-bit key")
        }
    }
}

/// Padding method 2 of ISO/IEC 9797-1: one bit, then zeros to the end of the block.
package enum Padding {
    /// Always adds at least one byte.
    package static func pad(_ bytes: [UInt8]) -> [UInt8] {
        var padded = bytes + [0x80]
        while !padded.count.isMultiple(of: AESKey.blockSize) { padded.append(0) }
        return padded
    }

    /// - Returns: `nil` when no such padding ends the bytes within their last block.
    package static func remove(from bytes: [UInt8]) -> [UInt8]? {
        guard let marker = bytes.lastIndex(where: { $0 != 0 }), bytes[marker] == 0x80,
            bytes.count - marker <= AESKey.blockSize
        else { return nil }
        return Array(bytes[..<marker])
    }
}

/// Compares secrets in a time that depends on their count only.
package func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}
