/// Symmetric key diversification for AES-128 (NXP AN10922, section 2.2).
///
/// The key of one card opens that card alone: who breaks one card holds one card.
package enum AN10922 {
    /// The longest diversification input: two blocks less the constant in front.
    package static let inputLimit = 31

    /// The constant that begins the input for AES-128; other key types have their own.
    private static let constant: UInt8 = 0x01

    /// Diversifies a master key.
    ///
    /// The message is always padded to two blocks, and the subkey that enters its last block
    /// follows from whether padding was needed. Plain CMAC differs from this for inputs of up
    /// to 15 bytes, where it would use one block: a mistake that old libraries have made.
    ///
    /// - Precondition: `input` holds 1 to ``inputLimit`` bytes.
    package static func diversify(_ masterKey: AESKey, by input: [UInt8]) -> AESKey {
        precondition((1...inputLimit).contains(input.count), "AN10922 takes 1 to 31 bytes")
        var message = [constant] + input
        let (wholeSubkey, paddedSubkey) = subkeys(of: masterKey)
        let subkey: [UInt8]
        if message.count == 2 * AESKey.blockSize {
            subkey = wholeSubkey
        } else {
            subkey = paddedSubkey
            message.append(0x80)
            while message.count < 2 * AESKey.blockSize { message.append(0) }
        }
        for index in 0..<AESKey.blockSize { message[AESKey.blockSize + index] ^= subkey[index] }
        let encrypted = masterKey.encryptCBC(message)
        return AESKey(block: Array(encrypted[AESKey.blockSize...]))
    }

    /// K1 and K2 of NIST SP 800-38B, section 6.1.
    package static func subkeys(of key: AESKey) -> (whole: [UInt8], padded: [UInt8]) {
        let zero = [UInt8](repeating: 0, count: AESKey.blockSize)
        let first = doubled(key.encryptCBC(zero))
        return (first, doubled(first))
    }

    /// Multiplies by x in GF(2^128).
    private static func doubled(_ block: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: AESKey.blockSize)
        var carry: UInt8 = 0
        for index in block.indices.reversed() {
            result[index] = block[index] << 1 | carry
            carry = block[index] >> 7
        }
        result[AESKey.blockSize - 1] ^= carry * 0x87
        return result
    }
}
