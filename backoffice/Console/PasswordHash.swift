import Crypto
import CryptoExtras
import Dispatch
import Foundation

/// A password's scrypt hash (RFC 7914) with the salt and cost that it was made with, so that old
/// hashes go on working when the cost for new ones rises.
///
/// Written as `$scrypt$ln=15,r=8,p=3$SALT$HASH` with Base64 fields.
package struct PasswordHash: Hashable, Sendable, CustomStringConvertible {
    /// The work that one guess takes.
    package struct Cost: Hashable, Sendable {
        /// Rounds are two to this power; memory is 128 · r · rounds bytes.
        package let logarithmOfRounds: Int
        package let blockSize: Int
        package let parallelism: Int

        /// 32 MB and three passes, as OWASP's password storage guidance has it (2025).
        package static let recommended = Cost(logarithmOfRounds: 15, blockSize: 8, parallelism: 3)
        /// For the development account, whose password is no secret: a debug build takes ten times
        /// as long as an optimised one, and a sign-in should not take seconds.
        package static let development = Cost(
            logarithmOfRounds: 13, blockSize: 8, parallelism: 1)
        /// For tests only.
        package static let trifling = Cost(logarithmOfRounds: 4, blockSize: 8, parallelism: 1)

        package init(logarithmOfRounds: Int, blockSize: Int, parallelism: Int) {
            self.logarithmOfRounds = logarithmOfRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// A stored cost must not be able to exhaust the machine.
        var isAcceptable: Bool {
            (1...20).contains(logarithmOfRounds) && (1...16).contains(blockSize)
                && (1...8).contains(parallelism)
        }
    }

    package let cost: Cost
    private let salt: [UInt8]
    private let digest: [UInt8]

    /// Hashes a new password. Takes about a fifth of a second; call it on ``PasswordLane``.
    package init(password: String, salt: [UInt8], cost: Cost = .recommended) throws {
        self.cost = cost
        self.salt = salt
        digest = try Self.derive(password, salt: salt, cost: cost)
    }

    /// A hash that no password has, checked in place of one that does not exist.
    package init(decoyWith cost: Cost, using random: inout some RandomNumberGenerator) {
        self.cost = cost
        salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        digest = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    /// Reads the stored form; `nil` when it is none.
    package init?(_ stored: String) {
        let fields = stored.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 5, fields[0].isEmpty, fields[1] == "scrypt",
            let cost = Self.readCost(fields[2]), cost.isAcceptable,
            let salt = Data(base64Encoded: String(fields[3])), salt.count >= 8,
            let digest = Data(base64Encoded: String(fields[4])), digest.count == 32
        else { return nil }
        self.cost = cost
        self.salt = Array(salt)
        self.digest = Array(digest)
    }

    package var description: String {
        let costs = "ln=\(cost.logarithmOfRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
        let salt = Data(salt).base64EncodedString()
        return "$scrypt$\(costs)$\(salt)$\(Data(digest).base64EncodedString())"
    }

    /// Compares in constant time. Costs as much as making the hash did.
    package func matches(_ password: String) throws -> Bool {
        let candidate = SymmetricKey(data: try Self.derive(password, salt: salt, cost: cost))
        return candidate == SymmetricKey(data: digest)
    }

    private static func derive(_ password: String, salt: [UInt8], cost: Cost) throws -> [UInt8] {
        // The same letters typed on another keyboard must be the same password (RFC 8265, 4.2).
        let typed = Array(password.precomposedStringWithCompatibilityMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: typed, salt: salt, outputByteCount: 32, rounds: 1 << cost.logarithmOfRounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }

    private static func readCost(_ field: Substring) -> Cost? {
        var values: [Substring: Int] = [:]
        for part in field.split(separator: ",") {
            let pair = part.split(separator: "=")
            guard pair.count == 2, let value = Int(pair[1]) else { return nil }
            values[pair[0]] = value
        }
        guard let rounds = values["ln"], let blockSize = values["r"], let parallelism = values["p"]
        else { return nil }
        return Cost(logarithmOfRounds: rounds, blockSize: blockSize, parallelism: parallelism)
    }
}

/// Hashes passwords one at a time on a thread of their own, so that a burst of sign-ins can
/// neither starve the pages nor fill the memory.
package actor PasswordLane {
    package struct Busy: Error {}

    /// Guesses that may wait; the next one is told to come back.
    private let waitingLimit: Int
    private var waiting = 0
    private let queue = DispatchQueue(label: "kvytok.console.passwords")

    package init(waitingLimit: Int = 32) {
        self.waitingLimit = waitingLimit
    }

    /// - Throws: ``Busy`` when too many wait already.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        guard waiting < waitingLimit else { throw Busy() }
        waiting += 1
        defer { waiting -= 1 }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
