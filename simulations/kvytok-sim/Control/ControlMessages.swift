import Foundation

/// What the control socket takes and gives: JSON in snake case.
enum ControlMessages {
    struct TapOrder: Decodable, Sendable {
        let vehicle: String
        /// A card in our hands; without it whichever rested longest.
        let card: String?
    }

    struct TapsOrder: Decodable, Sendable {
        let vehicle: String
        let count: Int
    }

    struct SwitchOrder: Decodable, Sendable {
        enum State: String, Decodable, Sendable {
            case cut
            case restored
        }

        let vehicle: String
        let state: State
    }

    struct VehicleState: Encodable, Sendable {
        let vehicle: String
        /// The address of its passenger display.
        let display: String
        let hasPower: Bool
        /// The validator's process; absent while it has none.
        let process: Int32?
        let hasNetwork: Bool
        /// Connections to the gateway.
        let connections: Int
        /// Taps answered since the demonstration began.
        let answered: Int
    }

    struct State: Encodable, Sendable {
        let vehicles: [VehicleState]
        let cards: [String]
    }

    struct Tapped: Encodable, Sendable {
        let card: String
        let answer: TapAnswer
    }

    struct TapsDone: Encodable, Sendable {
        let taps: [Tapped]
    }

    struct Witnessed: Encodable, Sendable {
        /// The number of the first answer listed.
        let first: Int
        let answers: [TapAnswer]
    }

    /// As `kvytok-validator journal verify` prints it.
    struct Journal: Codable, Sendable {
        let isSound: Bool
        let records: Int
        let unsent: Int

        init?(lines: [String]) {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let found = lines.compactMap { try? decoder.decode(Self.self, from: Data($0.utf8)) }
            guard let journal = found.first else { return nil }
            self = journal
        }
    }

    struct NetworkCut: Encodable, Sendable {
        /// Connections that died.
        let connections: Int
    }

    struct PowerCut: Encodable, Sendable {
        /// The process that was killed.
        let process: Int32?
    }
}

/// One tap in the validator's own words, as it prints them.
struct TapAnswer: Codable, Sendable {
    /// `device/epoch/sequence`.
    let tap: String
    /// By the validator's wall clock, at the decision.
    let tappedAt: String
    let verdict: String
    let reader: String
    /// Microseconds from the medium's entry into the field.
    let readUs: Int64
    let decidedUs: Int64
    let journalledUs: Int64
    let shownUs: Int64
    /// What the medium itself took.
    let cardUs: Int64

    /// - Returns: `nil` for a line that tells of no tap.
    init?(line: String) {
        guard line.hasPrefix("{"),
            let answer = try? Self.decoder.decode(Self.self, from: Data(line.utf8))
        else { return nil }
        self = answer
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
