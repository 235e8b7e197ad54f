internal import TransitModel

/// What a map may draw below the lines, as GeoJSON (RFC 7946): the river, all streets, districts
/// and depots. It is no part of the feed.
enum Landscape {
    static func geoJSON(_ layout: CityLayout) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.key("type")
            json.string("FeatureCollection")
            json.key("features")
            json.array { json in
                feature(&json, "river", layout.riverName, "Polygon") { json in
                    json.array { positions(&$0, river(layout.plan.river), layout) }
                }
                for edge in layout.network.edges {
                    let street = layout.network.streets[edge.street]
                    feature(&json, "street", street.name, "LineString") { json in
                        positions(&json, edge.line.simplified(tolerance: 2).points, layout)
                    }
                }
                for district in layout.plan.districts {
                    feature(&json, "district", district.name, "Point") { json in
                        position(&json, district.centre, layout)
                    }
                }
                for depot in Depot.allCases {
                    let spot = layout.network.nodes[layout.sites.node(.depot(depot))].spot
                    feature(&json, "depot", depot.name, "Point") { json in
                        position(&json, spot, layout)
                    }
                }
            }
        }
        json.endLine()
        return json.bytes
    }

    /// Both banks, down one and back up the other.
    private static func river(_ river: River) -> [Spot] {
        let middle = Polyline(river.centreline)
        let right = middle.shiftedRight(by: river.halfWidth).points
        let left = middle.shiftedRight(by: -river.halfWidth).points
        return right + left.reversed() + [right[0]]
    }

    private static func feature(
        _ json: inout JSONText, _ kind: String, _ name: DemoCity.Name, _ geometry: String,
        coordinates: (inout JSONText) -> Void
    ) {
        json.object { json in
            json.key("type")
            json.string("Feature")
            json.key("properties")
            json.object { json in
                json.key("kind")
                json.string(kind)
                json.key("name_uk")
                json.string(name.ukrainian)
                json.key("name_en")
                json.string(name.english)
            }
            json.key("geometry")
            json.object { json in
                json.key("type")
                json.string(geometry)
                json.key("coordinates")
                coordinates(&json)
            }
        }
    }

    private static func positions(
        _ json: inout JSONText, _ spots: [Spot], _ layout: CityLayout
    ) {
        json.array { json in
            for spot in spots { position(&json, spot, layout) }
        }
    }

    private static func position(_ json: inout JSONText, _ spot: Spot, _ layout: CityLayout) {
        let point = layout.point(spot)
        json.array { json in
            json.number(point.longitude, decimals: 6)
            json.number(point.latitude, decimals: 6)
        }
    }
}
