import AsyncHTTPClient
import Foundation
import NIOCore
import TransitModel

/// Asks the demonstration over its socket.
package struct ControlClient: VehicleControl {
    private let socket: String
    private let client: HTTPClient

    /// - Parameter socket: The path of the socket; it may appear later.
    package init(socket: String) {
        self.socket = socket
        // Lives as long as the program, and so needs no shutdown.
        client = .shared
    }

    package func state() async throws -> ControlState {
        try await ask("state", within: .seconds(5))
    }

    package func answers(from first: Int, of vehicle: String) async throws -> WitnessedAnswers {
        try await ask("answers?vehicle=\(vehicle)&from=\(first)", within: .seconds(5))
    }

    package func tap(_ card: String?, in vehicle: String) async throws -> TappedCard {
        var order = ["vehicle": Value.text(vehicle)]
        order["card"] = card.map(Value.text)
        return try await ask("tap", order, within: .seconds(30))
    }

    package func tap(count: Int, in vehicle: String) async throws -> [TappedCard] {
        let done: Taps = try await ask(
            "taps", ["vehicle": .text(vehicle), "count": .number(count)], within: .seconds(120))
        return done.taps
    }

    package func cutNetwork(of vehicle: String) async throws -> Int {
        let cut: NetworkCut = try await ask(
            "network", ["vehicle": .text(vehicle), "state": .text("cut")], within: .seconds(10))
        return cut.connections
    }

    package func restoreNetwork(of vehicle: String) async throws {
        let _: NetworkCut = try await ask(
            "network", ["vehicle": .text(vehicle), "state": .text("restored")],
            within: .seconds(10))
    }

    package func cutPower(of vehicle: String) async throws -> Int32? {
        let cut: PowerCut = try await ask(
            "power", ["vehicle": .text(vehicle), "state": .text("cut")], within: .seconds(10))
        return cut.process
    }

    package func restorePower(of vehicle: String) async throws {
        let _: PowerCut = try await ask(
            "power", ["vehicle": .text(vehicle), "state": .text("restored")], within: .seconds(70))
    }

    package func journal(of vehicle: String) async throws -> JournalStanding {
        try await ask("journal?vehicle=\(vehicle)", within: .seconds(20))
    }

    // MARK: - The wire

    private struct Taps: Decodable { let taps: [TappedCard] }
    private struct NetworkCut: Decodable { let connections: Int }
    private struct PowerCut: Decodable { let process: Int32? }
    private struct Refused: Decodable { let error: String }

    private enum Value: Encodable {
        case text(String)
        case number(Int)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            }
        }
    }

    /// - Parameter order: With it the question is an order.
    /// - Throws: ``ControlFailure``.
    private func ask<Answer: Decodable>(
        _ path: String, _ order: [String: Value]? = nil, within limit: TimeAmount
    ) async throws -> Answer {
        let body: ByteBuffer
        do {
            guard let url = URL(httpURLWithSocketPath: socket, uri: "/\(path)")?.absoluteString
            else { throw ControlFailure.noControl }
            let deadline = NIODeadline.now() + limit
            let answer =
                if let order {
                    client.post(
                        url: url, body: .data(try JSONEncoder().encode(order)), deadline: deadline)
                } else {
                    client.get(url: url, deadline: deadline)
                }
            body = try await answer.get().body ?? ByteBuffer()
        } catch {
            throw ControlFailure.noControl
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let json = Data(body.readableBytesView)
        if let refused = try? decoder.decode(Refused.self, from: json) {
            throw ControlFailure(rawValue: refused.error) ?? .noControl
        }
        do {
            return try decoder.decode(Answer.self, from: json)
        } catch {
            throw ControlFailure.noControl
        }
    }
}

extension TapAnswer {
    private enum Field: String, CodingKey {
        case tap, tappedAt, verdict, readUs, decidedUs, journalledUs, shownUs, cardUs
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        func span(_ field: Field) throws -> Duration {
            .microseconds(try fields.decode(Int64.self, forKey: field))
        }
        let (name, instant) = (
            try fields.decode(String.self, forKey: .tap),
            try fields.decode(String.self, forKey: .tappedAt)
        )
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let tap = TapID(name), let date = try? style.parse(instant) else {
            throw DecodingError.dataCorruptedError(
                forKey: .tap, in: fields, debugDescription: "no tap or no instant")
        }
        self.init(
            tap: tap,
            tappedAt: Timestamp(
                millisecondsSince1970: Int64((date.timeIntervalSince1970 * 1_000).rounded())),
            verdict: try fields.decode(String.self, forKey: .verdict), read: try span(.readUs),
            decided: try span(.decidedUs), journalled: try span(.journalledUs),
            shown: try span(.shownUs), card: try span(.cardUs))
    }
}

extension TapID {
    /// Reads what ``description`` writes. A device's name may hold no slash.
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let epoch = EpochID(String(parts[1])),
            let sequence = UInt64(parts[2])
        else { return nil }
        self.init(device: DeviceID(String(parts[0])), epoch: epoch, sequence: sequence)
    }
}
