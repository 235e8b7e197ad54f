import PostgresClient
import Store
import TransitModel
import Vault

/// Carries taps from the devices' logs into their riders' histories.
///
/// One transaction a page: taps, refusals, what is set aside, the riders to rate, and how far the
/// epoch has come are written together or not at all. Any number of routers may run at once; an
/// epoch is held by one at a time.
package struct TapRouter: Sendable {
    package static let defaultPageLimit = 500

    private let database: PostgresClient
    private let vault: MediaVault
    private let pageLimit: Int

    package init(
        _ database: PostgresClient, vault: MediaVault, pageLimit: Int = TapRouter.defaultPageLimit
    ) {
        self.database = database
        self.vault = vault
        self.pageLimit = pageLimit
    }

    /// What one page brought.
    package struct Outcome: Hashable, Sendable {
        package var accepted = 0
        package var refused = 0
        package var setAside = 0
    }

    /// Routes one page of the first epoch that is due and free.
    ///
    /// - Returns: `nil` when there is none.
    package func routePage() async throws -> Outcome? {
        let due = try await database.withConnection { connection in
            try RoutingStore.listUnroutedEpochs(limit: 16, on: connection)
        }
        for epoch in due {
            if let outcome = try await route(epoch, limit: pageLimit) { return outcome }
        }
        return nil
    }

    private func route(_ epoch: UnroutedEpoch, limit: Int) async throws -> Outcome? {
        do {
            return try await route(epoch, limit: limit, refusal: nil)
        } catch let failure as PostgresFailure {
            // The server will not have something on this page. Narrow it down to the record and
            // set that one aside, so that it holds up nothing else.
            guard let sqlState = failure.sqlState, sqlState.hasPrefix("22") else { throw failure }
            if limit > 1 { return try await route(epoch, limit: 1) }
            return try await route(epoch, limit: 1, refusal: "refused.\(sqlState)")
        }
    }

    /// - Parameter refusal: Why the page's only record is to be set aside whatever it says.
    private func route(
        _ due: UnroutedEpoch, limit: Int, refusal: String?
    ) async throws -> Outcome? {
        // The vault has a connection of its own, and commits first: a token that leads nowhere
        // yet does no harm, and it must not wait while an epoch's head is locked.
        let preview = try await database.withConnection { connection in
            try RoutingStore.readLog(due, limit: limit, on: connection)
        }
        let tokens = try await vault.tokens(
            for: RoutingPlan(preview, of: due, isLast: false).media)

        return try await database.withTransaction { connection -> Outcome? in
            guard
                let epoch = try RoutingStore.lockEpoch(due.epoch, of: due.device, on: connection),
                epoch.routedSequence == due.routedSequence
            else { return nil }
            var plan = RoutingPlan(preview, of: due, isLast: preview.count < limit)
            if let refusal { plan.setAsideAll(because: refusal) }
            if plan.accepted.contains(where: { tokens[$0.mediaKey] == nil }) { return nil }

            try appendAccepted(plan, tokens: tokens, on: connection)
            try RiderStore.append(plan.refused, on: connection)
            try RoutingStore.setAside(plan.setAside, of: epoch, on: connection)
            try RoutingStore.advance(epoch, to: plan.routedSequence, on: connection)
            try connection.notify(Channel.riders)
            return Outcome(
                accepted: plan.accepted.count, refused: plan.refused.count,
                setAside: plan.setAside.count)
        }
    }

    private func appendAccepted(
        _ plan: RoutingPlan, tokens: [MediaKey: MediaToken],
        on connection: isolated PostgresConnection
    ) throws {
        guard !plan.accepted.isEmpty else { return }
        var random = SystemRandomNumberGenerator()
        var proposals: [MediaToken: RiderAccountID] = [:]
        for token in tokens.values { proposals[token] = RiderAccountID(using: &random) }
        let riders = try RiderStore.findOrCreateRiders(proposals, on: connection)
        let taps = plan.accepted.compactMap { accepted -> RiderTapRow? in
            guard let token = tokens[accepted.mediaKey], let rider = riders[token] else {
                return nil
            }
            return RiderTapRow(
                rider: rider, id: accepted.id, tappedAt: accepted.tap.tappedAt,
                service: accepted.tap.service, mediaKind: accepted.mediaKind,
                riderCategory: accepted.tap.riderCategory, riders: Int(accepted.tap.riders),
                receivedAt: accepted.receivedAt)
        }
        let affected = try RiderStore.append(taps, on: connection)
        try RiderWorkStore.enqueue(affected, on: connection)
    }
}
