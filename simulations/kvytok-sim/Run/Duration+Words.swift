extension Duration {
    /// Half seconds matter, smaller parts do not.
    var inWords: String {
        let (seconds, attoseconds) = components
        return attoseconds == 0
            ? "\(seconds) s" : "\(seconds).\(attoseconds / 100_000_000_000_000_000) s"
    }
}
