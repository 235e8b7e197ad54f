import SwiftProtobuf
import TransitModel

/// A tap's own fields within its record.
extension Tap {
    init(wire: Kvytok_Device_V1_TapRecord) throws(WireFailure) {
        let digest = [UInt8](wire.sealedPaymentDigest)
        guard digest.isEmpty || digest.count == ChainHash.byteCount else {
            throw .invalid(field: "sealed_payment_digest")
        }
        let riders = try WireFields.narrow(wire.riders, "riders", to: UInt8.self)
        guard riders > 0 else { throw .missing(field: "riders") }
        guard wire.hasDocuments else { throw .missing(field: "documents") }
        let media = try Self.media(wire)
        self.init(
            tappedAt: Timestamp(millisecondsSince1970: wire.tappedAtMs),
            monotonic: MonotonicTime(milliseconds: wire.monotonicMs),
            clockQuality: try Self.clockQuality(wire.clockQuality),
            position: try Self.position(wire),
            service: try Self.service(wire),
            mediaKey: media.key,
            mediaKind: media.kind,
            riderCategory: wire.riderCategoryID.isEmpty
                ? nil : RiderCategoryID(wire.riderCategoryID),
            verdict: try Self.verdict(wire),
            documents: try Self.documents(wire.documents),
            riders: riders,
            sealedPaymentDigest: digest.isEmpty ? nil : digest)
    }

    func write(to wire: inout Kvytok_Device_V1_TapRecord) {
        wire.tappedAtMs = tappedAt.millisecondsSince1970
        wire.monotonicMs = monotonic.milliseconds
        wire.clockQuality =
            switch clockQuality {
            case .unset: .unset
            case .system: .system
            case .signed: .signed
            }
        if let position {
            wire.position = .with {
                $0.latitudeE7 = position.latitudeE7
                $0.longitudeE7 = position.longitudeE7
                $0.ageMs = position.age.wholeMilliseconds
            }
        }
        wire.service = .with {
            $0.vehicleID = service.vehicle.rawValue
            if let route = service.route { $0.routeID = route.rawValue }
            if let trip = service.trip { $0.tripID = trip.rawValue }
            if let stop = service.stop { $0.stopID = stop.rawValue }
            if let direction = service.direction { $0.direction = UInt32(direction.rawValue) }
        }
        if mediaKey != nil || mediaKind != nil {
            wire.media = .with {
                if let mediaKey {
                    $0.mediaKey = .init(field: mediaKey.bytes)
                    $0.keyGeneration = UInt32(mediaKey.generation.number)
                }
                $0.mediaKind = UInt32(mediaKind?.rawValue ?? 0)
            }
        }
        wire.riderCategoryID = riderCategory?.rawValue ?? ""
        switch verdict {
        case .accepted:
            wire.verdict = .accepted
        case .refused(let refusal):
            wire.verdict = .refused
            wire.refusal = UInt32(refusal.rawValue)
        }
        wire.documents = .with {
            $0.denyListBase = documents.denyListBase
            $0.denyListOverlay = documents.denyListOverlay
            $0.configuration = documents.configuration
        }
        wire.riders = UInt32(riders)
        if let sealedPaymentDigest {
            wire.sealedPaymentDigest = .init(field: sealedPaymentDigest)
        }
    }

    private static func clockQuality(
        _ wire: Kvytok_Device_V1_ClockQuality
    ) throws(WireFailure) -> ClockQuality {
        switch wire {
        case .unset: return .unset
        case .system: return .system
        case .signed: return .signed
        case .unspecified: throw .missing(field: "clock_quality")
        case .UNRECOGNIZED(let value):
            throw .unknown(field: "clock_quality", value: UInt64(truncatingIfNeeded: value))
        }
    }

    private static func position(
        _ wire: Kvytok_Device_V1_TapRecord
    ) throws(WireFailure) -> AgedPosition? {
        guard wire.hasPosition else { return nil }
        let (latitude, longitude) = (wire.position.latitudeE7, wire.position.longitudeE7)
        guard (-900_000_000...900_000_000).contains(latitude),
            (-1_800_000_000...1_800_000_000).contains(longitude)
        else { throw .invalid(field: "position") }
        let age = try WireFields.count(wire.position.ageMs, "position.age_ms")
        return AgedPosition(
            latitudeE7: latitude, longitudeE7: longitude, age: .milliseconds(Int64(age)))
    }

    private static func service(
        _ wire: Kvytok_Device_V1_TapRecord
    ) throws(WireFailure) -> ServiceContext {
        let service = wire.service
        var direction: Direction?
        if service.hasDirection {
            guard let known = UInt8(exactly: service.direction).flatMap(Direction.init) else {
                throw .unknown(field: "direction", value: UInt64(service.direction))
            }
            direction = known
        }
        return ServiceContext(
            vehicle: try WireFields.identifier(service.vehicleID, "vehicle_id"),
            route: service.hasRouteID ? RouteID(service.routeID) : nil,
            trip: service.hasTripID ? TripID(service.tripID) : nil,
            stop: service.hasStopID ? StopID(service.stopID) : nil,
            direction: direction)
    }

    private static func media(
        _ wire: Kvytok_Device_V1_TapRecord
    ) throws(WireFailure) -> (key: MediaKey?, kind: MediaKind?) {
        guard wire.hasMedia else { return (nil, nil) }
        var kind: MediaKind?
        if wire.media.mediaKind != 0 {
            guard let known = UInt8(exactly: wire.media.mediaKind).flatMap(MediaKind.init) else {
                throw .unknown(field: "media_kind", value: UInt64(wire.media.mediaKind))
            }
            kind = known
        }
        let bytes = [UInt8](wire.media.mediaKey)
        if bytes.isEmpty { return (nil, kind) }
        let generation: UInt16 = try WireFields.narrow(wire.media.keyGeneration, "key_generation")
        guard let key = MediaKey(bytes: bytes, generation: KeyGeneration(generation)) else {
            throw .invalid(field: "media_key")
        }
        return (key, kind)
    }

    /// An accepted tap without a medium could never be charged: it is no valid record.
    private static func verdict(
        _ wire: Kvytok_Device_V1_TapRecord
    ) throws(WireFailure) -> TapVerdict {
        switch wire.verdict {
        case .accepted:
            guard wire.refusal == 0 else { throw .invalid(field: "refusal") }
            guard ![UInt8](wire.media.mediaKey).isEmpty else { throw .missing(field: "media_key") }
            guard wire.media.mediaKind != 0 else { throw .missing(field: "media_kind") }
            return .accepted
        case .refused:
            guard wire.refusal != 0 else { throw .missing(field: "refusal") }
            guard let refusal = UInt8(exactly: wire.refusal).flatMap(TapRefusal.init) else {
                throw .unknown(field: "refusal", value: UInt64(wire.refusal))
            }
            return .refused(refusal)
        case .unspecified:
            throw .missing(field: "verdict")
        case .UNRECOGNIZED(let value):
            throw .unknown(field: "verdict", value: UInt64(truncatingIfNeeded: value))
        }
    }

    private static func documents(
        _ wire: Kvytok_Device_V1_DocumentVersions
    ) throws(WireFailure) -> DocumentVersions {
        DocumentVersions(
            denyListBase: try WireFields.count(wire.denyListBase, "deny_list_base"),
            denyListOverlay: try WireFields.count(wire.denyListOverlay, "deny_list_overlay"),
            configuration: try WireFields.count(wire.configuration, "configuration"))
    }
}

extension Duration {
    /// Milliseconds without the part below; nothing for a negative span.
    var wholeMilliseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds) * 1_000 + UInt64(attoseconds / 1_000_000_000_000_000)
    }
}
