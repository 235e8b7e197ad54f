// swift-tools-version: 6.2
import PackageDescription

// Rooms and arrows are explained in ARCHITECTURE.md; Tests/ArchitectureTests holds them.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// For rooms that read whole feeds and move whole fleets: without it the first minutes of a debug
/// build would show a compiler's caution and not the product.
let optimised: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

// MARK: - Outside libraries, pinned exactly

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(
    name: "HummingbirdTesting", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let unixSignals = Target.Dependency.product(
    name: "UnixSignals", package: "swift-service-lifecycle")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")

// MARK: - Rooms

/// A room of the pure core: values only, under `Sources/`.
func core(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    settings: [SwiftSetting] = strict
) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// A shell: wraps one outside thing, lives in its program's folder.
func shell(
    _ name: String, in program: String, _ dependencies: [Target.Dependency],
    exclude: [String] = [], settings: [SwiftSetting] = strict
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "\(program)/\(name)", exclude: exclude,
        swiftSettings: settings)
}

func program(
    _ name: String, in folder: String, _ dependencies: [Target.Dependency]
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "\(folder)/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: strict)
}

func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([apt])])
}

let coreRooms: [Target] = [
    core("TransitModel", settings: optimised),
    core("Wording", ["TransitModel"]),
    core("FareMedia", ["TransitModel", crypto, cryptoExtras]),
    core("DenyList", ["TransitModel"]),
    core("DenyListBuilder", ["DenyList", "TransitModel"]),
    core("SignedDocuments", ["TransitModel", crypto]),
    core("TapAcceptance", ["TransitModel", "FareMedia", "DenyList", "SignedDocuments"]),
    core("DeviceProtocol", ["TransitModel", crypto, protobuf], exclude: ["Messages"]),
    core("Timetable", ["TransitModel"], settings: optimised),
    core("Fares", ["Timetable", "TransitModel"]),
    core("Journeys", ["Timetable", "TransitModel"]),
    core("Ledger", ["TransitModel"]),
    core("Tracking", ["Timetable", "TransitModel"], settings: optimised),
    library("CPCSC", pkgConfig: "libpcsclite", apt: "libpcsclite-dev"),
    library("CPQ", pkgConfig: "libpq", apt: "libpq-dev"),
    library("CZip", pkgConfig: "libzip", apt: "libzip-dev"),
]

let validatorRooms: [Target] = [
    shell("CardReaders", in: "validator", ["CPCSC", "FareMedia", "TransitModel", logging]),
    shell("TapJournal", in: "validator", ["DeviceProtocol", "TransitModel", grdb]),
    shell(
        "Uplink", in: "validator",
        [
            "DeviceProtocol", "SignedDocuments", "TapJournal", "TransitModel", asyncHTTPClient,
            crypto, logging, nioCore, nioHTTP1, nioSSL, serviceLifecycle, swiftASN1, x509,
        ]),
    shell(
        "PassengerDisplay", in: "validator",
        ["TransitModel", "Wording", hummingbird, logging, nioCore, serviceLifecycle]),
    shell(
        "Positioning", in: "validator",
        ["TransitModel", logging, nioCore, nioPosix, serviceLifecycle]),
    shell(
        "ValidatorApp", in: "validator",
        [
            "CardReaders", "DenyList", "DeviceProtocol", "FareMedia", "PassengerDisplay",
            "Positioning", "SignedDocuments", "TapAcceptance", "TapJournal", "TransitModel",
            "Uplink", "Wording", hummingbird, logging, serviceLifecycle, unixSignals,
        ]),
    program(
        "kvytok-validator", in: "validator",
        [
            "Positioning", "TapJournal", "TransitModel", "Uplink", "ValidatorApp", "Wording",
            argumentParser, logging,
        ]),
]

let backOfficeRooms: [Target] = [
    shell("PostgresClient", in: "backoffice", ["CPQ", "TransitModel"]),
    shell(
        "Store", in: "backoffice",
        ["DeviceProtocol", "Ledger", "PostgresClient", "TransitModel"],
        exclude: ["schema.sql"]),
    shell("Vault", in: "backoffice", ["PostgresClient", "TransitModel", crypto]),
    shell(
        "Feeds", in: "backoffice",
        ["CZip", "Fares", "PostgresClient", "Store", "Timetable", "TransitModel", crypto]),
    shell(
        "TariffDesk", in: "backoffice",
        ["Fares", "Feeds", "Timetable", "TransitModel", "Wording"], settings: optimised),
    shell(
        "DeviceGateway", in: "backoffice",
        [
            "DenyListBuilder", "DeviceProtocol", "PostgresClient", "SignedDocuments",
            "Store", "TransitModel", crypto, httpTypes, hummingbird, hummingbirdCore,
            hummingbirdTLS, logging, nioCore, nioSSL, serviceLifecycle, swiftASN1, x509,
        ]),
    shell(
        "Rating", in: "backoffice",
        [
            "DeviceProtocol", "Fares", "Feeds", "Journeys", "Ledger", "PostgresClient", "Store",
            "TransitModel", "Vault", crypto, logging, serviceLifecycle,
        ]),
    shell("LiveReadings", in: "backoffice", ["PostgresClient", logging, serviceLifecycle]),
    shell(
        "Fleet", in: "backoffice",
        [
            "DeviceProtocol", "Feeds", "LiveReadings", "PostgresClient", "Store", "Timetable",
            "Tracking",
            "TransitModel", logging, serviceLifecycle,
        ]),
    shell(
        "OpenData", in: "backoffice",
        [
            "Feeds", "Fleet", "PostgresClient", "Store", "Timetable", "Tracking",
            "TransitModel",
            httpTypes, hummingbird, logging, nioCore, protobuf,
        ], exclude: ["Messages"]),
    shell(
        "Console", in: "backoffice",
        [
            "DeviceProtocol", "Feeds", "Fleet", "LiveReadings", "PostgresClient", "Store",
            "Timetable", "TransitModel", "Wording", crypto, cryptoExtras,
            httpTypes, hummingbird, logging, mustache, nioCore, serviceLifecycle,
        ]),
    shell(
        "DemoPage", in: "backoffice",
        [
            "Console", "PostgresClient", "Store", "TransitModel", "Wording", asyncHTTPClient,
            httpTypes, hummingbird, logging, mustache, nioCore, serviceLifecycle,
        ]),
    shell(
        "BackOfficeApp", in: "backoffice",
        [
            "Console", "DemoPage", "DeviceGateway", "Fares", "Feeds", "Fleet", "OpenData",
            "PostgresClient", "Rating",
            "SignedDocuments", "Store", "Timetable", "TransitModel", "Vault", "Wording", crypto,
            httpTypes, hummingbird, logging, nioCore, serviceLifecycle, unixSignals,
        ]),
    program(
        "kvytok-backoffice", in: "backoffice",
        [
            "BackOfficeApp", "Console", "DeviceGateway", "Fares", "Feeds",
            "PostgresClient", "Store", "TariffDesk", "Timetable", "TransitModel", "Wording",
            argumentParser, crypto, logging,
        ]),
]

let simulationRooms: [Target] = [
    shell(
        "VirtualCards", in: "simulations",
        ["FareMedia", "TransitModel", crypto]),
    shell("LocalStack", in: "simulations", []),
    shell(
        "Faults", in: "simulations",
        [
            "TransitModel", asyncHTTPClient, httpTypes, hummingbird, hummingbirdCore,
            hummingbirdTLS, logging, nioCore, nioHTTP1, nioSSL, serviceLifecycle,
        ]),
    shell(
        "SmallTown", in: "simulations",
        [
            "FareMedia", "Faults", "LocalStack", "TransitModel", "VirtualCards", logging,
        ]),
    shell("City", in: "simulations", ["Timetable", "TransitModel"], settings: optimised),
    shell(
        "CityLife", in: "simulations",
        [
            "CardReaders", "City", "FareMedia", "PassengerDisplay", "TapJournal", "Timetable",
            "TransitModel", "Uplink", "ValidatorApp", "VirtualCards", logging,
        ]),
    program(
        "kvytok-sim", in: "simulations",
        [
            "City", "CityLife", "Faults", "LocalStack", "Timetable", "TransitModel",
            "VirtualCards", argumentParser, httpTypes, hummingbird, hummingbirdCore, logging,
            nioCore,
        ]),
    program(
        "kvytok-bench", in: "simulations",
        [
            "City", "CityLife", "DeviceProtocol", "Fares", "LocalStack", "PostgresClient",
            "SmallTown", "Timetable", "TransitModel", "VirtualCards", argumentParser,
            asyncHTTPClient, crypto,
            nioCore, nioHTTP1, nioSSL,
        ]),
]

let testRooms: [Target] = [
    tests("Architecture", []),
    tests("TransitModel", ["TransitModel"]),
    tests("Wording", ["TransitModel", "Wording"]),
    tests("FareMedia", ["FareMedia", "TransitModel", crypto]),
    tests("DenyList", ["DenyList", "DenyListBuilder", "TransitModel"]),
    tests("SignedDocuments", ["SignedDocuments", "TransitModel", crypto]),
    tests(
        "TapAcceptance",
        [
            "DenyList", "DenyListBuilder", "FareMedia", "SignedDocuments", "TapAcceptance",
            "TransitModel",
        ]),
    tests("DeviceProtocol", ["DeviceProtocol", "TransitModel", crypto]),
    tests("Timetable", ["Timetable", "TransitModel"]),
    tests("Fares", ["Fares", "Timetable", "TransitModel"]),
    tests("Journeys", ["Journeys", "Timetable", "TransitModel"]),
    tests("Ledger", ["Ledger", "TransitModel"]),
    tests("Tracking", ["Timetable", "Tracking", "TransitModel"]),
    tests("City", ["City", "Feeds", "LocalStack", "Timetable", "TransitModel", "kvytok-sim"]),
    tests(
        "CityLife",
        [
            "City", "CityLife", "DeviceGateway", "DeviceProtocol", "LocalStack", "PostgresClient",
            "SignedDocuments", "Store", "Timetable", "TransitModel", "Uplink", crypto, logging,
        ]),
    tests("Positioning", ["LocalStack", "Positioning", "TransitModel", logging]),
    tests("LiveReadings", ["LiveReadings", logging]),
    tests(
        "Fleet",
        [
            "DeviceProtocol", "Fleet", "LocalStack", "PostgresClient", "Store", "TransitModel",
            logging,
        ]),
    tests(
        "OpenData",
        [
            "Feeds", "LocalStack", "OpenData", "Timetable", "TransitModel", httpTypes, hummingbird,
            hummingbirdTesting, logging, nioCore, protobuf,
        ]),
    tests(
        "DemoPage",
        [
            "Console", "DemoPage", "Fleet", "LocalStack", "PostgresClient", "Store",
            "TransitModel", "Wording", httpTypes, hummingbird, hummingbirdTesting, logging,
            nioCore,
        ]),
    tests("VirtualCards", ["FareMedia", "TransitModel", "VirtualCards", "kvytok-sim", crypto]),
    tests("LocalStack", ["LocalStack", "TransitModel", "kvytok-sim"]),
    tests(
        "CardReaders",
        [
            "CPCSC", "CardReaders", "FareMedia", "LocalStack", "TransitModel", "VirtualCards",
            crypto,
        ]),
    tests("TapJournal", ["DeviceProtocol", "LocalStack", "TapJournal", "TransitModel"]),
    tests(
        "Uplink",
        [
            "DeviceGateway", "DeviceProtocol", "LocalStack", "PostgresClient", "SignedDocuments",
            "Store", "TapJournal", "TransitModel", "Uplink", crypto, logging,
        ]),
    tests(
        "PassengerDisplay",
        [
            "PassengerDisplay", "TransitModel", "Wording", hummingbird, hummingbirdTesting,
            logging, nioCore,
        ]),
    tests(
        "ValidatorApp",
        [
            "CardReaders", "DenyListBuilder", "DeviceProtocol", "FareMedia", "PassengerDisplay",
            "SignedDocuments", "TapAcceptance", "TapJournal", "TransitModel", "ValidatorApp",
            "Wording", crypto, logging,
        ]),
    tests("PostgresClient", ["LocalStack", "PostgresClient", "TransitModel"]),
    tests("Schema", ["LocalStack", "PostgresClient", "Store"]),
    tests("Store", ["LocalStack", "PostgresClient", "Store", "TransitModel"]),
    tests("Vault", ["LocalStack", "PostgresClient", "Store", "TransitModel", "Vault"]),
    tests(
        "Feeds",
        [
            "Fares", "Feeds", "LocalStack", "PostgresClient", "Store", "Timetable", "TransitModel",
        ]),
    tests("TariffDesk", ["Fares", "Feeds", "TariffDesk", "Timetable", "TransitModel", "Wording"]),
    tests(
        "Rating",
        [
            "DeviceProtocol", "Fares", "LocalStack", "PostgresClient", "Rating", "Store",
            "Timetable", "TransitModel", "Vault", logging, serviceLifecycle,
        ]),
    tests(
        "DeviceGateway",
        [
            "DenyList", "DeviceGateway", "DeviceProtocol", "LocalStack", "PostgresClient",
            "SignedDocuments", "Store", "TransitModel", asyncHTTPClient, crypto, logging, nioCore,
            nioHTTP1, nioSSL,
            swiftASN1, x509,
        ]),
    tests(
        "Console",
        [
            "Console", "DeviceProtocol", "Fares", "Fleet", "LocalStack", "PostgresClient",
            "Store", "TransitModel", "Wording", httpTypes, hummingbird, hummingbirdTesting,
            logging, nioCore, serviceLifecycle,
        ]),
    tests(
        "BackOfficeApp",
        [
            "BackOfficeApp", "Fares", "Feeds", "LocalStack", "PostgresClient", "SignedDocuments",
            "Store", "Timetable", "TransitModel", "Wording", logging,
        ]),
    tests(
        "EndToEnd",
        [
            "DeviceProtocol", "FareMedia", "Faults", "LocalStack", "PostgresClient", "SmallTown",
            "Store", "TapJournal", "TransitModel", "VirtualCards", crypto,
        ]),
]

let package = Package(
    name: "kvytok",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: coreRooms + validatorRooms + backOfficeRooms + simulationRooms + testRooms,
    swiftLanguageModes: [.v6]
)
