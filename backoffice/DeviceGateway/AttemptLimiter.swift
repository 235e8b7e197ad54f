import Synchronization
import TransitModel

/// Bounds how often one address may fail, or how often one device may report. What is not
/// recorded costs nothing.
///
/// A bucket an address holds: each failure takes one token, tokens come back with time. When too
/// many addresses fail at once the fullest buckets are forgotten first.
package final class AttemptLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Timestamp
    }

    private let burst: Double
    private let refillSeconds: Double
    private let addressLimit: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameters:
    ///   - burst: Failures in a row before an address must wait.
    ///   - refill: How long one failure takes to be forgiven.
    package init(burst: Int = 10, refill: Duration = .seconds(6), addressLimit: Int = 4_096) {
        self.burst = Double(burst)
        refillSeconds = refill / .seconds(1)
        self.addressLimit = addressLimit
    }

    package func mayTry(_ address: String, at now: Timestamp) -> Bool {
        buckets.withLock { filled($0[address], at: now).tokens >= 1 }
    }

    /// Takes a token if there is one.
    ///
    /// - Returns: Whether there was.
    package func spend(_ address: String, at now: Timestamp) -> Bool {
        guard mayTry(address, at: now) else { return false }
        recordFailure(of: address, at: now)
        return true
    }

    package func recordFailure(of address: String, at now: Timestamp) {
        buckets.withLock { buckets in
            var bucket = filled(buckets[address], at: now)
            bucket.tokens = max(0, bucket.tokens - 1)
            buckets[address] = bucket
            guard buckets.count > addressLimit else { return }
            let fullest = buckets.max { left, right in
                (filled(left.value, at: now).tokens, left.key)
                    < (filled(right.value, at: now).tokens, right.key)
            }
            if let fullest { buckets[fullest.key] = nil }
        }
    }

    private func filled(_ bucket: Bucket?, at now: Timestamp) -> Bucket {
        guard let bucket else { return Bucket(tokens: burst, at: now) }
        let elapsed = max(
            0, Double(now.millisecondsSince1970 - bucket.at.millisecondsSince1970) / 1_000)
        return Bucket(tokens: min(burst, bucket.tokens + elapsed / refillSeconds), at: now)
    }
}
