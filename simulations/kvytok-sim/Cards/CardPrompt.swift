import TransitModel
import VirtualCards

/// What a person types at the prompt of `kvytok-sim cards`.
enum CardPrompt {
    enum Request: Hashable {
        /// Insert, hold as long as a passenger does, take away.
        case tap(reader: Int, CardOrder)
        case act(reader: Int, CardInstruction.Action)
        case readers
        case help
        case quit
        case nothing
    }

    struct Misunderstanding: Error, Hashable {
        let reason: String
    }

    static let help = """
        tap READER CARD [KIND] [WISH ...]     insert, hold for a moment, take away
        insert READER CARD [KIND] [WISH ...]  leave it there
        remove READER                         take away whatever lies there
        readers                               where they are
        quit                                  take everything away and end

        CARD is any name: the same name is the same card each time. KIND is one of
        \(CardKind.allCases.map(\.rawValue).joined(separator: ", ")).
        WISH is category=NAME, tear=COMMANDS or silent=COMMANDS: torn away, or silent,
        after answering so many commands. Readers count from 0.
        """

    static func parse(_ line: String, readers: Int) throws(Misunderstanding) -> Request {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        switch words.first {
        case nil: return .nothing
        case "help", "?": return .help
        case "readers": return .readers
        case "quit", "exit": return .quit
        case "remove":
            guard words.count == 2 else { throw Misunderstanding(reason: "remove READER") }
            return .act(reader: try reader(words[1], of: readers), .remove)
        case "insert", "tap":
            guard words.count >= 3 else {
                throw Misunderstanding(reason: "\(words[0]) READER CARD [KIND] [WISH ...]")
            }
            let reader = try reader(words[1], of: readers)
            let order = try order(name: words[2], words.dropFirst(3))
            return words[0] == "tap"
                ? .tap(reader: reader, order) : .act(reader: reader, .insert(order))
        case let word?: throw Misunderstanding(reason: "\(word)? Type help.")
        }
    }

    private static func reader(
        _ word: String, of readers: Int
    ) throws(Misunderstanding) -> Int {
        guard let number = Int(word), (0..<readers).contains(number) else {
            throw Misunderstanding(reason: "readers are 0 to \(readers - 1), not \(word)")
        }
        return number
    }

    private static func order(
        name: String, _ wishes: ArraySlice<String>
    ) throws(Misunderstanding) -> CardOrder {
        var order = CardOrder(name: name)
        for wish in wishes {
            let parts = wish.split(separator: "=", maxSplits: 1).map(String.init)
            switch (parts.first, parts.dropFirst().first) {
            case (_, nil):
                guard let kind = CardKind(rawValue: wish) else {
                    throw Misunderstanding(reason: "no kind of card is called \(wish)")
                }
                order.kind = kind
            case ("category", let value?): order.riderCategory = RiderCategoryID(value)
            case ("tear", let value?):
                order.fault = .tear(afterCommands: try count(value))
            case ("silent", let value?):
                order.fault = .silence(afterCommands: try count(value))
            default: throw Misunderstanding(reason: "no wish is called \(wish)")
            }
        }
        return order
    }

    private static func count(_ word: String) throws(Misunderstanding) -> Int {
        guard let count = UInt8(word) else {
            throw Misunderstanding(reason: "\(word) is not a count from 0 to 255")
        }
        return Int(count)
    }
}
