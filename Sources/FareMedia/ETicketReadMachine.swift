import TransitModel

/// Reads and proves the ticket on a card, one exchange at a time.
///
/// UID, application, authentication under the key diversified from that UID, ticket file in
/// full communication mode, issuer signature. The machine owns no reader and no clock; whoever
/// drives it sends what it asks for and hands back what came.
package struct ETicketReadMachine: Sendable {
    package enum Step: Hashable, Sendable {
        case transmit(APDUCommand)
        case finish(MediaReading)
    }

    private enum State {
        case idle
        case identifying
        case selecting(CardUID)
        case authenticating(CardUID, EV2FirstAuthentication)
        case readingFile(CardUID, EV2Session, received: [UInt8], frames: Int)
        case done
    }

    /// One padded file and its code.
    static let protectedFileSize =
        (ETicketCodec.fileSize / AESKey.blockSize + 1) * AESKey.blockSize + EV2Session.macSize
    /// Frames of 16 bytes would still be enough; more is a card that plays for time.
    static let frameLimit = 10

    private let reading: ETicketReading
    private let challenge: ReaderChallenge
    private var state = State.idle
    private var provenMediaKey: MediaKey?

    package init(reading: ETicketReading, challenge: ReaderChallenge) {
        self.reading = reading
        self.challenge = challenge
    }

    /// Asks the reader for the UID (PC/SC part 3, section 3.2.2.1.3).
    package mutating func start() -> Step {
        state = .identifying
        return .transmit(
            APDUCommand(instructionClass: 0xFF, instruction: 0xCA, expectedLength: .anything))
    }

    package mutating func receive(_ response: APDUResponse) -> Step {
        switch state {
        case .identifying: select(response)
        case .selecting(let uid): authenticate(uid, response)
        case .authenticating(let uid, let authentication):
            goOn(uid, authentication, response)
        case .readingFile(let uid, let session, let received, let frames):
            collect(uid, session, received, frames, response)
        case .idle, .done: preconditionFailure("A response arrived while none was due")
        }
    }

    /// Ends the reading because no response will come.
    package mutating func interrupt(by failure: CardReadFailure) -> Step { stop(failure) }

    // MARK: - Steps

    private mutating func select(_ response: APDUResponse) -> Step {
        guard response.status == ISOStatus.success, let uid = CardUID(bytes: response.data) else {
            return stop(.unknownCard)
        }
        state = .selecting(uid)
        return .transmit(DESFire.command(DESFire.selectApplication, ETicketApplication.identifier))
    }

    private mutating func authenticate(_ uid: CardUID, _ response: APDUResponse) -> Step {
        guard response.status == DESFire.Status.success else { return stop(.unknownCard) }
        guard response.data.isEmpty else { return stop(.protocolViolation) }
        do {
            var authentication = EV2FirstAuthentication(
                key: try reading.cardKeys.readKey(forUID: uid),
                keyNumber: ETicketApplication.readKeyNumber, challenge: challenge)
            let command = authentication.start()
            state = .authenticating(uid, authentication)
            return .transmit(command)
        } catch {
            return stop(error)
        }
    }

    private mutating func goOn(
        _ uid: CardUID, _ authentication: EV2FirstAuthentication, _ response: APDUResponse
    ) -> Step {
        var authentication = authentication
        switch authentication.receive(response) {
        case .transmit(let command):
            state = .authenticating(uid, authentication)
            return .transmit(command)
        case .fail(let failure): return stop(failure)
        case .finish(let session):
            provenMediaKey = reading.mediaKeys.mediaKey(kind: .eTicketCard, number: uid.bytes)
            state = .readingFile(uid, session, received: [], frames: 0)
            return .transmit(Self.readCommand(under: session))
        }
    }

    private mutating func collect(
        _ uid: CardUID, _ session: EV2Session, _ earlier: [UInt8], _ frames: Int,
        _ response: APDUResponse
    ) -> Step {
        let received = earlier + response.data
        switch response.status {
        case DESFire.Status.additionalFrame:
            guard received.count < Self.protectedFileSize, frames + 1 < Self.frameLimit else {
                return stop(.protocolViolation)
            }
            state = .readingFile(uid, session, received: received, frames: frames + 1)
            return .transmit(DESFire.command(DESFire.additionalFrame))
        case DESFire.Status.success: return prove(uid, session, received)
        case DESFire.Status.fileNotFound, DESFire.Status.boundaryError:
            return stop(.malformedTicket(.wrongLength))
        case DESFire.Status.integrityError, DESFire.Status.authenticationError,
            DESFire.Status.permissionDenied:
            return stop(.authenticationFailed)
        default: return stop(.unexpectedStatus(response.status))
        }
    }

    private mutating func prove(
        _ uid: CardUID, _ session: EV2Session, _ received: [UInt8]
    ) -> Step {
        guard received.count == Self.protectedFileSize else { return stop(.protocolViolation) }
        var session = session
        do {
            let file = try session.open(received, mode: .full)
            return prove(uid, file: file)
        } catch {
            return stop(.authenticationFailed)
        }
    }

    private mutating func prove(_ uid: CardUID, file: [UInt8]) -> Step {
        guard let mediaKey = provenMediaKey else {
            preconditionFailure("A file is read only after authentication")
        }
        do {
            let ticket = try IssuerSignature.open(
                file, from: uid, issuerKeys: reading.issuerKeys)
            state = .done
            return .finish(
                .presentation(
                    MediaPresentation(
                        mediaKey: mediaKey, mediaKind: .eTicketCard, ticket: ticket)))
        } catch {
            return stop(error)
        }
    }

    private mutating func stop(_ failure: CardReadFailure) -> Step {
        state = .done
        return .finish(.failed(failure, provenMediaKey))
    }

    /// ReadData of the whole file: file number, offset and length, three bytes each and least
    /// significant first.
    private static func readCommand(under session: EV2Session) -> APDUCommand {
        let size = ETicketCodec.fileSize
        let header: [UInt8] = [
            ETicketApplication.ticketFileNumber, 0, 0, 0,
            UInt8(truncatingIfNeeded: size), UInt8(truncatingIfNeeded: size >> 8), 0,
        ]
        return DESFire.command(
            DESFire.readData, session.protect(DESFire.readData, header: header, mode: .full))
    }
}
