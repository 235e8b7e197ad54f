import AsyncHTTPClient
import Crypto
import DeviceGateway
import DeviceProtocol
import Foundation
import LocalStack
import Logging
import NIOCore
import NIOSSL
import PostgresClient
import SignedDocuments
import Store
import Testing
import TransitModel

/// The listener as devices meet it: over TLS, on a port of its own.
@Suite("Gateway over mutual TLS")
struct GatewayRoutesTests {
    @Test("Everything but enrolment asks for a certificate")
    func certificateRequired() async throws {
        try await withGateway { gateway in
            let stranger = try gateway.client()
            for path in ["time", "documents/deny-list", "documents/root"] {
                let answer = try await stranger.get(path)
                #expect(answer.status == 401)
                #expect(answer.code == "certificate_required")
            }
            #expect(try await stranger.post("batches", [1]).status == 401)
            #expect(try await stranger.get("authority").status == 200)
            try await stranger.close()
        }
    }

    @Test("A certificate of another authority does not get through the handshake")
    func otherAuthority() async throws {
        try await withGateway { gateway in
            let foreign = try CertificateAuthority.make(
                scheme: TestOffice.scheme, at: GatewayClock.now()
            ).authority
            let name = try #require(DeviceName(scheme: TestOffice.scheme, device: "validator-7"))
            let client = try gateway.client(try TestDevice(name, authority: foreign))
            await #expect(throws: (any Error).self) { try await client.get("time") }
            try await client.close()
        }
    }

    @Test("A certificate of another scheme, or one that was not issued here, gets nothing")
    func otherScheme() async throws {
        try await withGateway { gateway in
            let other = try #require(DeviceName(scheme: "elsewhere", device: "validator-7"))
            let foreigner = try gateway.client(
                try TestDevice(other, authority: gateway.keys.authority))
            #expect(try await foreigner.get("time").status == 401)
            try await foreigner.close()
            let name = try #require(DeviceName(scheme: TestOffice.scheme, device: "validator-9"))
            let unknown = try gateway.client(
                try TestDevice(name, authority: gateway.keys.authority))
            let answer = try await unknown.get("time")
            #expect(answer.status == 403)
            #expect(answer.code == "device_unknown")
            try await unknown.close()
        }
    }

    @Test("Batches are acknowledged; what is no batch is answered 400 with its reason")
    func batches() async throws {
        try await withGateway { gateway in
            let device = try await gateway.enrol("validator-7")
            let client = try gateway.client(device)
            var epoch = TestEpoch(of: device)
            try epoch.append(500)
            let bytes = try epoch.batch(1...500, by: device).serialized()
            for _ in 0..<2 {
                let answer = try await client.post("batches", bytes)
                #expect(answer.status == 200)
                #expect(try Acknowledgement(serialized: answer.body).headSequence == 500)
            }
            let malformed = try await client.post("batches", [0xFF])
            #expect(malformed.status == 400)
            #expect(malformed.code == "not_protobuf")
            let huge = [UInt8](repeating: 0, count: TapBatch.byteLimit + 1)
            #expect(try await client.post("batches", huge).status == 413)
            #expect(try await gateway.count("tap_log") == 500)
            try await client.close()
        }
    }

    @Test("Documents are given once, signed by the keys of the trust root")
    func documents() async throws {
        try await withGateway { gateway in
            try await gateway.publish()
            let client = try gateway.client(try await gateway.enrol("validator-7"))
            let root = try await client.get("documents/root")
            var trusted = try TrustedDocuments(root: root.body, scheme: TestOffice.scheme)
            for role in [DocumentRole.denyList, .configuration] {
                let answer = try await client.get("documents/\(role.name)")
                #expect(answer.status == 200)
                try trusted.accept(answer.body, as: role, at: GatewayClock.now())
                let version = try SignedDocument(parsing: answer.body).header.version
                let again = try await client.get("documents/\(role.name)?after=\(version)")
                #expect(again.status == 204)
            }
            #expect(try await client.get("documents/nonsense").status == 404)
            try await client.close()
        }
    }

    @Test("A revoked device gets no documents and no time")
    func revoked() async throws {
        try await withGateway { gateway in
            let client = try gateway.client(try await gateway.enrol("validator-7"))
            #expect(try await client.get("time").status == 200)
            try await gateway.revoke("validator-7")
            for path in ["time", "documents/root"] {
                let answer = try await client.get(path)
                #expect(answer.status == 403)
                #expect(answer.code == "device_revoked")
            }
            try await client.close()
        }
    }

    @Test("Guessing codes ends in 429, and a batch of guesses stays out")
    func guessing() async throws {
        try await withGateway { gateway in
            let client = try gateway.client()
            var statuses: [Int] = []
            for _ in 0..<12 {
                let body = #"{"code":"00000-00000-00000-00000","csr":"nothing"}"#
                statuses.append(try await client.post("enrol", Array(body.utf8)).status)
            }
            #expect(Set(statuses.prefix(10)) == [400])
            #expect(statuses.last == 429)
            try await client.close()
        }
    }

    @Test("While the database is away batches are not acknowledged, and nothing needs a restart")
    func databaseAway() async throws {
        try await withGateway { gateway in
            let device = try await gateway.enrol("validator-7")
            let client = try gateway.client(device)
            var epoch = TestEpoch(of: device)
            try epoch.append(2)
            let bytes = try epoch.batch(1...2, by: device).serialized()
            _ = try await gateway.database.execute("alter table tap_log rename to tap_log_away")
            let away = try await client.post("batches", bytes)
            #expect(away.status == 503)
            _ = try await gateway.database.execute("alter table tap_log_away rename to tap_log")
            #expect(try await client.post("batches", bytes).status == 200)
            #expect(try await gateway.count("tap_log") == 2)
            try await client.close()
        }
    }
}
