internal import TransitModel
internal import Wording

/// From where to where; `nil` is any zone that no rule names.
struct ZonePair: Hashable {
    let from: AreaID?
    let to: AreaID?
}

/// Many pairs of zones in few words.
extension TariffVoice {
    /// One text for each block of zones from which one reaches the same zones.
    ///
    /// - Returns: Nothing where zones do not matter; a single count where the words would be too
    ///   many.
    func words(for pairs: Set<ZonePair>) -> [String] {
        if pairs == [ZonePair(from: nil, to: nil)], !saysOtherZones { return [] }
        let blocks = ZoneBlock.fold(pairs)
        if blocks.count == 1 { return blocks.map(words).filter { !$0.isEmpty } }
        let within = pairs.filter { $0.from == $0.to && $0.from != nil }
        let between = pairs.subtracting(within)
        var texts: [String] = []
        if !within.isEmpty {
            texts.append(
                say(
                    within.count == 1 ? .withinZone : .withinZones,
                    ["names": .text(names(within.compactMap(\.from).map(zone)))]))
        }
        let isBothWays = between.allSatisfy {
            $0.from != nil && between.contains(ZonePair(from: $0.to, to: $0.from))
        }
        let half = isBothWays ? between.filter { precedes($0.from, $0.to) } : between
        let parts = ZoneBlock.fold(half)
        if parts.count > Folding.limit {
            texts.append(say(.zonePairs, count: between.count))
        } else {
            texts += parts.map { isBothWays ? bothWays($0) : words($0) }
                .sorted(by: NaturalOrder.precedes)
        }
        return texts
    }

    private func precedes(_ left: AreaID?, _ right: AreaID?) -> Bool {
        guard let left, let right else { return right != nil }
        return NaturalOrder.precedes(left.rawValue, right.rawValue)
    }

    private func bothWays(_ block: ZoneBlock) -> String {
        say(
            .zonesBothWays,
            [
                "from": .text(names(block.from.compactMap { $0 }.map(zone))),
                "to": .text(names(block.to.compactMap { $0 }.map(zone))),
            ])
    }

    private func words(_ block: ZoneBlock) -> String {
        if block.from == block.to, block.from.count == 1, let only = block.from.first ?? nil {
            return say(.withinZone, ["names": .text(zone(only))])
        }
        return
            (end(block.from, one: .fromZone, many: .fromZones, others: .fromOthers)
            + end(block.to, one: .toZone, many: .toZones, others: .toOthers))
            .joined(separator: " ")
    }

    private func end(
        _ zones: Set<AreaID?>, one: TariffPhrase, many: TariffPhrase, others: TariffPhrase
    ) -> [String] {
        let named = zones.compactMap { $0 }
        var texts: [String] = []
        if !named.isEmpty {
            texts.append(
                say(named.count == 1 ? one : many, ["names": .text(names(named.map(zone)))]))
        }
        if zones.contains(nil), saysOtherZones { texts.append(say(others)) }
        return texts.isEmpty ? [] : [all(texts)]
    }
}

/// Every zone of one set reaches every zone of another.
struct ZoneBlock: Hashable {
    let from: Set<AreaID?>
    let to: Set<AreaID?>

    static func fold(_ pairs: Set<ZonePair>) -> Set<ZoneBlock> {
        let reached = Dictionary(grouping: pairs, by: \.from).mapValues { Set($0.map(\.to)) }
        let alike = Dictionary(grouping: reached, by: \.value)
        return Set(alike.map { to, from in ZoneBlock(from: Set(from.map(\.key)), to: to) })
    }
}
