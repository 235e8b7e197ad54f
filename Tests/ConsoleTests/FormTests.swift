import Console
import HTTPTypes
import Testing
import TransitModel

@Suite("Forms of others")
struct FormTests {
    @Test("Every form needs the code of the browser's own token")
    func codes() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            var random = SystemRandomNumberGenerator()
            let foreign = SessionToken(using: &random).formCode
            for path in ["/console/sign-out", "/console/language", "/console/sign-in"] {
                for code in ["", "00", foreign, "zz"] {
                    let answer = try await browser.post(path, ["language": "uk"], code: code)
                    #expect(answer.status == .forbidden, "\(path) with \(code)")
                    #expect(answer.text.contains("The page is out of date"))
                }
            }
            #expect(await console.staff.sessions.count == 1)
        }
    }

    @Test("A form without a cookie is refused, whatever its code")
    func noCookie() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            let answer = try await browser.post("/console/sign-in", ["name": "operator"])
            #expect(answer.status == .forbidden)
        }
    }

    @Test(
        "A form sent from elsewhere is refused even with the right code",
        arguments: [
            HTTPFields([HTTPField(name: .origin, value: "https://evil.example")]),
            HTTPFields([HTTPField(name: .origin, value: "null")]),
            HTTPFields([HTTPField(name: .origin, value: "http://localhost.evil.example")]),
            HTTPFields([HTTPField(name: .init("Sec-Fetch-Site")!, value: "cross-site")]),
            HTTPFields([HTTPField(name: .init("Sec-Fetch-Site")!, value: "same-site")]),
        ])
    func origins(headers: HTTPFields) async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            let answer = try await browser.post("/console/sign-out", [:], headers: headers)
            #expect(answer.status == .forbidden)
            #expect(await console.staff.sessions.count == 1)
        }
    }

    @Test("A body that is too long or no form is refused without harm")
    func bodies() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.get("/console/sign-in")
            let long = String(repeating: "x", count: 10_000)
            let answer = try await browser.post("/console/sign-in", ["name": long])
            #expect(answer.status == .contentTooLarge)
            #expect(try await browser.signIn(as: "operator").status == .seeOther)
        }
    }
}
