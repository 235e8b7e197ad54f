import FareMedia
import Testing
import TransitModel

/// NXP AN12196 rev. 2.0 and AN12343: messages under published session keys.
@Suite("EV2 secure messaging")
struct EV2SecureMessagingTests {
    private func session(
        _ transaction: String, _ encryptionKey: String, _ macKey: String, counter: UInt16 = 0
    ) throws -> EV2Session {
        try #require(
            EV2Session(
                transactionIdentifier: bytes(transaction), encryptionKey: key(encryptionKey),
                macKey: key(macKey), commandCounter: counter))
    }

    @Test("AN12196, table 17: WriteData in full mode, 128 bytes")
    func writeData() throws {
        var session = try session(
            "9d00c4df", "1309c877509e5a215007ff0ed19ca564", "4c6626f5e72ea694202139295c7a7fc7")
        #expect(session.commandIV.hex == "d2cb7277a17841a06654a48188c1f8f5")
        let data = try bytes(
            "0051d1014d550463686f6f73652e75726c2e636f6d2f6e7461673432343f653d"
                + "3030303030303030303030303030303030303030303030303030303030303030"
                + "26633d30303030303030303030303030303030"
                + String(repeating: "00", count: 45))
        let body = session.protect(
            0x8D, header: try bytes("02000000800000"), data: data, mode: .full)
        #expect(
            DESFire.command(0x8D, body).serialized.hex
                == "908d00009f02000000800000"
                + "421c73a27d827658af481fdff20a5025b559d0e3aa21e58d347f343cffc768bf"
                + "e596c706bc00f2176781d4b0242642a0ff5a42c461aaf894d9a1284b8c76bcfa"
                + "658acd40555d362e08db15cf421b51283f9064bcbe20e96cae545b407c9d651a"
                + "3315b27373772e5da2367d2064ae054af996c6f1f669170fa88ce8c4e3a4a7bb"
                + "bef0fd971ff532c3a802af745660f2b4" + "d1d9a8499661ebf300")
        let answer = try session.open(bytes("fc222e5f7a542452"), mode: .full)
        #expect(answer.isEmpty)
        #expect(session.commandCounter == 1)
    }

    @Test("AN12196, table 21: WriteData in full mode, 10 bytes")
    func writeShortData() throws {
        var session = try session(
            "7614281a", "7a93d6571e4b180fca6ac90c9a7488d4", "fc4af159b62e549b5812394cab1918cc")
        #expect(session.commandIV.hex == "4c651a64261a90307b6c293f611c7f7b")
        let body = session.protect(
            0x8D, header: try bytes("030000000a0000"), data: try bytes("0102030405060708090a"),
            mode: .full)
        #expect(
            DESFire.command(0x8D, body).serialized.hex
                == "908d00001f030000000a00006b5e6804909962fc4e3ff5522cf0f8436c0c53315b9c73aa00")
        let answer = try session.open(bytes("c26d236e4a7c046d"), mode: .full)
        #expect(answer.isEmpty)
    }

    @Test("AN12196, table 26: ChangeKey under a counter of 3")
    func changeKey() throws {
        let session = try session(
            "7614281a", "4cf3cb41a22583a61e89b158d252fc53", "5529860b2fc5fb6154b7f28361d30bf9",
            counter: 3)
        #expect(session.commandIV.hex == "01602d579423b2797be8b478b0b4d27b")
        let body = session.protect(
            0xC4, header: [0], data: try bytes("5004bf991f408672b1ef00f08f9e864701"),
            mode: .full)
        #expect(
            DESFire.command(0xC4, body).serialized.hex
                == "90c400002900c0eb4deefeddf0b513a03a95a754"
                + "91818580503190d4d05053ff75668a01d6fda6610234bded643200")
    }

    @Test("AN12196, table 28: GetCardUID, an encrypted answer")
    func cardUID() throws {
        var session = try cardUIDSession()
        #expect(
            DESFire.command(0x51, session.protect(0x51, header: [], mode: .full)).serialized.hex
                == "90510000088e2c155adda99be300")
        let answer = try bytes("70756055688505b52a5e26e59e329cd6595f672298ea41b7")
        let uid = try session.open(answer, mode: .full)
        #expect(uid.hex == "04958caa5c5e80")
        #expect(session.responseIV.hex == "7f6bb0b278ea054cbd238c5d9e9e342b")
    }

    @Test("AN12343, page 54: ReadData in MAC mode")
    func readDataMAC() throws {
        var session = try session(
            "e2d3af69", "00000000000000000000000000000000", "9366fa195eb566f5bd2bad4020b83002",
            counter: 1)
        let body = session.protect(0xAD, header: try bytes("00000000300000"), mode: .mac)
        #expect(body.suffix(8).hex == "0d9be191d5960834")
        let data = String(repeating: "22", count: 25) + String(repeating: "00", count: 23)
        let answer = try session.open(bytes(data + "a49a44222d926666"), mode: .mac)
        #expect(answer.hex == data)
    }

    /// proxmark3, client/src/mifare/desfiretest.c.
    @Test("A command's initialisation vector")
    func commandIV() throws {
        let session = try session(
            "ed56f6e6", "66a8cb93269dc9bc2885b7a91b9c697b", "00000000000000000000000000000000")
        #expect(session.commandIV.hex == "da0f644a4986275957cf1ec3af4cce53")
    }

    @Test("Every turned bit of an answer is noticed before anything is decrypted")
    func alteredAnswer() throws {
        let answer = try bytes("70756055688505b52a5e26e59e329cd6595f672298ea41b7")
        for index in answer.indices {
            for bit in 0..<8 {
                var altered = answer
                altered[index] ^= 1 << bit
                #expect(throws: SecureMessagingFailure.wrongMAC) {
                    var session = try cardUIDSession()
                    _ = try session.open(altered, mode: .full)
                }
            }
        }
    }

    @Test("Truncated and padded answers are refused", arguments: 0..<24)
    func truncated(count: Int) throws {
        let answer = try bytes("70756055688505b52a5e26e59e329cd6595f672298ea41b7")
        #expect(throws: SecureMessagingFailure.self) {
            var session = try cardUIDSession()
            _ = try session.open(Array(answer.prefix(count)), mode: .full)
        }
        #expect(throws: SecureMessagingFailure.wrongMAC) {
            var session = try cardUIDSession()
            _ = try session.open(answer + answer.prefix(count + 1), mode: .full)
        }
    }

    @Test("An answer is good once, under its own count, status and transaction")
    func replay() throws {
        let answer = try bytes("70756055688505b52a5e26e59e329cd6595f672298ea41b7")
        var session = try cardUIDSession()
        _ = try session.open(answer, mode: .full)
        #expect(throws: SecureMessagingFailure.wrongMAC) {
            _ = try session.open(answer, mode: .full)
        }
        #expect(throws: SecureMessagingFailure.wrongMAC) {
            var other = try cardUIDSession()
            _ = try other.open(answer, returnCode: 0xAF, mode: .full)
        }
        #expect(throws: SecureMessagingFailure.wrongMAC) {
            var other = try self.session(
                "df055523", "2b4d963c014dc36f24f69a50a394f875",
                "379d32130ce61705dd5fd8c36b95d764")
            _ = try other.open(answer, mode: .full)
        }
    }

    @Test("Believed answers of wrong shape: no whole blocks, no padding")
    func wrongShape() throws {
        var counted = try cardUIDSession()
        let isCounted = counted.countExchange()
        #expect(isCounted)
        let short: [UInt8] = [1, 2, 3]
        #expect(throws: SecureMessagingFailure.wrongLength) {
            var session = try cardUIDSession()
            _ = try session.open(short + counted.responseMAC(0, body: short), mode: .full)
        }
        let unpadded = counted.encryptionKey.encryptCBC(
            [UInt8](repeating: 7, count: 16), iv: counted.responseIV)
        #expect(throws: SecureMessagingFailure.wrongPadding) {
            var session = try cardUIDSession()
            _ = try session.open(unpadded + counted.responseMAC(0, body: unpadded), mode: .full)
        }
    }

    @Test("The counter never repeats")
    func exhaustion() throws {
        var session = try session(
            "df055522", "2b4d963c014dc36f24f69a50a394f875", "379d32130ce61705dd5fd8c36b95d764",
            counter: .max)
        #expect(throws: SecureMessagingFailure.counterExhausted) {
            _ = try session.open([UInt8](repeating: 0, count: 8), mode: .mac)
        }
    }

    private func cardUIDSession() throws -> EV2Session {
        try session(
            "df055522", "2b4d963c014dc36f24f69a50a394f875", "379d32130ce61705dd5fd8c36b95d764")
    }
}
