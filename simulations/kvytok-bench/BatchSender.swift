import AsyncHTTPClient
import Crypto
import DeviceProtocol
import Foundation
import LocalStack
import NIOCore
import NIOHTTP1
import NIOSSL
import PostgresClient
import SmallTown
import TransitModel

/// One enrolled device with its batches ready to send.
struct BatchSender: Sendable {
    private let device: DeviceID
    private let epoch: EpochID
    private let batches: [TapBatch]
    /// Of each record, so that copying does not spend time on them.
    private let hashes: [[[UInt8]]]
    private let client: HTTPClient

    init(vehicle: String, batches count: Int, in town: Town) async throws {
        try await town.installation.enrol(vehicle, gateway: town.gateway)
        let state = town.installation.folders.validator(vehicle)
        let json = try Data(contentsOf: URL(filePath: "\(state)/device.json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        device = DeviceID(try decoder.decode(Identity.self, from: json).deviceId)
        let key = try P256.Signing.PrivateKey(
            pemRepresentation: String(contentsOfFile: "\(state)/device.key", encoding: .utf8))
        var random = SeededGenerator(seed: UInt64(vehicle.utf8.reduce(0) { $0 &+ Int($1) }))
        epoch = EpochID(using: &random)
        batches = try Self.make(
            count, of: device, epoch, vehicle: VehicleID(vehicle), signer: P256HeadSigner(key: key),
            random: &random)
        hashes = batches.map { $0.records.map { ChainHash.of($0).bytes } }

        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(town.installation.folders.authority)
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile("\(state)/device.crt")
            .map { .certificate($0) }
        tls.privateKey = .privateKey(
            try NIOSSLPrivateKey(file: "\(state)/device.key", format: .pem))
        client = HTTPClient(configuration: .init(tlsConfiguration: tls))
    }

    private struct Identity: Decodable {
        let deviceId: String
    }

    private static func make(
        _ count: Int, of device: DeviceID, _ epoch: EpochID, vehicle: VehicleID,
        signer: P256HeadSigner, random: inout SeededGenerator
    ) throws -> [TapBatch] {
        let start = Timestamp(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1_000))
        let opening = EpochOpening(
            device: device, epoch: epoch, parent: nil, openedAt: start, cause: .start
        ).serialized()
        var previous = ChainHash.of(opening)
        var sequence: UInt64 = 0
        return try (0..<count).map { _ in
            let first = sequence + 1
            let before = previous
            var records: [[UInt8]] = []
            for _ in 0..<TapBatch.recordLimit {
                sequence += 1
                let number = RiderAccountID(using: &random).bytes
                let tap = Tap(
                    tappedAt: start.advanced(by: .milliseconds(Int64(sequence))),
                    monotonic: MonotonicTime(milliseconds: Int64(sequence)),
                    clockQuality: .system,
                    service: ServiceContext(
                        vehicle: vehicle, route: "tram-1", trip: "tram-1-weekday-0-01",
                        stop: "vokzal", direction: .outbound),
                    mediaKey: MediaKey(bytes: number, generation: KeyGeneration(1)),
                    mediaKind: .eTicketCard, verdict: .accepted,
                    documents: DocumentVersions(
                        denyListBase: 1, denyListOverlay: 0, configuration: 1))
                let record = TapRecord(
                    device: device, epoch: epoch, sequence: sequence, previousHash: previous,
                    tap: tap
                ).serialized()
                previous = ChainHash.of(record)
                records.append(record)
            }
            return try TapBatch(
                openingBytes: opening, firstSequence: first, previousHash: before,
                records: records, signer: signer)
        }
    }

    /// Sends the batches one after the other, each after the last one's acknowledgement.
    func send(to gateway: String) async throws {
        for batch in batches {
            var request = HTTPClientRequest(url: "\(gateway)/device/v1/batches")
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/x-protobuf")
            request.body = .bytes(ByteBuffer(bytes: batch.serialized()))
            let answer = try await client.execute(request, timeout: .seconds(30))
            let body = try await answer.body.collect(upTo: 1 << 20)
            let acknowledgement = try Acknowledgement(serialized: Array(body.readableBytesView))
            guard answer.status == .ok, acknowledgement.headSequence == batch.lastSequence else {
                throw BenchFailure("a batch was not taken: \(answer.status)")
            }
        }
    }

    /// Copies the same rows, as many a commit, and nothing else.
    func copy(to database: PostgresClient) async throws {
        let (device, epoch) = ("\(device)-copy", epoch)
        let receivedAt = Timestamp(
            millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1_000))
        for (batch, hashes) in zip(batches, hashes) {
            try await database.withTransaction { connection in
                try connection.copy(
                    into: "tap_log",
                    columns: [
                        "device_id", "epoch_id", "sequence", "record", "record_hash",
                        "received_at",
                    ]
                ) { writer in
                    for (offset, record) in batch.records.enumerated() {
                        try writer.row(
                            device, epoch, Int64(batch.firstSequence) + Int64(offset), record,
                            hashes[offset], receivedAt)
                    }
                }
            }
        }
    }

    func close() async throws { try await client.shutdown() }
}

struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
