/// The order in which people list names: `zone 2` before `zone 10`.
enum NaturalOrder {
    static func precedes(_ left: String, _ right: String) -> Bool {
        var left = Substring(left).utf8
        var right = Substring(right).utf8
        while let first = left.first, let second = right.first {
            guard isDigit(first), isDigit(second) else {
                if first != second { return first < second }
                left = left.dropFirst()
                right = right.dropFirst()
                continue
            }
            let (a, b) = (left.prefix(while: isDigit), right.prefix(while: isDigit))
            let (one, two) = (a.drop { $0 == zero }, b.drop { $0 == zero })
            if one.count != two.count { return one.count < two.count }
            if !one.elementsEqual(two) { return one.lexicographicallyPrecedes(two) }
            if a.count != b.count { return a.count < b.count }
            left = left[a.endIndex...]
            right = right[b.endIndex...]
        }
        return left.isEmpty && !right.isEmpty
    }

    private static let zero = UInt8(ascii: "0")

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

    static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}

/// Several names told as one: `5–9`.
struct NameRuns {
    let text: String
    /// How many names it stands for.
    let count: Int

    /// In natural order, each name once; three and more numbers in a row become a span.
    static func fold(_ names: [String]) -> [NameRuns] {
        let sorted = Set(names).sorted(by: NaturalOrder.precedes)
        var runs: [NameRuns] = []
        var start = 0
        while start < sorted.count {
            var end = start
            while end + 1 < sorted.count, follows(sorted[end + 1], sorted[end]) { end += 1 }
            if end - start >= 2 {
                let last = parts(of: sorted[end]).map { String($0.number) } ?? sorted[end]
                runs.append(NameRuns(text: "\(sorted[start])–\(last)", count: end - start + 1))
            } else {
                runs += sorted[start...end].map { NameRuns(text: $0, count: 1) }
            }
            start = end + 1
        }
        return runs
    }

    private static func follows(_ next: String, _ name: String) -> Bool {
        guard let one = parts(of: name), let two = parts(of: next) else { return false }
        return one.stem == two.stem && two.number == one.number + 1
    }

    /// What stands before the number at a name's end, and the number.
    private static func parts(of name: String) -> (stem: Substring, number: Int)? {
        let digits = name.reversed().prefix(while: NaturalOrder.isDigit).count
        guard (1...9).contains(digits), let number = Int(name.suffix(digits)),
            String(number).count == digits
        else { return nil }
        return (name.dropLast(digits), number)
    }
}
