/// Takes the rows of one COPY and sends them in pieces of bounded size.
///
/// The layout is PostgreSQL's binary COPY format (manual, COPY, "Binary Format").
package struct CopyWriter {
    private static let pieceLimit = 64 * 1024

    private let handle: ConnectionHandle
    private let columnCount: Int
    private var pending: [UInt8]

    init(handle: ConnectionHandle, columnCount: Int) {
        self.handle = handle
        self.columnCount = columnCount
        pending = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
        pending.appendBigEndian(Int32(0))
        pending.appendBigEndian(Int32(0))
    }

    /// Appends a row.
    ///
    /// - Parameter cell: One value for each column named when the COPY began.
    package mutating func row<each Cell: PostgresBindable>(
        _ cell: repeat each Cell
    ) throws(PostgresFailure) {
        var cellCount = 0
        let start = pending.count
        pending.appendBigEndian(Int16(columnCount))
        for cell in repeat each cell {
            pending.appendCell(cell)
            cellCount += 1
        }
        guard cellCount == columnCount else {
            pending.removeLast(pending.count - start)
            preconditionFailure("A row has \(cellCount) cells for \(columnCount) columns")
        }
        if pending.count >= Self.pieceLimit { try flush() }
    }

    mutating func finish() throws(PostgresFailure) {
        pending.appendBigEndian(Int16(-1))
        try flush()
    }

    private mutating func flush() throws(PostgresFailure) {
        try handle.putCopyData(pending)
        pending.removeAll(keepingCapacity: true)
    }
}
