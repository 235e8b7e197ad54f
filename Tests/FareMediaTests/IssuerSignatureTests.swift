import Crypto
import FareMedia
import Testing
import TransitModel

@Suite("Issuer signature")
struct IssuerSignatureTests {
    private let signingKey = Curve25519.Signing.PrivateKey()
    private let issuer = IssuerKeyID(3)

    private var issuerKeys: [IssuerKeyID: [UInt8]] {
        [issuer: Array(signingKey.publicKey.rawRepresentation)]
    }

    private func uid(_ hex: String) throws -> CardUID { try #require(CardUID(bytes: bytes(hex))) }

    private func makeFile(for uid: CardUID) throws -> [UInt8] {
        let ticket = try ETicket(
            scheme: "kvytok-demo", serial: 1, issuerKey: issuer,
            validFrom: Timestamp(secondsSince1970: 0), validUntil: Timestamp(secondsSince1970: 9))
        return try IssuerSignature.seal(ticket, onto: uid, with: signingKey)
    }

    @Test("A sealed ticket opens on its own card")
    func opens() throws {
        let uid = try uid("04782e21801d80")
        let ticket = try IssuerSignature.open(
            makeFile(for: uid), from: uid, issuerKeys: issuerKeys)
        #expect(ticket.serial == 1)
    }

    @Test("Copied onto another card it is a forgery")
    func copied() throws {
        let file = try makeFile(for: uid("04782e21801d80"))
        for other in ["04782e21801d81", "04782e21", "04782e21801d80000000"] {
            #expect(throws: CardReadFailure.forgedTicket(scheme: "kvytok-demo")) {
                try IssuerSignature.open(file, from: uid(other), issuerKeys: issuerKeys)
            }
        }
    }

    @Test("No turned bit of ticket or signature gets through")
    func altered() throws {
        let uid = try uid("04782e21801d80")
        let file = try makeFile(for: uid)
        for index in file.indices {
            var altered = file
            altered[index] ^= 0x01
            #expect(throws: CardReadFailure.self) {
                try IssuerSignature.open(altered, from: uid, issuerKeys: issuerKeys)
            }
        }
    }

    @Test("Issuers that are unknown, or whose key is no key, prove nothing")
    func unknownIssuer() throws {
        let uid = try uid("04782e21801d80")
        let file = try makeFile(for: uid)
        for keys in [[:], [IssuerKeyID(4): issuerKeys[issuer] ?? []], [issuer: [1, 2, 3]]] {
            #expect(throws: CardReadFailure.unknownIssuer(scheme: "kvytok-demo")) {
                try IssuerSignature.open(file, from: uid, issuerKeys: keys)
            }
        }
        let stranger = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation
        #expect(throws: CardReadFailure.forgedTicket(scheme: "kvytok-demo")) {
            try IssuerSignature.open(file, from: uid, issuerKeys: [issuer: Array(stranger)])
        }
    }

    @Test("Files of any other length are malformed", arguments: [0, 1, 62, 125, 127, 4_096])
    func lengths(count: Int) throws {
        let uid = try uid("04782e21801d80")
        #expect(throws: CardReadFailure.malformedTicket(.wrongLength)) {
            try IssuerSignature.open(
                [UInt8](repeating: 1, count: count), from: uid, issuerKeys: issuerKeys)
        }
    }
}
