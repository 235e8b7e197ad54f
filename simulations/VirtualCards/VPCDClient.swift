import FareMedia
import Foundation
import Synchronization

/// Puts cards into the field of one virtual reader and takes them out again.
///
/// A card in the field is a TCP connection to the reader's port, served by a thread of its own.
package final class VPCDClient: Sendable {
    /// What happened in the field, in order.
    package enum Event: Hashable, Sendable {
        case inserted
        /// One answered command, as bytes on the wire.
        case exchanged(command: [UInt8], response: [UInt8])
        /// The card stopped answering for good, as its fault says.
        case fellSilent
        /// Ripped out in mid-exchange, as its fault says.
        case torn
        case removed
        /// The reader closed the connection: its daemon ended or it was unplugged.
        case lost
    }

    private struct State {
        /// Rises with each insertion, so that an old card's thread cannot end a new card.
        var insertion = 0
        var socket: CardSocket?
    }

    package let host: String
    package let port: UInt16
    private let onEvent: @Sendable (Event) -> Void
    private let state = Mutex(State())

    /// - Parameter onEvent: Called on the card's thread, before the answer is sent in the case
    ///   of ``Event/exchanged(command:response:)``; it must not wait for the reader.
    package init(
        host: String = "127.0.0.1", port: UInt16,
        onEvent: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.onEvent = onEvent
    }

    deinit { state.withLock { $0.socket?.shutDown() } }

    package var isOccupied: Bool { state.withLock { $0.socket != nil } }

    /// Puts a card into the field; one that lies there already is taken out first.
    ///
    /// Returns when the reader's port has taken the connection. The daemon notices at its next
    /// look, up to 0.4 s later.
    ///
    /// - Throws: ``CardSocketError`` when no reader listens there.
    package func insert(_ card: VirtualCard, fault: CardFault? = nil) throws {
        remove()
        let socket = try CardSocket(host: host, port: port)
        let insertion = state.withLock { state in
            state.insertion += 1
            state.socket = socket
            return state.insertion
        }
        onEvent(.inserted)
        Thread.detachNewThread { [weak self, onEvent] in
            let end = Self.serve(PresentedCard(card, fault: fault), over: socket, onEvent)
            socket.shutDown()
            if self?.forget(insertion) ?? false { onEvent(end) }
        }
    }

    /// Takes the card out, if there is one.
    package func remove() {
        let socket = state.withLock { state in
            state.insertion += 1
            return state.socket.take()
        }
        guard let socket else { return }
        socket.shutDown()
        onEvent(.removed)
    }

    /// - Returns: `false` when that card was taken out by hand meanwhile.
    private func forget(_ insertion: Int) -> Bool {
        state.withLock { state in
            guard state.insertion == insertion else { return false }
            state.socket = nil
            return true
        }
    }

    /// Serves one card until it is torn out or the connection ends.
    private static func serve(
        _ card: PresentedCard, over socket: CardSocket, _ onEvent: (Event) -> Void
    ) -> Event {
        var card = card
        var isSilent = false
        while let body = socket.receiveMessage() {
            let message = VPCDMessage(body: body)
            switch card.react(to: message) {
            case .nothing: continue
            case .tear: return .torn
            case .silent:
                if !isSilent { onEvent(.fellSilent) }
                isSilent = true
            case .reply(let reply):
                if case .command(let command) = message {
                    onEvent(.exchanged(command: command, response: reply))
                }
                guard socket.send(reply) else { return .lost }
            }
        }
        return .lost
    }
}
