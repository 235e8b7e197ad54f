import CPQ

/// Owns libpq's connection object and speaks its C interface; every call may block.
///
/// Not `Sendable`: it lives inside one actor or on one thread.
final class ConnectionHandle {
    private let raw: OpaquePointer

    /// - Parameters:
    ///   - conninfo: A libpq connection string or URI.
    ///   - role: Whose rights the session takes on; absent keeps the user's own.
    init(conninfo: String, applicationName: String, role: String?) throws(PostgresFailure) {
        // What stands before dbname are defaults that the connection string may replace.
        let settings: [(String, String)] = [
            ("connect_timeout", "5"), ("keepalives_idle", "20"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "20000"),
            ("fallback_application_name", applicationName), ("dbname", conninfo),
            ("client_encoding", "UTF8"),
        ]
        var keywords: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        var owned: [UnsafeMutablePointer<CChar>] = []
        func cString(_ text: String) -> UnsafePointer<CChar> {
            let bytes = Array(text.utf8CString)
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            copy.initialize(from: bytes, count: bytes.count)
            owned.append(copy)
            return UnsafePointer(copy)
        }
        for (keyword, value) in settings {
            keywords.append(cString(keyword))
            values.append(cString(value))
        }
        defer { owned.forEach { $0.deallocate() } }
        keywords.append(nil)
        values.append(nil)
        guard let raw = PQconnectdbParams(keywords, values, 1) else {
            throw PostgresFailure(.unreachable)
        }
        self.raw = raw
        guard PQstatus(raw) == CONNECTION_OK else {
            throw PostgresFailure(.unreachable, explanation: message)
        }
        PQsetNoticeProcessor(raw, { _, _ in }, nil)
        try run(
            script: """
                set timezone = 'UTC';
                set client_min_messages = warning;
                set statement_timeout = '60s';
                set idle_in_transaction_session_timeout = '60s';
                """)
        if let role { try run(script: "set role \"\(role)\"") }
    }

    deinit {
        PQfinish(raw)
    }

    private var message: String { String(cString: PQerrorMessage(raw)) }

    /// Whether the connection stands and no transaction is open on it.
    var isReusable: Bool {
        PQstatus(raw) == CONNECTION_OK && PQtransactionStatus(raw) == PQTRANS_IDLE
    }

    /// As ``isReusable``, after taking in what the server sent meanwhile, such as its farewell.
    ///
    /// Looks twice: the first look may take in the farewell's words alone, and only the second
    /// meets the end of the stream behind them.
    func checkIsReusable() -> Bool {
        PQconsumeInput(raw) == 1 && PQconsumeInput(raw) == 1 && isReusable
    }

    var socket: Int32 { PQsocket(raw) }

    /// Runs statements without parameters in the simple protocol; several may stand together.
    func run(script: String) throws(PostgresFailure) {
        try finish(PQexec(raw, script)) { _ in }
    }

    func query(_ statement: SQL) throws(PostgresFailure) -> [PostgresRow] {
        try finish(send(statement), Self.rows(of:))
    }

    /// - Returns: How many rows were touched.
    func execute(_ statement: SQL) throws(PostgresFailure) -> Int {
        try finish(send(statement)) { Int(String(cString: PQcmdTuples($0))) ?? 0 }
    }

    /// - Returns: Whether the server answered COMMIT with a rollback, which it does when a
    ///   statement of the transaction failed.
    func commit() throws(PostgresFailure) {
        let tag = try finish(PQexec(raw, "commit")) { String(cString: PQcmdStatus($0)) }
        guard tag == "COMMIT" else { throw PostgresFailure(.rolledBack) }
    }

    private func send(_ statement: SQL) -> OpaquePointer? {
        let (text, parameters) = statement.rendered
        var bytes: [UInt8] = []
        var types: [Oid] = []
        var formats: [Int32] = []
        var places: [(offset: Int, length: Int)?] = []
        for parameter in parameters {
            types.append(type(of: parameter).postgresType.oid)
            formats.append(type(of: parameter).postgresFormat.rawValue)
            let offset = bytes.count
            places.append(
                parameter.encode(into: &bytes) ? (offset, bytes.count - offset) : nil)
            bytes.append(0)
        }
        return bytes.withUnsafeBytes { buffer in
            let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = places.map { place in place.flatMap { base?.advanced(by: $0.offset) } }
            return PQexecParams(
                raw, text, Int32(parameters.count), types, values,
                places.map { Int32($0?.length ?? 0) }, formats, PostgresFormat.binary.rawValue)
        }
    }

    private func finish<Value>(
        _ result: OpaquePointer?, _ read: (OpaquePointer) -> Value
    ) throws(PostgresFailure) -> Value {
        guard let result else { throw PostgresFailure(.connectionLost, explanation: message) }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_COPY_IN:
            return read(result)
        default:
            throw failure(of: result)
        }
    }

    private func failure(of result: OpaquePointer) -> PostgresFailure {
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        let sentence = field("M") ?? message
        // libpq makes a result without a state of its own when the connection has gone.
        guard let sqlState = field("C"), PQstatus(raw) == CONNECTION_OK else {
            return PostgresFailure(.connectionLost, explanation: sentence)
        }
        return PostgresFailure(
            .refused(sqlState: sqlState), constraint: field("n"), explanation: sentence)
    }

    private static func rows(of result: OpaquePointer) -> [PostgresRow] {
        let width = PQnfields(result)
        let columns = PostgresRow.Columns(
            names: (0..<width).map { String(cString: PQfname(result, $0)) },
            types: (0..<width).map { PostgresType(oid: PQftype(result, $0)) })
        return (0..<PQntuples(result)).map { row in
            var bytes: [UInt8] = []
            var cells: [(offset: Int, length: Int)] = []
            cells.reserveCapacity(Int(width))
            for column in 0..<width {
                guard PQgetisnull(result, row, column) == 0,
                    let value = PQgetvalue(result, row, column)
                else {
                    cells.append((0, -1))
                    continue
                }
                let length = Int(PQgetlength(result, row, column))
                cells.append((bytes.count, length))
                bytes.append(contentsOf: UnsafeRawBufferPointer(start: value, count: length))
            }
            return PostgresRow(columns: columns, bytes: bytes, cells: cells)
        }
    }
}

// MARK: - COPY

extension ConnectionHandle {
    func putCopyData(_ bytes: [UInt8]) throws(PostgresFailure) {
        let outcome = bytes.withUnsafeBytes { buffer in
            PQputCopyData(
                raw, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
        }
        guard outcome == 1 else {
            throw PostgresFailure(.connectionLost, explanation: message)
        }
    }

    /// Ends a COPY; with a reason the server drops what it was given.
    ///
    /// - Returns: How many rows were copied.
    func endCopy(abandonedBecause reason: String? = nil) throws(PostgresFailure) -> Int {
        guard PQputCopyEnd(raw, reason) == 1 else {
            throw PostgresFailure(.connectionLost, explanation: message)
        }
        defer { while let rest = PQgetResult(raw) { PQclear(rest) } }
        return try finish(PQgetResult(raw)) { Int(String(cString: PQcmdTuples($0))) ?? 0 }
    }
}

// MARK: - Notifications

extension ConnectionHandle {
    /// Takes in what has arrived.
    ///
    /// - Returns: The notifications, in order.
    func takeNotifications() throws(PostgresFailure) -> [(channel: String, payload: String)] {
        guard PQconsumeInput(raw) == 1 else {
            throw PostgresFailure(.connectionLost, explanation: message)
        }
        var taken: [(channel: String, payload: String)] = []
        while let notification = PQnotifies(raw) {
            taken.append(
                (
                    String(cString: notification.pointee.relname),
                    String(cString: notification.pointee.extra)
                ))
            PQfreemem(notification)
        }
        return taken
    }
}
