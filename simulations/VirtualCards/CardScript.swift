import Foundation
import TransitModel

/// Why a line of a script cannot be followed.
package struct CardScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counts from 1.
    package let line: Int
    package let field: String?
    package let reason: String

    package var description: String {
        let place = field.map { "line \(line), \($0)" } ?? "line \(line)"
        return "\(place): \(reason)"
    }
}

/// JSON Lines that put cards on readers and take them away:
///
///     {"at_ms":0,"reader":0,"insert":{"card":"anna"}}
///     {"at_ms":900,"reader":0,"remove":true}
///     {"at_ms":1000,"reader":1,"insert":{"card":"ivan","kind":"expired","tear_after":3}}
package enum CardScript {
    /// Reads a whole script; blank lines are skipped.
    ///
    /// - Throws: ``CardScriptError`` for the first line that is wrong, or lies before the one
    ///   above it in time.
    package static func parse(_ text: String, readers: Int) throws(CardScriptError)
        -> [CardInstruction]
    {
        var instructions: [CardInstruction] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            let instruction = try parse(line: String(line), number: index + 1, readers: readers)
            if let last = instructions.last, instruction.at < last.at {
                throw CardScriptError(
                    line: index + 1, field: "at_ms", reason: "earlier than the line above")
            }
            instructions.append(instruction)
        }
        return instructions
    }

    /// Reads one line.
    ///
    /// - Parameter readers: How many there are; a line that names another is refused.
    package static func parse(
        line: String, number: Int, readers: Int
    ) throws(CardScriptError) -> CardInstruction {
        func refuse(_ field: String?, _ reason: String) -> CardScriptError {
            CardScriptError(line: number, field: field, reason: reason)
        }
        let content: Line
        do {
            content = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        } catch let error as DecodingError {
            let (field, reason) = error.placeAndReason
            throw refuse(field, reason)
        } catch {
            throw refuse(nil, "\(error)")
        }
        guard (0...maximumMilliseconds).contains(content.atMilliseconds) else {
            throw refuse("at_ms", "not between 0 and \(maximumMilliseconds)")
        }
        guard (0..<readers).contains(content.reader) else {
            throw refuse("reader", "not between 0 and \(readers - 1)")
        }
        let action: CardInstruction.Action
        switch (content.insert, content.remove) {
        case (let insert?, nil): action = .insert(insert.order)
        case (nil, true?): action = .remove
        default: throw refuse(nil, "needs either an insert or \"remove\":true")
        }
        return CardInstruction(
            at: .milliseconds(content.atMilliseconds), reader: content.reader, action: action)
    }

    /// A day is a long script.
    private static let maximumMilliseconds: Int64 = 86_400_000

    private struct Line: Decodable {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case atMilliseconds = "at_ms"
            case reader, insert, remove
        }

        let atMilliseconds: Int64
        let reader: Int
        let insert: Insert?
        let remove: Bool?

        init(from decoder: any Decoder) throws {
            try decoder.refuseStrangers(CodingKeys.self)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            atMilliseconds = try container.decodeIfPresent(Int64.self, forKey: .atMilliseconds) ?? 0
            reader = try container.decodeIfPresent(Int.self, forKey: .reader) ?? 0
            insert = try container.decodeIfPresent(Insert.self, forKey: .insert)
            remove = try container.decodeIfPresent(Bool.self, forKey: .remove)
        }
    }

    private struct Insert: Decodable {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case card, kind, category
            case tearAfter = "tear_after"
            case silentAfter = "silent_after"
            case silentOnPowerUp = "silent_on_power_up"
        }

        let order: CardOrder

        init(from decoder: any Decoder) throws {
            try decoder.refuseStrangers(CodingKeys.self)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let category = try container.decodeIfPresent(String.self, forKey: .category)
            var faults: [CardFault] = []
            if let count = try container.decodeIfPresent(UInt8.self, forKey: .tearAfter) {
                faults.append(.tear(afterCommands: Int(count)))
            }
            if let count = try container.decodeIfPresent(UInt8.self, forKey: .silentAfter) {
                faults.append(.silence(afterCommands: Int(count)))
            }
            if try container.decodeIfPresent(Bool.self, forKey: .silentOnPowerUp) ?? false {
                faults.append(.silenceOnPowerUp)
            }
            guard faults.count < 2 else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: container.codingPath, debugDescription: "one fault at most"))
            }
            order = CardOrder(
                name: try container.decode(String.self, forKey: .card),
                kind: try container.decodeIfPresent(CardKind.self, forKey: .kind) ?? .ticket,
                riderCategory: category.map { RiderCategoryID($0) }, fault: faults.first)
        }
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// A misspelt field is an error, not a default.
    fileprivate func refuseStrangers<Key: CodingKey & CaseIterable>(_ keys: Key.Type) throws {
        let known = Set(Key.allCases.map(\.stringValue))
        for key in try container(keyedBy: AnyKey.self).allKeys
        where !known.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath + [key], debugDescription: "no such field"))
        }
    }
}

extension DecodingError {
    fileprivate var placeAndReason: (field: String?, reason: String) {
        let context: Context
        var missing: String?
        switch self {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found):
            context = found
        case .keyNotFound(let key, let found):
            context = found
            missing = key.stringValue
        @unknown default: return (nil, "cannot be read")
        }
        let path = context.codingPath.map(\.stringValue) + (missing.map { [$0] } ?? [])
        return (
            path.isEmpty ? nil : path.joined(separator: "."),
            missing == nil ? context.debugDescription : "is missing"
        )
    }
}
