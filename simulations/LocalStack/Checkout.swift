import Foundation

/// Where the source tree and the programs built from it lie; for simulations and tests only.
package enum Checkout {
    /// The root of the source tree that this was compiled from.
    package static let root: String = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path(percentEncoded: false)
        .removingTrailingSlash

    /// A program built together with the one that runs.
    ///
    /// - Parameter name: The product, `kvytok-validator` for instance.
    package static func program(_ name: String) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let folder = (own ?? CommandLine.arguments[0]).split(separator: "/").dropLast()
        return "/" + folder.joined(separator: "/") + "/\(name)"
    }

    package static func path(_ relative: String) -> String { "\(root)/\(relative)" }
}

extension String {
    fileprivate var removingTrailingSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
