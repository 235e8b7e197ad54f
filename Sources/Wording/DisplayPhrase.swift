/// What the passenger display says.
package enum DisplayPhrase: String, Phrase {
    case ready = "display.ready"
}
