/// Sixteen unpredictable bytes that a reader draws for one authentication (RndA).
package struct ReaderChallenge: Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// - Returns: `nil` unless there are exactly 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == AESKey.blockSize else { return nil }
        self.bytes = bytes
    }

    /// - Parameter random: A cryptographic source outside tests: a reader that repeats itself
    ///   can be played a recording.
    package init(using random: inout some RandomNumberGenerator) {
        bytes = (0..<AESKey.blockSize).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    package var description: String { "ReaderChallenge" }
}

/// The reader's half of AuthenticateEV2First: both sides prove that they hold the key and agree
/// on a session (NXP AN12343, section 4; AN12196, section 5.6).
package struct EV2FirstAuthentication: Sendable {
    package enum Step: Sendable {
        case transmit(APDUCommand)
        case finish(EV2Session)
        case fail(CardReadFailure)
    }

    private enum State {
        case idle
        case awaitingChallenge
        case awaitingProof(cardChallenge: [UInt8])
        case done
    }

    private let key: AESKey
    private let keyNumber: UInt8
    private let challenge: [UInt8]
    private var state = State.idle

    package init(key: AESKey, keyNumber: UInt8, challenge: ReaderChallenge) {
        self.key = key
        self.keyNumber = keyNumber
        self.challenge = challenge.bytes
    }

    /// The first command: key number and no capabilities of the reader.
    package mutating func start() -> APDUCommand {
        state = .awaitingChallenge
        return DESFire.command(DESFire.authenticateEV2First, [keyNumber, 0])
    }

    package mutating func receive(_ response: APDUResponse) -> Step {
        switch state {
        case .awaitingChallenge: answer(response)
        case .awaitingProof(let cardChallenge): conclude(response, cardChallenge)
        case .idle, .done: preconditionFailure("A response arrived while none was due")
        }
    }

    private mutating func answer(_ response: APDUResponse) -> Step {
        guard response.status == DESFire.Status.additionalFrame else {
            return stop(Self.failure(for: response.status))
        }
        guard response.data.count == AESKey.blockSize else { return stop(.protocolViolation) }
        let cardChallenge = key.decryptCBC(response.data)
        state = .awaitingProof(cardChallenge: cardChallenge)
        let answer = key.encryptCBC(challenge + EV2Session.rotatedLeft(cardChallenge))
        return .transmit(DESFire.command(DESFire.additionalFrame, answer))
    }

    private mutating func conclude(_ response: APDUResponse, _ cardChallenge: [UInt8]) -> Step {
        guard response.status == DESFire.Status.success else {
            return stop(Self.failure(for: response.status))
        }
        guard response.data.count == 2 * AESKey.blockSize else { return stop(.protocolViolation) }
        // Transaction identifier (4), our challenge rotated (16), capabilities of card and
        // reader (6 each).
        let plaintext = key.decryptCBC(response.data)
        let proof = Array(plaintext[4..<20])
        guard isEqualInConstantTime(proof, EV2Session.rotatedLeft(challenge)) else {
            return stop(.authenticationFailed)
        }
        state = .done
        return .finish(
            EV2Session(
                key: key, readerChallenge: challenge, cardChallenge: cardChallenge,
                transactionIdentifier: Array(plaintext[..<4])))
    }

    private mutating func stop(_ failure: CardReadFailure) -> Step {
        state = .done
        return .fail(failure)
    }

    private static func failure(for status: UInt16) -> CardReadFailure {
        switch status {
        case DESFire.Status.authenticationError, DESFire.Status.noSuchKey,
            DESFire.Status.permissionDenied:
            .authenticationFailed
        case DESFire.Status.illegalCommand, ISOStatus.instructionNotSupported,
            ISOStatus.classNotSupported:
            .unknownCard
        default: .unexpectedStatus(status)
        }
    }
}
