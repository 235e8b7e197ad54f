internal import TransitModel

/// Writes compact JSON (RFC 8259) in the order in which it is told.
package struct JSONWriter {
    package private(set) var text = ""
    private var needsComma = false

    package init() {}

    package mutating func object(_ name: String? = nil, _ body: (inout JSONWriter) -> Void) {
        begin(name)
        enclose("{", "}", body)
    }

    package mutating func array<Element>(
        _ name: String, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
    ) {
        begin(name)
        enclose("[", "]") { writer in
            for element in elements { body(&writer, element) }
        }
    }

    package mutating func field(_ name: String, _ value: String) {
        begin(name)
        append(quoted: value)
        needsComma = true
    }

    package mutating func field(_ name: String, _ value: Int64) {
        begin(name)
        text += String(value)
        needsComma = true
    }

    private mutating func begin(_ name: String?) {
        if needsComma { text += "," }
        guard let name else { return }
        append(quoted: name)
        text += ":"
    }

    private mutating func enclose(
        _ opening: String, _ closing: String, _ body: (inout JSONWriter) -> Void
    ) {
        text += opening
        needsComma = false
        body(&self)
        text += closing
        needsComma = true
    }

    private mutating func append(quoted value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                text += "\\u00" + [UInt8(scalar.value)].hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
