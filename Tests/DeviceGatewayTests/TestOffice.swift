import Crypto
import DeviceGateway
import DeviceProtocol
import Foundation
import LocalStack
import PostgresClient
import Store
import Testing
import TransitModel
import X509

/// A migrated database, an authority and an archive of one test's own.
struct TestOffice {
    static let scheme: SchemeID = "test-town"
    static let noon = Timestamp(secondsSince1970: 1_772_445_600)

    let database: PostgresClient
    let authority: CertificateAuthority
    let archiveFolder: URL
    let intake: BatchIntake

    init() async throws {
        database = PostgresClient(try await Self.makeDatabase(), connectionLimit: 16)
        authority = try CertificateAuthority.make(scheme: Self.scheme, at: Self.noon).authority
        archiveFolder = try ScratchFolder("archive").url
        intake = BatchIntake(
            database: database, archive: try TapArchive(folder: archiveFolder),
            clock: { Self.noon })
    }

    static func makeDatabase() async throws -> String {
        try await TestDatabase.make(like: "migrated") { url in
            let client = PostgresClient(url)
            try await Migrator().migrate(client)
            await client.close()
        }
    }

    /// An enrolled device with a key of its own.
    func enrol(_ device: DeviceID = "validator-7") async throws -> TestDevice {
        let name = try #require(DeviceName(scheme: Self.scheme, device: device))
        let made = try TestDevice(name, authority: authority)
        try await database.withTransaction { connection in
            try DeviceStore.enrol(
                device, in: "tram-101",
                certificate: DeviceStore.Certificate(
                    serialNumber: [1], fingerprint: made.credential.fingerprint,
                    notBefore: Self.noon, notAfter: Self.noon.advanced(by: .seconds(86_400))),
                at: Self.noon, on: connection)
        }
        return made
    }

    func send(_ batch: TapBatch, from device: TestDevice) async throws -> Acknowledgement {
        try await intake.take(batch.serialized(), from: device.credential)
    }

    // MARK: What the database holds

    func records(of epoch: TestEpoch) async throws -> [[UInt8]] {
        let identifier = epoch.opening.epoch
        return try await database.query(
            "select record from tap_log where epoch_id = \(identifier) order by sequence"
        ).map { try $0.decode("record") }
    }

    func state(of epoch: TestEpoch) async throws -> String? {
        let identifier = epoch.opening.epoch
        return try await database.query(
            "select state from epoch_head where epoch_id = \(identifier)"
        ).first.map { try $0.decode("state") }
    }

    func count(_ table: String) async throws -> Int64 {
        try await database.query("select count(*) as n from \(unescaped: table)")
            .first?.decode("n") ?? 0
    }

    func archived() throws -> [ArchivedBatch] {
        try TapArchive.read(folder: archiveFolder).batches
    }
}

struct TestDevice: Sendable {
    let name: DeviceName
    let key: P256.Signing.PrivateKey
    let credential: DeviceCredential
    let certificatePEM: String

    init(
        _ name: DeviceName, authority: CertificateAuthority,
        at now: Timestamp = GatewayClock.now()
    ) throws {
        self.name = name
        key = P256.Signing.PrivateKey()
        let request = try CertificateSigningRequest(
            version: .v1, subject: try DistinguishedName { CommonName("a device") },
            privateKey: Certificate.PrivateKey(key), attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA256)
        let certificate = try authority.issue(request, for: name, at: now)
        credential = try #require(DeviceCredential(derEncoded: try certificate.derBytes))
        certificatePEM = try certificate.pem
    }
}

/// A device's chain under construction, as its journal would keep it.
struct TestEpoch: Sendable {
    let opening: EpochOpening
    let openingBytes: [UInt8]
    private(set) var records: [[UInt8]] = []

    init(
        of device: TestDevice, parent: EpochParent? = nil, cause: EpochCause = .start,
        id: EpochID? = nil
    ) {
        var random = SystemRandomNumberGenerator()
        opening = EpochOpening(
            device: device.name.device, epoch: id ?? EpochID(using: &random), parent: parent,
            openedAt: TestOffice.noon, cause: cause)
        openingBytes = opening.serialized()
    }

    var last: UInt64 { UInt64(records.count) }

    func hash(at sequence: UInt64) -> ChainHash {
        ChainHash.of(sequence == 0 ? openingBytes : records[Int(sequence) - 1])
    }

    func asParent(at sequence: UInt64? = nil) -> EpochParent {
        EpochParent(
            epoch: opening.epoch, lastSequence: sequence ?? last,
            lastHash: hash(at: sequence ?? last))
    }

    mutating func append(_ count: Int, filler: UInt8 = 7) throws {
        for _ in 0..<count {
            let key = try #require(
                MediaKey(
                    bytes: Array(repeating: filler, count: 16), generation: KeyGeneration(1)))
            let tap = Tap(
                tappedAt: TestOffice.noon.advanced(by: .seconds(Int64(last))),
                monotonic: MonotonicTime(milliseconds: Int64(last)), clockQuality: .system,
                service: ServiceContext(vehicle: "tram-101"), mediaKey: key,
                mediaKind: .eTicketCard, verdict: .accepted,
                documents: DocumentVersions(
                    denyListBase: 1, denyListOverlay: 0, configuration: 1))
            append(
                rawBytes: TapRecord(
                    device: opening.device, epoch: opening.epoch, sequence: last + 1,
                    previousHash: hash(at: last), tap: tap
                ).serialized())
        }
    }

    mutating func append(rawBytes: [UInt8]) {
        records.append(rawBytes)
    }

    func batch(_ sequences: ClosedRange<UInt64>, by device: TestDevice) throws -> TapBatch {
        try TapBatch(
            openingBytes: openingBytes, firstSequence: sequences.lowerBound,
            previousHash: hash(at: sequences.lowerBound - 1),
            records: Array(
                records[Int(sequences.lowerBound) - 1...Int(sequences.upperBound) - 1]),
            signer: P256HeadSigner(key: device.key))
    }
}
