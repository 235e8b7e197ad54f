import Console
import HTTPTypes
import Store
import Testing
import TransitModel

@Suite("Signing in and out")
struct SignInTests {
    @Test("The right password opens a session under a new token and leads back")
    func signsIn() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.get("/console/sign-in")
            let before = try #require(await browser.token)
            let answer = try await browser.post(
                "/console/sign-in",
                [
                    "name": "Accountant", "password": TestConsole.password,
                    "return": "/console/charges?date=2026-11-22",
                ])
            #expect(answer.status == .seeOther)
            #expect(answer.location == "/console/charges?date=2026-11-22")
            let cookie = try #require(answer.headers[.setCookie])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
            #expect(!cookie.contains("Secure"))
            let after = try #require(await browser.token)
            #expect(after != before)
            #expect(await console.staff.sessions.keys.contains(after.hash))
            #expect(try await browser.get("/console/today").status == .ok)
        }
        #expect(await console.staff.events.map(\.outcome) == [.signedIn])
    }

    @Test("Behind TLS the cookie is bound to it")
    func secureCookie() async throws {
        let console = try await TestConsole(usesTLS: true)
        try await console.run { browser in
            let answer = try await browser.get("/console/sign-in")
            let cookie = try #require(answer.headers[.setCookie])
            #expect(cookie.hasPrefix("__Host-kvytok_session=") && cookie.contains("Secure"))
            #expect(answer.headers[.strictTransportSecurity] != nil)
        }
    }

    @Test(
        "A wrong password and an unknown name get the same answer",
        arguments: [
            ("accountant", "wrong"), ("nobody", TestConsole.password), ("<b>", "x"), ("", ""),
        ])
    func refuses(name: String, password: String) async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            let answer = try await browser.signIn(as: name, password: password)
            #expect(answer.status == .forbidden)
            #expect(answer.text.contains("That name and password do not match"))
            #expect(!answer.text.contains("<b>"))
            #expect(await console.staff.sessions.isEmpty)
        }
        #expect(await console.staff.events.map(\.outcome) == [.refused])
    }

    @Test("Addresses of others are no place to come back to")
    func returnAddress() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            for evil in [
                "https://evil.example/", "//evil.example", "/console//evil.example",
                "/console/../../x", "/console/\r\nX: y", "javascript:alert(1)",
            ] {
                let browser = await browser.fresh()
                try await browser.get("/console/sign-in")
                let answer = try await browser.post(
                    "/console/sign-in",
                    ["name": "operator", "password": TestConsole.password, "return": evil])
                #expect(answer.location == "/console/today")
            }
        }
    }

    @Test("Too many failures on an account close it for a while, also to the right password")
    func accountLimit() async throws {
        let console = try await TestConsole(policy: SignInPolicy(accountFailureLimit: 3))
        try await console.run { browser in
            for _ in 0..<3 { try await browser.signIn(as: "operator", password: "wrong") }
            let limited = try await browser.signIn(as: "operator")
            #expect(limited.status == .tooManyRequests)
            #expect(limited.headers[.retryAfter] == "900")
            #expect(try await browser.signIn(as: "accountant").status == .seeOther)
            console.clock.advance(by: .seconds(901))
            #expect(try await browser.fresh().signIn(as: "operator").status == .seeOther)
        }
        #expect(await console.staff.events.contains { $0.outcome == .limited })
    }

    @Test("Too many failures from one address close all accounts to it")
    func addressLimit() async throws {
        let console = try await TestConsole(policy: SignInPolicy(addressFailureLimit: 4))
        try await console.run { browser in
            for number in 0..<4 {
                try await browser.signIn(as: "guess\(number)", password: "wrong")
            }
            #expect(try await browser.signIn(as: "operator").status == .tooManyRequests)
        }
    }

    @Test("Signing out ends the session for good, also for a copy of its cookie")
    func signsOut() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            let copied = try #require(await browser.cookies["kvytok_session"])
            let answer = try await browser.post("/console/sign-out", [:])
            #expect(answer.location == "/console/sign-in?signed-out=1")
            #expect(await console.staff.sessions.isEmpty)
            let thief = await browser.fresh()
            await thief.setCookie("kvytok_session", copied)
            #expect(try await thief.get("/console/today").status == .seeOther)
        }
        #expect(await console.staff.events.map(\.outcome) == [.signedIn, .signedOut])
    }

    @Test("An idle session ends after an hour, a busy one after twelve")
    func expiry() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            console.clock.advance(by: .seconds(3_599))
            #expect(try await browser.get("/console/today").status == .ok)
            console.clock.advance(by: .seconds(3_599))
            #expect(try await browser.get("/console/today").status == .ok)
            console.clock.advance(by: .seconds(3_600))
            #expect(try await browser.get("/console/today").status == .seeOther)
            #expect(await console.staff.sessions.isEmpty)

            try await browser.signIn(as: "operator")
            for _ in 0..<23 {
                console.clock.advance(by: .seconds(1_800))
                #expect(try await browser.get("/console/today").status == .ok)
            }
            console.clock.advance(by: .seconds(1_800))
            #expect(try await browser.get("/console/today").status == .seeOther)
        }
    }

    @Test("Who was dismissed is out at the next step")
    func dismissed() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            await console.staff.dismiss("operator")
            #expect(try await browser.get("/console/today").status == .seeOther)
        }
    }
}
