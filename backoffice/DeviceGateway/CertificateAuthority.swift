import Crypto
import Foundation
import Store
import SwiftASN1
import TransitModel
import X509

/// Issues the certificates of one scheme's devices and of its gateway.
///
/// The key is in memory: for development. A production authority keeps it in a PKCS#11 token
/// behind the same calls.
package struct CertificateAuthority: Sendable {
    /// How long a device's certificate lasts; it renews at a third of its life left.
    package static let deviceLifetime: Duration = .seconds(90 * 86_400)
    static let serverLifetime: Duration = .seconds(397 * 86_400)
    private static let authorityLifetime: Duration = .seconds(3_650 * 86_400)
    /// A clock that runs a little behind must not refuse a fresh certificate.
    private static let backdating: Duration = .seconds(300)

    package let certificate: Certificate
    private let key: P256.Signing.PrivateKey

    package init(certificate: Certificate, key: P256.Signing.PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// A new authority that signs itself.
    package static func make(scheme: SchemeID, at now: Timestamp) throws -> (
        authority: CertificateAuthority, key: P256.Signing.PrivateKey
    ) {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName {
            OrganizationName("Kvytok scheme \(scheme.rawValue)")
            CommonName("Kvytok device authority")
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: now.advanced(by: .zero - backdating).date,
            notValidAfter: now.advanced(by: authorityLifetime).date, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
        return (CertificateAuthority(certificate: certificate, key: key), key)
    }

    /// A certificate for a device's key. Nothing of the request but its key is taken over: the
    /// name comes from the enrolment.
    ///
    /// - Throws: ``EnrolmentRefusal`` when the request is not signed by its own P-256 key.
    package func issue(
        _ request: CertificateSigningRequest, for name: DeviceName, at now: Timestamp
    ) throws -> Certificate {
        guard P256.Signing.PublicKey(request.publicKey) != nil,
            request.publicKey.isValidSignature(request.signature, for: request)
        else { throw EnrolmentRefusal.badRequest }
        return try issue(
            key: request.publicKey,
            subject: try DistinguishedName {
                OrganizationName("Kvytok scheme \(name.scheme.rawValue)")
                CommonName(name.device.rawValue)
            },
            names: [.uniformResourceIdentifier(name.uri)], usage: .clientAuth,
            lifetime: Self.deviceLifetime, at: now)
    }

    /// A certificate for the gateway's listener.
    ///
    /// - Parameter hosts: Names, and addresses in text form.
    func issueServer(
        key: P256.Signing.PublicKey, hosts: [String], at now: Timestamp
    ) throws -> Certificate {
        try issue(
            key: Certificate.PublicKey(key),
            subject: try DistinguishedName { CommonName("Kvytok device gateway") },
            names: hosts.map(GeneralName.init(host:)), usage: .serverAuth,
            lifetime: Self.serverLifetime, at: now)
    }

    private func issue(
        key subjectKey: Certificate.PublicKey, subject: DistinguishedName, names: [GeneralName],
        usage: ExtendedKeyUsage.Usage, lifetime: Duration, at now: Timestamp
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: subjectKey,
            notValidBefore: now.advanced(by: .zero - Self.backdating).date,
            notValidAfter: now.advanced(by: lifetime).date, issuer: certificate.subject,
            subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage])
                SubjectAlternativeNames(names)
                AuthorityKeyIdentifier(
                    keyIdentifier: try certificate.extensions.subjectKeyIdentifier?
                        .keyIdentifier)
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
    }
}

extension Certificate {
    package var derBytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }

    package var pem: String {
        get throws { try serializeAsPEM().pemString }
    }

    /// What the store keeps of it.
    var stored: DeviceStore.Certificate {
        get throws {
            DeviceStore.Certificate(
                serialNumber: Array(serialNumber.bytes),
                fingerprint: Array(SHA256.hash(data: try derBytes)),
                notBefore: Timestamp(notValidBefore), notAfter: Timestamp(notValidAfter))
        }
    }
}

extension GeneralName {
    /// An address where the text is one, else a name.
    fileprivate init(host: String) {
        var address4 = in_addr()
        var address6 = in6_addr()
        if inet_pton(AF_INET, host, &address4) == 1 {
            self = .ipAddress(
                ASN1OctetString(contentBytes: withUnsafeBytes(of: &address4) { [UInt8]($0)[...] }))
        } else if inet_pton(AF_INET6, host, &address6) == 1 {
            self = .ipAddress(
                ASN1OctetString(contentBytes: withUnsafeBytes(of: &address6) { [UInt8]($0)[...] }))
        } else {
            self = .dnsName(host)
        }
    }
}

extension Timestamp {
    init(_ date: Date) {
        self.init(millisecondsSince1970: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
    }

    var date: Date { Date(timeIntervalSince1970: Double(millisecondsSince1970) / 1_000) }
}
