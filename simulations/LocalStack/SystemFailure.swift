import Foundation

/// A call to the operating system that failed, with what was being attempted.
package struct SystemFailure: Error, Hashable, CustomStringConvertible {
    package let attempt: String
    package let code: Int32

    package init(_ attempt: String, code: Int32 = errno) {
        self.attempt = attempt
        self.code = code
    }

    package var description: String { "\(attempt): \(String(cString: strerror(code)))" }
}
