import Console
import Foundation
import HTTPTypes
import LocalStack
import Store
import Testing
import TransitModel
import Wording

@Suite("Pages")
struct PageTests {
    @Test("Every answer forbids what our pages do not need")
    func headers() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            for path in ["/console/sign-in", "/console/nowhere", "/console/assets/console.css"] {
                let answer = try await browser.get(path)
                let policy = try #require(answer.header("Content-Security-Policy"))
                #expect(policy.contains("default-src 'none'"))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe"))
                #expect(answer.header("X-Content-Type-Options") == "nosniff")
                #expect(answer.header("Referrer-Policy") == "same-origin")
            }
            #expect(try await browser.get("/console/sign-in").header("Cache-Control") == "no-store")
        }
    }

    @Test("No template holds a script, a style or a handler of its own")
    func templatesAreClean() throws {
        let folder = URL(filePath: ShareDirectory(Checkout.root).consoleWeb + "/templates")
        for file in try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        {
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(!text.contains("<style") && !text.contains(" style="), "\(file)")
            #expect(!text.contains("{{{"), "\(file) writes text without escaping it")
            #expect(text.firstMatch(of: #/\son[a-z]+=/#) == nil, "\(file)")
            for script in text.matches(of: #/<script[^>]*>/#) {
                #expect(script.output.contains("src="), "\(file)")
            }
        }
    }

    @Test("Ukrainian first, another language on request, and the choice is kept")
    func languages() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            await browser.setLanguage("de-DE,de;q=0.9")
            let first = try await browser.get("/console/sign-in")
            #expect(first.text.contains("<html lang=\"uk\">") && first.text.contains("Увійти"))
            await browser.setLanguage("en-GB")
            #expect(try await browser.get("/console/sign-in").text.contains("lang=\"en\""))
            let answer = try await browser.post(
                "/console/language", ["language": "uk", "return": "/console/sign-in"])
            #expect(answer.location == "/console/sign-in")
            #expect(try await browser.get("/console/sign-in").text.contains("Увійти"))
            try await browser.post("/console/language", ["language": "xx"])
            #expect(try await browser.get("/console/sign-in").text.contains("Увійти"))
        }
    }

    @Test("Nothing but our own files is served")
    func assets() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            let page = try await browser.get("/console/sign-in").text
            let address = try #require(
                page.firstMatch(of: #/"(\/console\/assets\/console\.css\?v=[0-9a-f]+)"/#))
            let style = try await browser.get(String(address.output.1))
            #expect(style.header("Content-Type") == "text/css; charset=utf-8")
            #expect(style.header("Cache-Control") == "public, max-age=31536000, immutable")
            #expect(
                try await browser.get("/console/assets/console.css?v=0").header("Cache-Control")
                    == "no-cache")
            for name in ["..%2Ftemplates%2Flayout.mustache", "layout.mustache", "%2Fetc%2Fpasswd"] {
                #expect(try await browser.get("/console/assets/\(name)").status == .notFound)
            }
        }
    }

    @Test("An unknown address and a charge that is none get a page, in the visitor's language")
    func notFound() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            let answer = try await browser.get("/console/nowhere")
            #expect(answer.status == .notFound)
            #expect(answer.text.contains("There is nothing here"))
            try await browser.signIn(as: "operator")
            for path in ["x/y", "00000000-0000-0000-0000-000000000000/';--"] {
                #expect(try await browser.get("/console/charges/\(path)").status == .notFound)
            }
        }
    }

    @Test("Nonsense in the query falls back to today and to the first page")
    func nonsense() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            for query in ["date=x", "date=2026-02-30", "page=-1", "page=zz", "date=%FF&page=%FF"] {
                let answer = try await browser.get("/console/charges?\(query)")
                #expect(answer.status == .ok)
                #expect(answer.text.contains("22\u{A0}November 2026"))
            }
        }
    }

    @Test("Hostile texts of a feed or a device stay texts")
    func escapes() async throws {
        let evil = "\"><script>alert(1)</script>&'"
        let sample = SampleCharge(text: evil)
        let console = try await TestConsole(readings: sample.readings)
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            for path in [
                "/console/today", "/console/today/figures", "/console/charges",
                sample.address, "/console/unpriced-taps", "/console/refusals",
            ] {
                let answer = try await browser.get(path)
                #expect(answer.status == .ok, "\(path)")
                #expect(!answer.text.contains("<script>"), "\(path)")
                #expect(answer.text.contains("&lt;script&gt;alert(1)"), "\(path)")
            }
        }
    }

    @Test("A charge opens to its taps, its tariff and its rules in words")
    func charge() async throws {
        let sample = SampleCharge(text: "12")
        let console = try await TestConsole(readings: sample.readings)
        try await console.run { browser in
            try await browser.signIn(as: "accountant")
            let english = try await browser.get(sample.address).text
            for text in [
                "UAH\u{A0}15.00", "Route 12", "vehicle 12", "validator-12", "12:00:00", "city",
                "v7",
                "Record 41",
            ] {
                #expect(english.contains(text), "\(text)")
            }
            await browser.setLanguage("uk")
            let ukrainian = try await browser.get(sample.address).text
            #expect(ukrainian.contains("15,00\u{A0}₴") && ukrainian.contains("Маршрут 12"))
        }
    }

    @Test("Routes, stops and trips have the names of the feed, in the reader's language")
    func names() async throws {
        struct Feed: NameBook {
            func routeName(_ route: RouteID, in language: Language) -> String? { "7<К>" }
            func stopName(_ stop: StopID, in language: Language) -> String? {
                language == .english ? "Theatre" : "Театр"
            }
            func headsign(_ trip: TripID, in language: Language) -> String? {
                language == .english ? "Station" : "Вокзал"
            }
            func fareProductName(
                _ product: FareProductID, called name: String, in language: Language
            ) -> String? {
                language == .english ? "Hour <\(product)>, not \(name)" : nil
            }
        }
        let sample = SampleCharge(text: "id-12")
        let console = try await TestConsole(readings: sample.readings, names: Feed())
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            let english = try await browser.get(sample.address).text
            for text in [
                "Stop: Theatre <span class=\"code\">id-12</span>",
                "Trip: Station <span class=\"code\">id-12</span>",
                "title=\"id-12\">Route 7&lt;К&gt;</span>", "Hour &lt;single&gt;, not id-12",
            ] {
                #expect(english.contains(text), "\(text)")
            }
            for path in [
                "/console/today", "/console/charges", "/console/unpriced-taps",
                "/console/refusals",
            ] {
                let text = try await browser.get(path).text
                #expect(text.contains("title=\"id-12\">Route 7&lt;К&gt;</span>"), "\(path)")
            }
            await browser.setLanguage("uk")
            let ukrainian = try await browser.get(sample.address).text
            #expect(ukrainian.contains("Театр <span") && ukrainian.contains("Вокзал <span"))
            #expect(ukrainian.contains("Маршрут 7&lt;К&gt;"))
        }
    }

    @Test("An explanation that cannot be read costs itself, not the page")
    func brokenExplanation() async throws {
        let sample = SampleCharge(text: "12", explanation: "[1, 2")
        let console = try await TestConsole(readings: sample.readings)
        try await console.run { browser in
            try await browser.signIn(as: "accountant")
            let answer = try await browser.get(sample.address)
            #expect(answer.status == .ok)
            #expect(answer.text.contains("could not be read"))
            #expect(answer.text.contains("Route 12"))
        }
    }

    @Test("A quiet day says so")
    func empty() async throws {
        let console = try await TestConsole()
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            let text = try await browser.get("/console/today").text
            #expect(text.contains("All quiet so far"))
            #expect(text.contains("The books agree"))
        }
    }

    @Test("Books that disagree are said to, with the three figures")
    func disagreement() async throws {
        var readings = FakeReadings()
        readings.standing = Books(
            lines: [
                .init(
                    currencyCode: "UAH", charged: 3_000, entered: 3_000, unbatched: 0,
                    posted: 1_500)
            ],
            unbalancedEntryCount: 0, mispostedBatchCount: 1, disagreeingRiderCount: 0)
        let console = try await TestConsole(readings: readings)
        try await console.run { browser in
            try await browser.signIn(as: "operator")
            let text = try await browser.get("/console/today").text
            #expect(text.contains("The books disagree"))
            #expect(text.contains("general ledger UAH\u{A0}15.00"))
        }
    }
}
