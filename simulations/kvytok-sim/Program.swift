import ArgumentParser
import Foundation

@main
enum Program {
    static func main() async {
        do {
            var command = try KvytokSim.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            // The parser would call wrong usage 64; all our programs call it 2.
            guard KvytokSim.exitCode(for: error) == .validationFailure else {
                KvytokSim.exit(withError: error)
            }
            let text = KvytokSim.fullMessage(for: error) + "\n"
            FileHandle.standardError.write(Data(text.utf8))
            exit(2)
        }
    }
}
