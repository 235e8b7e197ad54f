package import TransitModel

/// A person of the city, as far as riding goes.
package struct Rider: Hashable, Sendable {
    /// What the person taps.
    package struct Medium: Hashable, Sendable {
        package enum Condition: String, Hashable, Sendable, CaseIterable {
            case sound
            /// On the deny list.
            case blocked
            case expired
            /// None of the scheme's: a library card, another town's ticket.
            case foreign
        }

        package let kind: MediaKind
        package let condition: Condition
    }

    package struct Place: Hashable, Sendable {
        package let point: GeoPoint
        /// The stop nearest by.
        package let stop: StopID
    }

    /// When and how often the person rides; seconds count from the service day's beginning.
    package struct Habits: Hashable, Sendable {
        package let leavesHomeAt: Int
        package let leavesWorkAt: Int
        /// 1 is Monday, 7 is Sunday.
        package let workdays: Set<Int>
        /// On days without work, how likely an outing is.
        package let outingPercent: Int
    }

    package let id: String
    package let category: RiderCategoryID
    package let medium: Medium
    package let home: Place
    /// Work, school, or the market that a pensioner goes to.
    package let work: Place
    package let habits: Habits
}
