import TransitModel

/// Where things lie in a deny list's bytes.
///
/// Integers are big-endian; every part is a multiple of 16 bytes, so that keys lie aligned in a
/// mapped file:
///
///     magic "KVDL" · format u8 = 1 · key length u8 = 16 · section count u16 · version u64
///     sections:  (key generation u16 · zero 6 · entry count u64)…   generations strictly rise
///     keys:      (16 bytes)…   one run per section, strictly rising within it
///
/// Each generation of media keys has its own section, because during a key rotation a refused
/// medium is listed under both.
package enum DenyListLayout {
    package static let magic = Array("KVDL".utf8)
    package static let format: UInt8 = 1
    package static let keyLength = 16
    package static let headerLength = 16
    package static let sectionLength = 16
    /// Key generations that can be in force at once.
    package static let sectionLimit = 8
    /// Entries in all sections together.
    package static let entryLimit = 16_000_000
}
