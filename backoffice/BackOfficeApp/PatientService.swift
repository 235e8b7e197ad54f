import Logging
import PostgresClient
import ServiceLifecycle

/// Starts a service again when it could not start for want of the database.
struct PatientService: Service {
    let name: String
    let logger: Logger
    let makeService: @Sendable () throws -> any Service

    func run() async throws {
        while true {
            do {
                return try await makeService().run()
            } catch let failure as PostgresFailure where failure.isConnectionLost {
                logger.warning(
                    "Waiting for the database",
                    metadata: ["service": "\(name)", "cause": "\(failure)"])
                try await cancelWhenGracefulShutdown {
                    try await Task.sleep(for: .seconds(1))
                }
            }
        }
    }
}
