internal import TransitModel

/// Who runs the lines.
enum CityAgency: CaseIterable {
    case electric
    case bus

    init(_ mode: Mode) { self = mode == .bus ? .bus : .electric }

    var id: AgencyID {
        switch self {
        case .electric: "miskelektrotrans"
        case .bus: "ruta-avtotrans"
        }
    }

    var name: DemoCity.Name {
        switch self {
        case .electric:
            .init(ukrainian: "КП «Міськелектротранс»", english: "City Electric Transport")
        case .bus: .init(ukrainian: "ТОВ «Рута-Автотранс»", english: "Ruta Avtotrans")
        }
    }
}

/// Colours under white letters; each kind of vehicle has its family.
enum RouteColours {
    static func palette(_ mode: Mode) -> [String] {
        switch mode {
        case .tram: ["B3261E", "C2185B", "C63A0F", "8E2430", "AD1457"]
        case .trolleybus:
            [
                "0B5CAD", "283593", "00729B", "5E35B1", "1565C0", "006B7D", "4527A0", "3949AB",
                "01579B",
            ]
        case .bus:
            [
                "2E7D32", "6D4C41", "00695C", "7A5C00", "1B5E20", "8D4E00", "33691E", "455A64",
                "00796B", "5D4037", "4B7A2A", "37474F", "796300", "3F6B52", "616161", "4E5D2F",
            ]
        }
    }
}
