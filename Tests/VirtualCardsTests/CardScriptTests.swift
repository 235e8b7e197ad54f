import Testing
import TransitModel
import VirtualCards

@Suite("Card script")
struct CardScriptTests {
    @Test("Every wish of a line")
    func lines() throws {
        let script = """
            {"at_ms":0,"reader":0,"insert":{"card":"anna"}}

            {"at_ms":900,"remove":true}
            {"at_ms":900,"reader":1,"insert":{"card":"ivan","kind":"not_yet_valid","category":"pupil","tear_after":3}}
            {"at_ms":1000,"reader":1,"insert":{"card":"olha","silent_after":0}}
            {"at_ms":1000,"insert":{"card":"x","kind":"unknown","silent_on_power_up":true}}
            """
        #expect(
            try CardScript.parse(script, readers: 2) == [
                CardInstruction(at: .zero, reader: 0, action: .insert(CardOrder(name: "anna"))),
                CardInstruction(at: .milliseconds(900), reader: 0, action: .remove),
                CardInstruction(
                    at: .milliseconds(900), reader: 1,
                    action: .insert(
                        CardOrder(
                            name: "ivan", kind: .notYetValid, riderCategory: "pupil",
                            fault: .tear(afterCommands: 3)))),
                CardInstruction(
                    at: .seconds(1), reader: 1,
                    action: .insert(
                        CardOrder(name: "olha", fault: .silence(afterCommands: 0)))),
                CardInstruction(
                    at: .seconds(1), reader: 0,
                    action: .insert(
                        CardOrder(name: "x", kind: .unknown, fault: .silenceOnPowerUp))),
            ])
    }

    @Test(
        "A wrong line is refused with its place",
        arguments: [
            (#"{"at_ms":0,"reader":2,"remove":true}"#, "line 1, reader: not between 0 and 1"),
            (#"{"at_ms":-1,"remove":true}"#, "line 1, at_ms: not between 0 and 86400000"),
            (#"{"at_ms":0,"insert":{}}"#, "line 1, insert.card: is missing"),
            (
                #"{"at_ms":0,"insert":{"card":"a","colour":1}}"#,
                "line 1, insert.colour: no such field"
            ),
            (#"{"ta_ms":0,"remove":true}"#, "line 1, ta_ms: no such field"),
            (
                #"{"insert":{"card":"a","tear_after":1,"silent_after":1}}"#,
                "line 1, insert: one fault at most"
            ),
            (
                #"{"insert":{"card":"a"},"remove":true}"#,
                #"line 1: needs either an insert or "remove":true"#
            ),
            (#"{"at_ms":5}"#, #"line 1: needs either an insert or "remove":true"#),
            (#"{"remove":false}"#, #"line 1: needs either an insert or "remove":true"#),
        ])
    func refused(line: String, message: String) throws {
        let error = #expect(throws: CardScriptError.self) {
            try CardScript.parse(line, readers: 2)
        }
        #expect(error?.description == message)
    }

    @Test(
        "Whatever is no such line is refused",
        arguments: [
            "x", "[]", "1", "{", #"{"at_ms":"0"}"#, #"{"insert":{"card":1}}"#,
            #"{"insert":{"card":"a","kind":"shiny"}}"#,
            #"{"insert":{"card":"a","tear_after":300}}"#,
        ])
    func noise(line: String) {
        #expect(throws: CardScriptError.self) { try CardScript.parse(line, readers: 2) }
    }

    @Test("Time does not go back")
    func order() {
        let error = #expect(throws: CardScriptError.self) {
            try CardScript.parse(
                "{\"at_ms\":5,\"remove\":true}\n{\"at_ms\":4,\"remove\":true}", readers: 1)
        }
        #expect(error?.description == "line 2, at_ms: earlier than the line above")
    }
}
