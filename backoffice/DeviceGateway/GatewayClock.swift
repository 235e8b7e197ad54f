import Foundation
import TransitModel

/// The wall clock that the gateway goes by unless a test gives it another.
package enum GatewayClock {
    package static let now: @Sendable () -> Timestamp = { Timestamp(Date()) }
}
