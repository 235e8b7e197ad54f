import Crypto
import SignedDocuments
import Testing
import TransitModel

@Suite("Rules of trust")
struct TrustedDocumentsTests {
    private let publisher = Publisher()
    private let now = Publisher.duringLife

    @Test("Versions strictly rise; the same and older ones are refused")
    func versionsRise() throws {
        var trusted = try publisher.trusted()
        try trusted.accept(publisher.denyList(version: 5), as: .denyList, at: now)
        for old in [UInt64(5), 4, 1, 0] {
            #expect(throws: DocumentRefusal.notNewer(floor: 5, offered: old)) {
                try trusted.accept(publisher.denyList(version: old), as: .denyList, at: now)
            }
        }
        try trusted.accept(publisher.denyList(version: 6), as: .denyList, at: now)
        #expect(trusted.version(of: .denyList) == 6)
        #expect(trusted.version(of: .configuration) == nil)
    }

    @Test("Any flipped bit is refused, and the last good document stays")
    func everyByteFlipped() throws {
        var trusted = try publisher.trusted()
        try trusted.accept(publisher.denyList(version: 5), as: .denyList, at: now)
        let good = try publisher.denyList(version: 6)
        for offset in good.indices {
            for bit in [UInt8(0x01), 0x80] {
                var bad = good
                bad[offset] ^= bit
                #expect(throws: DocumentRefusal.self, "offset \(offset)") {
                    try trusted.accept(bad, as: .denyList, at: now)
                }
            }
        }
        #expect(trusted.version(of: .denyList) == 5)
        try trusted.accept(good, as: .denyList, at: now)
    }

    @Test("A document of another role or scheme is refused, however well signed")
    func mixedUp() throws {
        var trusted = try publisher.trusted()
        let list = try publisher.denyList(version: 1)
        #expect(throws: DocumentRefusal.wrongRole(expected: .configuration, found: .denyList)) {
            try trusted.accept(list, as: .configuration, at: now)
        }
        let foreign = try publisher.document(
            .denyList, scheme: "other", version: 1, payload: [],
            signedBy: publisher.onlineSigners)
        #expect(throws: DocumentRefusal.wrongScheme(expected: "demo", found: "other")) {
            try trusted.accept(foreign, as: .denyList, at: now)
        }
    }

    @Test("Keys of one role say nothing for another; strangers say nothing at all")
    func wrongKeys() throws {
        var trusted = try publisher.trusted()
        for signers in [publisher.rootSigners, [DocumentSigner(key: .init())], []] {
            let list = try publisher.denyList(version: 1, signedBy: signers)
            #expect(throws: DocumentRefusal.tooFewSignatures(valid: 0, threshold: 1)) {
                try trusted.accept(list, as: .denyList, at: now)
            }
        }
        let selfMade = try publisher.root(version: 2, signedBy: publisher.onlineSigners)
        #expect(throws: DocumentRefusal.tooFewSignatures(valid: 0, threshold: 1)) {
            try trusted.accept(selfMade, as: .root, at: now)
        }
    }

    @Test("A threshold counts keys, not signatures")
    func threshold() throws {
        let publisher = Publisher(rootKeys: 3, onlineKeys: 3, threshold: 2)
        var trusted = try publisher.trusted()
        let twice = [publisher.onlineSigners[0], publisher.onlineSigners[0]]
        let list = try publisher.denyList(version: 1, signedBy: twice)
        #expect(throws: DocumentRefusal.tooFewSignatures(valid: 1, threshold: 2)) {
            try trusted.accept(list, as: .denyList, at: now)
        }
        let pair = Array(publisher.onlineSigners[1...2])
        try trusted.accept(publisher.denyList(version: 1, signedBy: pair), as: .denyList, at: now)
    }

    @Test("Expiry refuses a newcomer, never one in use; an unset clock judges nothing")
    func expiry() throws {
        var trusted = try publisher.trusted()
        let list = try publisher.denyList(version: 3)
        #expect(throws: DocumentRefusal.expired(at: Publisher.expires)) {
            try trusted.accept(list, as: .denyList, at: Publisher.afterExpiry)
        }
        let stored = try trusted.recheck(stored: list, as: .denyList)
        trusted.adopt(stored)
        #expect(trusted.version(of: .denyList) == 3)
        try trusted.accept(publisher.denyList(version: 4), as: .denyList, at: nil)
    }

    @Test("A remembered version bars older ones even when its document was lost")
    func floorSurvives() throws {
        var trusted = try publisher.trusted()
        trusted.remember(version: 9, of: .denyList)
        #expect(throws: DocumentRefusal.notNewer(floor: 9, offered: 8)) {
            try trusted.accept(publisher.denyList(version: 8), as: .denyList, at: now)
        }
        #expect(throws: DocumentRefusal.notNewer(floor: 9, offered: 8)) {
            try trusted.recheck(stored: publisher.denyList(version: 8), as: .denyList)
        }
        #expect(trusted.newestRefused(of: .denyList) == 8)
        try trusted.accept(publisher.denyList(version: 9), as: .denyList, at: now)
        #expect(trusted.newestRefused(of: .denyList) == 9)
    }

    @Test("Examining alone changes nothing")
    func examineIsPure() throws {
        let trusted = try publisher.trusted()
        let list = try publisher.denyList(version: 2)
        let first = try trusted.examine(list, as: .denyList, at: now)
        let second = try trusted.examine(list, as: .denyList, at: now)
        #expect(first == second)
        #expect(trusted.version(of: .denyList) == nil)
    }
}

@Suite("Rotation of the trust root")
struct RootRotationTests {
    private let old = Publisher(rootKeys: 2, threshold: 1)

    private func successor() -> Publisher {
        var next = old
        next.rootSigners = [old.rootSigners[1], DocumentSigner(key: .init())]
        next.onlineSigners = [DocumentSigner(key: .init())]
        return next
    }

    @Test("A successor signed under both roots takes over, even from an expired one")
    func rotates() throws {
        let next = successor()
        var trusted = try old.trusted()
        let shared = [old.rootSigners[1]]
        try trusted.accept(
            next.root(version: 2, signedBy: shared), as: .root, at: Publisher.duringLife)
        #expect(throws: DocumentRefusal.self) {
            try trusted.accept(old.denyList(version: 1), as: .denyList, at: nil)
        }
        try trusted.accept(next.denyList(version: 1), as: .denyList, at: nil)
    }

    @Test("Signed under one root alone it is refused")
    func needsBoth() throws {
        let next = successor()
        var trusted = try old.trusted()
        let onlyOld = try next.root(version: 2, signedBy: [old.rootSigners[0]])
        let onlyNew = try next.root(version: 2, signedBy: [next.rootSigners[1]])
        for bytes in [onlyOld, onlyNew] {
            #expect(throws: DocumentRefusal.tooFewSignatures(valid: 0, threshold: 1)) {
                try trusted.accept(bytes, as: .root, at: nil)
            }
        }
        #expect(trusted.version(of: .root) == 1)
    }

    @Test("The chain of roots has no gap")
    func noGap() throws {
        var trusted = try old.trusted()
        #expect(throws: DocumentRefusal.rootGap(held: 1, offered: 3)) {
            try trusted.accept(old.root(version: 3), as: .root, at: nil)
        }
        try trusted.accept(old.root(version: 2), as: .root, at: nil)
        try trusted.accept(old.root(version: 3), as: .root, at: nil)
    }

    @Test("A first root must meet its own threshold and name the device's scheme")
    func bootstrap() throws {
        let stranger = try old.root(signedBy: old.onlineSigners)
        #expect(throws: DocumentRefusal.tooFewSignatures(valid: 0, threshold: 1)) {
            try TrustedDocuments(root: stranger, scheme: "demo")
        }
        #expect(throws: DocumentRefusal.wrongScheme(expected: "x", found: "demo")) {
            try TrustedDocuments(root: old.root(), scheme: "x")
        }
    }

    @Test("The payload has one encoding and survives no damage to its shape")
    func payload() throws {
        let root = try Publisher(rootKeys: 3, onlineKeys: 2, threshold: 2).trustRoot()
        let payload = root.payload()
        #expect(try TrustRoot(payload: payload) == root)
        for length in payload.indices {
            #expect(throws: DocumentRefusal.self) {
                try TrustRoot(payload: Array(payload[..<length]))
            }
        }
        #expect(throws: DocumentRefusal.self) { try TrustRoot(payload: payload + [0]) }
    }
}
