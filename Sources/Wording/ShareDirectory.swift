/// Where the plain files of the product lie: pages, styles, scripts and the catalogue of words.
///
/// Installed it is `/usr/share/kvytok`; in development it is the checkout. The layout below the
/// root is the same in both, so nothing else needs to know which one it is.
package struct ShareDirectory: Hashable, Sendable {
    /// A path without a slash at its end.
    package let root: String

    package init(_ root: String) {
        var path = Substring(root)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.root = String(path)
    }

    package static let installed = ShareDirectory("/usr/share/kvytok")

    /// Templates, styles and scripts of the staff pages.
    package var consoleWeb: String { root + "/backoffice/web" }
    /// The passenger display's page.
    package var displayWeb: String { root + "/validator/web" }
    /// Every phrase in every language.
    package var catalogue: String { root + "/wording/catalogue.json" }
}
