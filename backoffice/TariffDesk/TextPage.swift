/// Headings and lists as plain text.
struct TextPage {
    /// Columns that a line may fill.
    private static let width = 100

    private(set) var text = ""

    mutating func heading(_ heading: String, level: Int) {
        if !text.isEmpty { text += "\n" }
        text += String(repeating: "#", count: level) + " " + heading + "\n"
    }

    mutating func lines(_ lines: [PriceList.Line]) {
        if !lines.isEmpty { text += "\n" }
        for line in lines { item(line) }
    }

    /// Breaks between words only; what a no-break space joins stays together.
    private mutating func item(_ line: PriceList.Line) {
        let indent = String(repeating: "  ", count: line.depth)
        var row = indent + "-"
        var isFirst = true
        for word in line.text.split(separator: " ") {
            if !isFirst, row.count + 1 + word.count > Self.width {
                text += row + "\n"
                row = indent + " "
            }
            row += " " + word
            isFirst = false
        }
        text += row + "\n"
    }
}
