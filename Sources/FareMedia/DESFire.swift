/// DESFire commands in their ISO 7816-4 wrapping: class 90, the native command as instruction,
/// parameters as data, an empty Le at the end.
package enum DESFire {
    package static let instructionClass: UInt8 = 0x90

    package static let selectApplication: UInt8 = 0x5A
    package static let authenticateEV2First: UInt8 = 0x71
    package static let additionalFrame: UInt8 = 0xAF
    /// Answers longer than a frame come in pieces under ``additionalFrame``.
    package static let readData: UInt8 = 0xAD

    package static func command(_ instruction: UInt8, _ data: [UInt8] = []) -> APDUCommand {
        APDUCommand(instructionClass: instructionClass, instruction: instruction, data: data)
    }

    /// The status words that decide something here; the first byte is always 91.
    package enum Status {
        package static let success: UInt16 = 0x9100
        package static let additionalFrame: UInt16 = 0x91AF
        package static let illegalCommand: UInt16 = 0x911C
        package static let integrityError: UInt16 = 0x911E
        package static let noSuchKey: UInt16 = 0x9140
        package static let lengthError: UInt16 = 0x917E
        package static let permissionDenied: UInt16 = 0x919D
        package static let parameterError: UInt16 = 0x919E
        package static let applicationNotFound: UInt16 = 0x91A0
        package static let authenticationError: UInt16 = 0x91AE
        package static let boundaryError: UInt16 = 0x91BE
        package static let commandAborted: UInt16 = 0x91CA
        package static let fileNotFound: UInt16 = 0x91F0
    }
}
