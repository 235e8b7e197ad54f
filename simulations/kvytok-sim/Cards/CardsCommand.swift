import ArgumentParser
import Foundation
import LocalStack
import VirtualCards

/// `kvytok-sim cards`: cards on readers, by hand or by script.
struct CardsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cards",
        abstract: "Put cards on virtual readers, by hand or by script.",
        discussion: """
            Without a script it asks what to do; type help there. A script is JSON Lines:
              {"at_ms":0,"reader":0,"insert":{"card":"anna"}}
              {"at_ms":900,"reader":0,"remove":true}
              {"at_ms":1000,"reader":1,"insert":{"card":"ivan","kind":"expired","tear_after":3}}
            What happens is printed as JSON Lines. Readers and keys are those of the running \
            demonstration (`make run`), unless --ports and --keys name others.
            """)

    @Option(help: ArgumentHelp("The demonstration's folder.", valueName: "folder"))
    var state = Checkout.path(".local")

    @Option(help: ArgumentHelp("Ports of vpcd readers, such as 35963,35964.", valueName: "list"))
    var ports: String?

    @Option(help: ArgumentHelp("Keys that `kvytok-sim keys` made.", valueName: "folder"))
    var keys: String?

    @Option(help: ArgumentHelp("JSON Lines; - for standard input.", valueName: "file"))
    var script: String?

    @Flag(help: "Also print every command and its response.")
    var verbose = false

    /// How long a passenger holds a card: the reader looks every 0.4 s.
    private static let holdingTime = Duration.milliseconds(1_200)

    func run() async throws {
        let folder = DemoFolder(path: URL(filePath: state).standardizedFileURL.path)
        let issuer = try DevelopmentKeys.issuer(in: keys ?? folder.keys)
        let isByHand = script == nil
        let isVerbose = verbose
        let table = CardTable(ports: try readerPorts(folder), deck: CardDeck(issuer: issuer)) {
            happening in
            if case .exchanged = happening.event, !isVerbose { return }
            Self.print(isByHand ? happening.sentence : happening.json)
        }
        defer { table.removeAll() }
        switch script {
        case nil: try await obeyPerson(table)
        case "-": try await obeyLines(table)
        case let path?: try await obeyScript(path, table)
        }
    }

    private func readerPorts(_ folder: DemoFolder) throws -> [UInt16] {
        if let ports {
            let numbers = ports.split(separator: ",").map { UInt16($0) ?? 0 }
            guard !numbers.isEmpty, !numbers.contains(0) else {
                throw ValidationError("--ports takes numbers from 1 to 65535 and commas.")
            }
            return numbers
        }
        guard let readers = DemoAddresses.read(from: folder.addresses)?.readerPorts else {
            throw Refusal(
                "nothing runs from \(folder.path); start it with `make run`, or name --ports")
        }
        return readers
    }

    /// Checks the whole script before it begins.
    private func obeyScript(_ path: String, _ table: CardTable) async throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Refusal("\(path) cannot be read")
        }
        let instructions: [CardInstruction]
        do {
            instructions = try CardScript.parse(text, readers: table.readerCount)
        } catch {
            throw Refusal("\(path): \(error)")
        }
        for instruction in instructions {
            try await table.sleep(until: instruction.at)
            try table.obey(instruction)
        }
    }

    /// Obeys each line as it comes.
    private func obeyLines(_ table: CardTable) async throws {
        var number = 0
        for await line in Self.standardInput() {
            number += 1
            if line.allSatisfy(\.isWhitespace) { continue }
            let instruction: CardInstruction
            do {
                instruction = try CardScript.parse(
                    line: line, number: number, readers: table.readerCount)
            } catch {
                throw Refusal("standard input: \(error)")
            }
            try await table.sleep(until: instruction.at)
            try table.obey(instruction)
        }
    }

    private func obeyPerson(_ table: CardTable) async throws {
        Self.print("\(table.readerCount) readers, from 0. Type help, or: tap 0 anna")
        for await line in Self.standardInput() {
            do {
                switch try CardPrompt.parse(line, readers: table.readerCount) {
                case .nothing: continue
                case .quit: return
                case .help: Self.print(CardPrompt.help)
                case .readers:
                    for (number, port) in table.ports.enumerated() {
                        Self.print("reader \(number): port \(port)")
                    }
                case .act(let reader, let action):
                    try table.obey(CardInstruction(at: .zero, reader: reader, action: action))
                case .tap(let reader, let order):
                    try table.obey(
                        CardInstruction(at: .zero, reader: reader, action: .insert(order)))
                    try await Task.sleep(for: Self.holdingTime)
                    try table.obey(CardInstruction(at: .zero, reader: reader, action: .remove))
                }
            } catch let misunderstanding as CardPrompt.Misunderstanding {
                Self.print(misunderstanding.reason)
            } catch let unreachable as CardSocketError {
                Self.print("\(unreachable)")
            }
        }
    }

    /// Lines as they are typed; reading blocks a thread of its own.
    private static func standardInput() -> AsyncStream<String> {
        AsyncStream { continuation in
            Thread.detachNewThread {
                while let line = readLine() { continuation.yield(line) }
                continuation.finish()
            }
        }
    }

    /// Whole lines at once, also when several cards speak and output goes to a pipe.
    private static func print(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}

/// Input that was refused, with the place in it.
struct Refusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
