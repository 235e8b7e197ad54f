import FareMedia
import Testing
import TransitModel

/// Reads hexadecimal from a published table.
func bytes(_ hex: String) throws -> [UInt8] { try #require([UInt8](hex: hex)) }

func key(_ hex: String) throws -> AESKey { try #require(AESKey(bytes: bytes(hex))) }

func response(_ hex: String) throws -> APDUResponse {
    try #require(APDUResponse(bytes: bytes(hex)))
}
