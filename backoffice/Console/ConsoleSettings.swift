import TransitModel
import Wording

/// What one installation's staff pages go by.
package struct ConsoleSettings: Sendable {
    package var share: ShareDirectory
    package var calendar: LocalCalendar
    package var currency: Currency
    package var policy: SignInPolicy
    /// Whether browsers reach us through TLS; cookies are then marked `Secure`.
    package var usesTLS: Bool
    /// Map pictures below the streets; none unless an operator names a server of them.
    package var tiles: TileServer?
    /// What maps draw below the streets; none unless an operator gives a file.
    package var landscape: Landscape?
    /// Shown on the sign-in page of a development installation, and nowhere else.
    package var developmentSignIn: DevelopmentSignIn?
    /// Whether there is a page `/demo` to lead to.
    package var hasDemonstration = false

    package init(
        share: ShareDirectory, calendar: LocalCalendar, currency: Currency = .uah,
        policy: SignInPolicy = SignInPolicy(), usesTLS: Bool = false,
        tiles: TileServer? = nil, developmentSignIn: DevelopmentSignIn? = nil
    ) {
        self.share = share
        self.calendar = calendar
        self.currency = currency
        self.policy = policy
        self.usesTLS = usesTLS
        self.tiles = tiles
        self.developmentSignIn = developmentSignIn
    }
}
