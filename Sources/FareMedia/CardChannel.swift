/// A way to exchange commands with the one medium in a reader's field.
///
/// The call blocks until the card has answered, so it belongs on the reader's own thread.
package protocol CardChannel {
    /// - Throws: ``CardReadFailure/torn`` when the medium has left, ``CardReadFailure/silent``
    ///   when nothing came in time.
    func transmit(_ command: APDUCommand) throws(CardReadFailure) -> APDUResponse
}

extension CardChannel {
    /// Reads the ticket of the medium in the field: the machine decides, this loop obeys.
    package func readETicket(
        _ reading: ETicketReading, challenge: ReaderChallenge
    ) -> MediaReading {
        var machine = ETicketReadMachine(reading: reading, challenge: challenge)
        var step = machine.start()
        while case .transmit(let command) = step {
            do {
                step = machine.receive(try transmit(command))
            } catch {
                step = machine.interrupt(by: error)
            }
        }
        guard case .finish(let result) = step else { return .failed(.protocolViolation, nil) }
        return result
    }
}
