internal import TransitModel

/// Hands out names, each once.
struct NamePool {
    typealias Name = DemoCity.Name

    let city: Name
    let river: Name
    private var rest: [Kind: [Name]] = [:]
    private var given: Set<String> = []

    enum Kind: Hashable {
        case avenue
        case street
        case district
        case farDistrict
        case village
        case landmark
    }

    init(random: inout SeededGenerator) {
        func shuffled(_ names: [String], _ make: (String) -> Name) -> [Name] {
            names.shuffled(using: &random).map(make)
        }
        let cities = shuffled(NameLists.cities, Name.init(transliterating:))
        let rivers = shuffled(NameLists.rivers, Name.init(transliterating:))
        city = cities[0]
        river = rivers[0]
        rest[.avenue] = shuffled(NameLists.avenues) { name in
            Name(
                ukrainian: "Проспект \(name)",
                english: "\(Transliteration.latin(name)) Avenue")
        }
        rest[.street] = shuffled(NameLists.streets) { name in
            Name(
                ukrainian: "Вулиця \(name)", english: "\(Transliteration.latin(name)) Street")
        }
        rest[.district] = shuffled(NameLists.districts, Name.init(transliterating:))
        rest[.farDistrict] = shuffled(NameLists.farDistricts, Name.init(transliterating:))
        rest[.village] = shuffled(NameLists.villages, Name.init(transliterating:))
        rest[.landmark] = NameLists.landmarks
            .map { Name(ukrainian: $0.ukrainian, english: $0.english) }
            .shuffled(using: &random)
    }

    /// A name that nothing has yet. When a list is used up its names come again with numbers.
    mutating func take(_ kind: Kind) -> Name {
        if let name = takeUnused(kind) { return name }
        let names = rest[kind] ?? []
        for number in 2...99 {
            for name in names {
                let numbered = name.numbered(number)
                if !given.contains(numbered.ukrainian) { return claim(numbered) }
            }
        }
        preconditionFailure("A city needs fewer names than \(names.count * 100)")
    }

    /// - Returns: `nil` when the list is used up.
    mutating func takeUnused(_ kind: Kind) -> Name? {
        (rest[kind] ?? []).first { !given.contains($0.ukrainian) }.map { claim($0) }
    }

    @discardableResult
    mutating func claim(_ name: Name) -> Name {
        given.insert(name.ukrainian)
        return name
    }
}

extension DemoCity.Name {
    init(transliterating ukrainian: String) {
        self.init(ukrainian: ukrainian, english: Transliteration.latin(ukrainian))
    }

    func numbered(_ number: Int) -> Self {
        Self(ukrainian: "\(ukrainian)-\(number)", english: "\(english)-\(number)")
    }
}
