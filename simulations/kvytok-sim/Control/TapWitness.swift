import LocalStack

/// Remembers what a validator has answered, through all its lives.
actor TapWitness {
    /// Older answers are let go of.
    static let answerLimit = 5_000

    private let validator: KeptProcess
    private var log: LineLog?
    private var nextLine = 0
    private var answers: [TapAnswer] = []
    private var dropped = 0

    init(of validator: KeptProcess) {
        self.validator = validator
    }

    /// How many answers there have been.
    func count() async -> Int {
        await catchUp()
        return dropped + answers.count
    }

    /// The answers from a number on; counting begins at 0.
    func answers(from first: Int) async -> (first: Int, answers: [TapAnswer]) {
        await catchUp()
        let skipped = max(0, first - dropped)
        return (max(first, dropped), Array(answers.dropFirst(skipped)))
    }

    /// Reads what was printed since; the rest of an earlier life first.
    private func catchUp() async {
        let current = await validator.output
        if let log {
            read(log)
            if let current, current !== log {
                self.log = current
                nextLine = 0
                read(current)
            }
        } else if let current {
            log = current
            read(current)
        }
    }

    private func read(_ log: LineLog) {
        let end = log.end
        for line in log.lines(from: nextLine) {
            if let answer = TapAnswer(line: line) { answers.append(answer) }
        }
        nextLine = end
        guard answers.count > Self.answerLimit else { return }
        let surplus = answers.count - Self.answerLimit
        answers.removeFirst(surplus)
        dropped += surplus
    }
}
