import DenyList
import FareMedia
import SignedDocuments
import TransitModel

/// Decides about one presentation. Pure: the same arguments give the same answer.
///
/// Checks run in this order, and the first that fails gives the reason:
///
/// 1. **Service**: without a configuration the device cannot know its scheme, and without its
///    own keys it cannot judge a card: ``TapRefusal/outOfService``.
/// 2. **Reading**: not read to the end (``TapRefusal/unreadable``), not one of our media
///    (``TapRefusal/unknownMedia``), not genuine (``TapRefusal/notAuthentic``).
/// 3. **Scheme**: a genuine ticket of another community (``TapRefusal/foreignScheme``). Before
///    the deny list, which says nothing about it.
/// 4. **Deny list** (``TapRefusal/denied``). Before validity, since a blocked ticket stays
///    blocked once renewed. A missing or old list refuses nobody.
/// 5. **Validity** (``TapRefusal/notYetValid``, ``TapRefusal/expired``), only by a clock that
///    can be believed.
/// 6. **Passback** (``TapRefusal/passback``): accepted on this ride a moment ago. Last, because
///    it alone tells the rider that all is well.
package enum TapAcceptor {
    package static func decide(
        _ reading: MediaReading, under documents: AcceptanceDocuments, after recent: RecentTaps,
        at circumstances: TapCircumstances
    ) -> TapDecision {
        let verdict = judge(reading, under: documents, after: recent, at: circumstances)
        let presentation: MediaPresentation? =
            if case .presentation(let presentation) = reading { presentation } else { nil }
        let tap = Tap(
            tappedAt: circumstances.tappedAt, monotonic: circumstances.monotonic,
            clockQuality: circumstances.clockQuality, position: circumstances.position,
            service: circumstances.service, mediaKey: mediaKey(of: reading),
            mediaKind: mediaKind(of: reading), riderCategory: presentation?.ticket.riderCategory,
            verdict: verdict, documents: documents.versions)
        let isAccepted = verdict.isAccepted
        return TapDecision(
            tap: tap,
            display: DisplayedAnswer(
                verdict: verdict,
                atMost: isAccepted
                    ? documents.configuration?.displayedFare(
                        for: tap.riderCategory, on: tap.service.route) : nil,
                riderCategory: isAccepted ? tap.riderCategory : nil))
    }

    private static func judge(
        _ reading: MediaReading, under documents: AcceptanceDocuments, after recent: RecentTaps,
        at circumstances: TapCircumstances
    ) -> TapVerdict {
        guard let configuration = documents.configuration else { return .refused(.outOfService) }
        switch reading {
        case .failed(let failure, _):
            return .refused(refusal(for: failure, in: configuration.scheme))
        case .presentation(let presentation):
            let ticket = presentation.ticket
            if ticket.scheme != configuration.scheme { return .refused(.foreignScheme) }
            if let denyList = documents.denyList, denyList.contains(presentation.mediaKey) {
                return .refused(.denied)
            }
            if let now = believableTime(circumstances, documents) {
                if now < ticket.validFrom { return .refused(.notYetValid) }
                if now >= ticket.validUntil { return .refused(.expired) }
            }
            if recent.holdsBack(
                presentation.mediaKey, at: circumstances, window: configuration.passbackWindow)
            {
                return .refused(.passback)
            }
            return .accepted
        }
    }

    /// The wall time, unless it was never set or lies before the issue of a document that the
    /// device already holds: then it is wrong for certain, and doubt favours the rider.
    private static func believableTime(
        _ circumstances: TapCircumstances, _ documents: AcceptanceDocuments
    ) -> Timestamp? {
        guard circumstances.clockQuality != .unset else { return nil }
        if let newest = documents.newestIssueAt, circumstances.tappedAt < newest { return nil }
        return circumstances.tappedAt
    }

    private static func refusal(for failure: CardReadFailure, in scheme: SchemeID) -> TapRefusal {
        switch failure {
        case .torn, .silent, .unexpectedStatus, .protocolViolation: .unreadable
        case .unknownCard, .malformedTicket: .unknownMedia
        case .unknownIssuer(let claimed): claimed == scheme ? .notAuthentic : .foreignScheme
        case .authenticationFailed, .forgedTicket: .notAuthentic
        case .keyUnavailable: .outOfService
        }
    }

    private static func mediaKey(of reading: MediaReading) -> MediaKey? {
        switch reading {
        case .presentation(let presentation): presentation.mediaKey
        case .failed(_, let mediaKey): mediaKey
        }
    }

    /// Only a card that proved itself has a key, and only our own cards do so today.
    private static func mediaKind(of reading: MediaReading) -> MediaKind? {
        switch reading {
        case .presentation(let presentation): presentation.mediaKind
        case .failed(_, let mediaKey): mediaKey == nil ? nil : .eTicketCard
        }
    }
}
