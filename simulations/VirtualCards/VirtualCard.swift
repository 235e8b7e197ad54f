import FareMedia
import TransitModel

/// A card in software: bytes in, bytes out.
///
/// As an e-ticket it behaves like an ISO-wrapped DESFire EV2 with one application; what a
/// reader or a curious tool tries beyond that gets the status that such a card gives. It does
/// its own half of every protocol and trusts nothing that it is sent.
package struct VirtualCard: Sendable {
    /// What lies on the chip.
    package enum Contents: Hashable, Sendable {
        case eTicket(IssuedCard)
        /// A door key, a loyalty card: it has a UID and knows none of our commands.
        case nothingOfOurs(CardUID)
    }

    /// DESFire as PC/SC readers announce it: ISO/IEC 14443-4, one historical byte (PC/SC part
    /// 3, section 3.1.3.2.3.2).
    package static let answerToReset: [UInt8] = [0x3B, 0x81, 0x80, 0x01, 0x80, 0x80]

    private enum State {
        case idle
        case selected
        case challenged(cardChallenge: [UInt8])
        case authenticated(CardSideSession)
        case sending(CardSideSession, rest: [UInt8])
    }

    package let contents: Contents
    /// The most data that the card puts into one answer before it chains.
    package let frameSize: Int
    private var random: SeededGenerator
    private var state = State.idle

    /// - Parameters:
    ///   - frameSize: 59 for the native frames of the family; up to 250 makes a card that sends
    ///     the ticket at once.
    ///   - seed: For the card's challenges, so that a run can be repeated.
    package init(_ contents: Contents, frameSize: Int = 59, seed: UInt64 = 0) {
        self.contents = contents
        self.frameSize = min(max(frameSize, 1), 250)
        random = SeededGenerator(seed: seed)
    }

    package var uid: CardUID {
        switch contents {
        case .eTicket(let card): card.uid
        case .nothingOfOurs(let uid): uid
        }
    }

    /// Power is lost or the reader resets the card: selections and sessions are gone.
    package mutating func reset() {
        state = .idle
    }

    /// Answers one command as it came from the reader.
    package mutating func respond(to bytes: [UInt8]) -> APDUResponse {
        guard let command = APDUCommand(bytes: bytes) else {
            return APDUResponse(status: ISOStatus.wrongLength)
        }
        switch (command.instructionClass, command.instruction) {
        case (0xFF, 0xCA): return identify(command)
        case (0xFF, _): return APDUResponse(status: ISOStatus.functionNotSupported)
        case (0x00, 0xA4): return APDUResponse(status: ISOStatus.fileNotFound)
        case (DESFire.instructionClass, _):
            guard case .eTicket(let card) = contents else {
                return APDUResponse(status: ISOStatus.classNotSupported)
            }
            return respond(to: command, as: card)
        default: return APDUResponse(status: ISOStatus.instructionNotSupported)
        }
    }

    /// What a contactless reader answers in the card's name.
    private func identify(_ command: APDUCommand) -> APDUResponse {
        guard command.parameter1 == 0, command.parameter2 == 0 else {
            return APDUResponse(status: ISOStatus.functionNotSupported)
        }
        return APDUResponse(data: uid.bytes, status: ISOStatus.success)
    }

    // MARK: - The application

    private mutating func respond(
        to command: APDUCommand, as card: IssuedCard
    ) -> APDUResponse {
        switch (command.instruction, state) {
        case (DESFire.additionalFrame, .challenged(let cardChallenge)):
            authenticate(command.data, cardChallenge: cardChallenge, as: card)
        case (DESFire.additionalFrame, .sending(let session, let rest)):
            command.data.isEmpty ? send(rest, in: session) : fail(DESFire.Status.lengthError)
        case (DESFire.selectApplication, _): select(command.data)
        case (_, .challenged), (_, .sending): fail(DESFire.Status.commandAborted)
        case (DESFire.authenticateEV2First, .selected),
            (DESFire.authenticateEV2First, .authenticated):
            challenge(command.data, as: card)
        case (DESFire.readData, .authenticated(let session)):
            readFile(command.data, in: session, as: card)
        case (DESFire.readData, .selected): fail(DESFire.Status.permissionDenied)
        default: fail(DESFire.Status.illegalCommand)
        }
    }

    private mutating func select(_ identifier: [UInt8]) -> APDUResponse {
        guard identifier.count == 3 else { return fail(DESFire.Status.lengthError) }
        guard identifier == ETicketApplication.identifier else {
            state = .idle
            return APDUResponse(status: DESFire.Status.applicationNotFound)
        }
        state = .selected
        return APDUResponse(status: DESFire.Status.success)
    }

    private mutating func challenge(_ data: [UInt8], as card: IssuedCard) -> APDUResponse {
        // Key number, then the count of the reader's capability bytes and those bytes.
        guard data.count >= 2, data.count == 2 + Int(data[1]), data[1] <= 6 else {
            return fail(DESFire.Status.lengthError)
        }
        guard data[0] == ETicketApplication.readKeyNumber else {
            return fail(DESFire.Status.noSuchKey)
        }
        let cardChallenge = drawBytes(AESKey.blockSize)
        state = .challenged(cardChallenge: cardChallenge)
        return APDUResponse(
            data: card.readKey.encryptCBC(cardChallenge), status: DESFire.Status.additionalFrame)
    }

    private mutating func authenticate(
        _ data: [UInt8], cardChallenge: [UInt8], as card: IssuedCard
    ) -> APDUResponse {
        guard data.count == 2 * AESKey.blockSize else { return fail(DESFire.Status.lengthError) }
        let plaintext = card.readKey.decryptCBC(data)
        let readerChallenge = Array(plaintext[..<AESKey.blockSize])
        let proof = Array(plaintext[AESKey.blockSize...])
        guard isEqualInConstantTime(proof, EV2Session.rotatedLeft(cardChallenge)) else {
            return fail(DESFire.Status.authenticationError)
        }
        let transactionIdentifier = drawBytes(EV2Session.transactionIdentifierSize)
        let session = EV2Session(
            key: card.readKey, readerChallenge: readerChallenge, cardChallenge: cardChallenge,
            transactionIdentifier: transactionIdentifier)
        state = .authenticated(CardSideSession(session))
        let noCapabilities = [UInt8](repeating: 0, count: 12)
        let answer = card.readKey.encryptCBC(
            transactionIdentifier + EV2Session.rotatedLeft(readerChallenge) + noCapabilities)
        return APDUResponse(data: answer, status: DESFire.Status.success)
    }

    private mutating func readFile(
        _ body: [UInt8], in session: CardSideSession, as card: IssuedCard
    ) -> APDUResponse {
        var session = session
        guard let header = session.openHeader(DESFire.readData, body: body) else {
            return fail(DESFire.Status.integrityError)
        }
        guard header.count == 7 else { return fail(DESFire.Status.lengthError) }
        guard header[0] == ETicketApplication.ticketFileNumber else {
            return fail(DESFire.Status.fileNotFound)
        }
        let offset = Self.number(header[1..<4])
        let asked = Self.number(header[4..<7])
        // A length of zero asks for everything from the offset on.
        let count = asked == 0 ? card.ticketFile.count - offset : asked
        guard offset < card.ticketFile.count, offset + count <= card.ticketFile.count else {
            return fail(DESFire.Status.boundaryError)
        }
        let content = Array(card.ticketFile[offset..<offset + count])
        guard let answer = session.protect(content, mode: .full) else {
            return fail(DESFire.Status.commandAborted)
        }
        return send(answer, in: session)
    }

    private mutating func send(_ bytes: [UInt8], in session: CardSideSession) -> APDUResponse {
        let rest = Array(bytes.dropFirst(frameSize))
        state = rest.isEmpty ? .authenticated(session) : .sending(session, rest: rest)
        return APDUResponse(
            data: Array(bytes.prefix(frameSize)),
            status: rest.isEmpty ? DESFire.Status.success : DESFire.Status.additionalFrame)
    }

    /// Any error ends an authentication; the application stays selected.
    private mutating func fail(_ status: UInt16) -> APDUResponse {
        if case .idle = state {} else { state = .selected }
        return APDUResponse(status: status)
    }

    private mutating func drawBytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// Least significant byte first.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
