import DeviceProtocol
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PostgresClient

/// Turns what went wrong into the status and the code that a device acts on.
///
/// 400 never gets better by sending again, 401 and 403 need people, 429 and 503 pass.
struct RefusalAnswers: RouterMiddleware {
    private struct Body: Encodable {
        struct Content: Encodable {
            let code: String
        }

        let error: Content
    }

    func handle(
        _ request: Request, context: GatewayContext,
        next: (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let failure as WireFailure {
            context.logger.warning("Malformed: \(failure.code)")
            return answer(.badRequest, failure.code)
        } catch let refusal as EnrolmentRefusal {
            context.logger.warning("Enrolment refused: \(refusal.code)")
            return switch refusal {
            case .tooManyAttempts: answer(.tooManyRequests, refusal.code)
            case .badRequest: answer(.badRequest, refusal.code)
            case .unknownCode, .deviceRevoked: answer(.forbidden, refusal.code)
            }
        } catch let refusal as GatewayRefusal {
            context.logger.warning("Refused: \(refusal.code)")
            return switch refusal {
            case .noCertificate: answer(.unauthorized, refusal.code)
            case .unknownDevice, .deviceRevoked: answer(.forbidden, refusal.code)
            case .tooManyReports: answer(.tooManyRequests, refusal.code, retryAfterSeconds: 1)
            }
        } catch let error as any HTTPResponseError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            // The database or the archive cannot hold anything just now: no acknowledgement, and
            // the device keeps its taps.
            context.logger.error("Cannot serve: \(error)")
            return answer(.serviceUnavailable, "unavailable", retryAfterSeconds: 1)
        }
    }

    private func answer(
        _ status: HTTPResponse.Status, _ code: String, retryAfterSeconds: Int? = nil
    ) -> Response {
        var response = JSONAnswer.response(Body(error: .init(code: code)), status: status)
        if let retryAfterSeconds { response.headers[.retryAfter] = "\(retryAfterSeconds)" }
        return response
    }
}
