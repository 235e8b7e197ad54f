import Testing
import Timetable
import TransitModel

private func read(
    _ text: String, limits: CSVCursor.Limits = .init()
) throws(FeedError) -> [[String]] {
    try read(Array(text.utf8), limits: limits)
}

/// Columns `a` and `b` of every record.
private func read(
    _ bytes: [UInt8], limits: CSVCursor.Limits = .init()
) throws(FeedError) -> [[String]] {
    var cursor = try CSVCursor(file: "t.txt", bytes: bytes, limits: limits)
    let a = cursor.column("a")
    let b = cursor.column("b")
    var rows: [[String]] = []
    while try cursor.next() { rows.append([try cursor.text(a), try cursor.text(b)]) }
    return rows
}

@Suite("CSV as feeds have it")
struct CSVCursorTests {
    @Test(
        "Line ends, byte-order mark, blank lines and a last line without an end",
        arguments: [
            "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4", "\u{FEFF}a,b\n1,2\n3,4",
            "a,b\n\n1,2\n \n3,4\n\n\n", " a , b \n 1 ,\t2\n3, 4 ",
            "\"a\",\"b\"\n\"1\" , \"2\"\n3,4",
        ])
    func forms(text: String) throws {
        #expect(try read(text) == [["1", "2"], ["3", "4"]])
    }

    @Test("Quoted fields keep commas, line breaks, spaces and doubled quotes")
    func quoted() throws {
        #expect(
            try read("a,b\n\"x, \"\"y\"\"\r\nz\",\" s \"\n\"\",\"\"\n")
                == [["x, \"y\"\r\nz", " s "], ["", ""]])
    }

    @Test("A quote inside an unquoted value is kept as it is")
    func strayQuote() throws {
        #expect(try read("a,b\nCafé \"X\",5\"\n") == [["Café \"X\"", "5\""]])
    }

    @Test("Columns may come in any order, be missing or be unknown")
    func columns() throws {
        #expect(try read("c,b\n1,2\n") == [["", "2"]])
    }

    @Test("A header alone is an empty table")
    func empty() throws {
        #expect(try read("a,b") == [])
    }

    @Test("Lines are counted through quoted line breaks")
    func lines() throws {
        var cursor = try CSVCursor(
            file: "t.txt", bytes: Array("a,b\r\n\"1\r\n1\",2\r\n\r\n3,4\r\n".utf8))
        var lines: [Int] = []
        while try cursor.next() { lines.append(cursor.line) }
        #expect(lines == [2, 5])
    }

    @Test(
        "Broken text is refused with its place",
        arguments: [
            ("", "t.txt:1: there is no header"),
            ("a,,b\n", "t.txt:1: header field 2 is empty"),
            ("a,b,a\n", "t.txt:1: a: \"a\" appears more than once"),
            ("a,b\n1\n", "t.txt:2: 1 fields where the header has 2"),
            ("a,b\n1,2,3\n", "t.txt:2: 3 fields where the header has 2"),
            ("a,b\n1,2\n\"3,4\n5,6\n", "t.txt:3: the quote of field 1 is never closed"),
            ("a,b\n1,\"2\" x\n", "t.txt:2: text follows the closing quote of field 2"),
            ("a,b\n1,\u{0}\n", "t.txt:2: b: not text in UTF-8"),
        ])
    func broken(text: String, message: String) {
        let error = #expect(throws: FeedError.self) { try read(text) }
        #expect(error?.description == message)
    }

    @Test("Other encodings are refused")
    func encodings() {
        #expect(throws: FeedError.self) { try read([0xFF, 0xFE, 0x61, 0x00]) }
        let latin = #expect(throws: FeedError.self) {
            try read(Array("a,b\n1,".utf8) + [0xE9] + Array("\n".utf8))
        }
        #expect(latin?.description == "t.txt:2: b: not text in UTF-8")
    }

    @Test("Size is bounded")
    func bounds() {
        var limits = CSVCursor.Limits()
        limits.fieldBytes = 8
        limits.fieldsPerRecord = 3
        limits.fileBytes = 64
        for text in [
            "a,b\n123456789,1\n", "a,b\n\"123456789\",1\n", "a,b,c,d\n",
            String(repeating: "a,b\n", count: 17),
        ] {
            #expect(throws: FeedError.self, "\(text)") { try read(text, limits: limits) }
        }
    }

    @Test("Random bytes never trap", arguments: UInt64(1)...200)
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("a,b\"\r\n 1é".utf8) + [0, 0xFF]
        let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        }
        _ = try? read(Array("a,b\n".utf8) + bytes)
        _ = try? read(bytes)
    }
}
