/// What the staff pages say.
package enum ConsolePhrase: String, Phrase {
    case productName = "console.product_name"
}
