import Positioning
import Testing
import TransitModel

/// Lines as gpsd 3.22 of Debian 12 wrote them.
@Suite("gpsd's lines")
struct GPSDLineMachineTests {
    private static let conversation = [
        #"{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}"#,
        #"{"class":"DEVICES","devices":[]}"#,
        #"{"class":"TPV","device":"/dev/pts/1","mode":1}"#,
        #"{"class":"TPV","device":"/dev/pts/1","mode":3,"time":"2026-11-22T12:00:01.000Z","ept":0.005,"lat":50.450083333,"lon":30.516666667,"altHAE":150.0000,"track":90.5,"magtrack":7.8743,"magvar":7.9,"speed":9.363,"climb":0.000,"eph":17.100}"#,
        #"{"class":"SKY","device":"/dev/pts/1","nSat":11,"uSat":9,"satellites":[]}"#,
        #"{"class":"SKY","satellites":[{"PRN":1,"used":true},{"PRN":2,"used":false}]}"#,
        #"{"class":"ERROR","message":"Unrecognized request '?X'"}"#,
    ]
    private static let expected: [GPSDLineMachine.Output] = [
        .report(.version(release: "3.22", major: 3)),
        .report(.other("DEVICES")),
        .report(.position(.init(mode: 1))),
        .report(
            .position(
                .init(
                    mode: 3, time: "2026-11-22T12:00:01.000Z",
                    point: GeoPoint(latitude: 50.450083333, longitude: 30.516666667), track: 90.5,
                    speedMetresPerSecond: 9.363, errorMetres: 17.1))),
        .report(.sky(visible: 11, used: 9)),
        .report(.sky(visible: 2, used: 1)),
        .report(.error("Unrecognized request '?X'")),
    ]

    @Test(
        "Whole, glued, and cut anywhere, the same reports come", arguments: [1, 2, 7, 100, 5_000])
    func cut(size: Int) {
        let bytes = Array(Self.conversation.joined(separator: "\r\n").utf8) + [10]
        var machine = GPSDLineMachine()
        var outputs: [GPSDLineMachine.Output] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            outputs += machine.receive(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(outputs == Self.expected)
    }

    @Test(
        "A bad line costs that line",
        arguments: [
            "no json", "{}", "[1]", #"{"class":7}"#, #"{"class":"TPV","mode":"three"}"#,
            "\u{0}\u{1}", #"{"class":"TPV""#,
        ])
    func bad(line: String) {
        var machine = GPSDLineMachine()
        let outputs = machine.receive(Array("\(line)\n\n\(Self.conversation[2])\n".utf8))
        #expect(outputs == [.unreadable, Self.expected[2]])
    }

    @Test("A line without end takes no memory, and the next one is read")
    func endless() {
        var machine = GPSDLineMachine()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 4_096)
        var outputs: [GPSDLineMachine.Output] = []
        for _ in 0..<100 { outputs += machine.receive(piece) }
        outputs += machine.receive(Array("\n\(Self.conversation[2])\n".utf8))
        #expect(outputs == [.tooLong, Self.expected[2]])
    }

    @Test(
        "A place that is none is no place",
        arguments: [#""lat":91,"lon":3"#, #""lat":1,"lon":-180.5"#, #""lat":5"#, #""lon":5"#])
    func nowhere(members: String) {
        let report = GPSDReport(line: Array(#"{"class":"TPV","mode":3,\#(members)}"#.utf8))
        #expect(report == .position(.init(mode: 3)))
    }
}
