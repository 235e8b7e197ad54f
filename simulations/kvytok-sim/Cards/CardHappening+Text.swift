import Foundation
import TransitModel
import VirtualCards

extension CardTable.Happening {
    private struct Line: Encodable {
        let at_ms: Int64
        let reader: Int
        let card: String
        let event: String
        let commands: Int
        let command: String?
        let response: String?
    }

    /// For a program: one line of JSON.
    var json: String {
        let (seconds, attoseconds) = at.components
        var exchange: (command: String, response: String)?
        if case .exchanged(let command, let response) = event {
            exchange = (command.hex, response.hex)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let line = Line(
            at_ms: seconds * 1_000 + attoseconds / 1_000_000_000_000_000, reader: reader,
            card: card, event: event.word, commands: commands, command: exchange?.command,
            response: exchange?.response)
        guard let data = try? encoder.encode(line) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// For a person.
    var sentence: String {
        let place = "reader \(reader): \(card)"
        return switch event {
        case .inserted: "\(place) lies on it"
        case .exchanged(let command, let response): "\(place) \(command.hex) > \(response.hex)"
        case .fellSilent: "\(place) has fallen silent after \(commands) commands"
        case .torn: "\(place) was torn away after \(commands) commands"
        case .removed: "\(place) was taken away after \(commands) commands"
        case .lost: "\(place): the reader is gone"
        }
    }
}

extension VPCDClient.Event {
    fileprivate var word: String {
        switch self {
        case .inserted: "inserted"
        case .exchanged: "exchanged"
        case .fellSilent: "fell_silent"
        case .torn: "torn"
        case .removed: "removed"
        case .lost: "lost"
        }
    }
}
