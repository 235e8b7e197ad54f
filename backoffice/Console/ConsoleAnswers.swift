import HTTPTypes
import Hummingbird
import Logging
import PostgresClient
import Wording

/// Puts the security headers on every answer and turns errors into pages in the visitor's
/// language.
struct ConsoleAnswers: RouterMiddleware {
    let routes: ConsoleRoutes

    func handle(
        _ request: Request, context: ConsoleContext,
        next: (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let isOurs =
                request.uri.path.hasPrefix("/console")
                || (routes.settings.hasDemonstration
                    && request.uri.path.hasPrefix(GuestDoor.demonstrationPath))
            guard isOurs else { throw error }
            response = explain(error, request, context)
        }
        SecurityHeaders.add(
            to: &response, usesTLS: routes.settings.usesTLS, tiles: routes.settings.tiles)
        return response
    }

    private func explain(
        _ error: any Error, _ request: Request, _ context: ConsoleContext
    ) -> Response {
        let language = routes.cookies.language(in: request)
        switch error {
        case ConsoleRefusal.foreignForm:
            return page(.forbidden, .messageFormTitle, .messageFormText, language)
        case ConsoleRefusal.forbidden:
            return page(.forbidden, .messageForbiddenTitle, .messageForbiddenText, language)
        case ConsoleRefusal.notFound:
            return page(.notFound, .messageNotFoundTitle, .messageNotFoundText, language)
        case let failure as PostgresFailure where failure.isConnectionLost:
            context.logger.warning("the database is away", metadata: ["cause": "\(failure)"])
            var response = page(
                .serviceUnavailable, .messageDatabaseTitle, .messageDatabaseText, language)
            response.headers[.retryAfter] = "5"
            return response
        case let refusal as any HTTPResponseError where refusal.status == .notFound:
            return page(.notFound, .messageNotFoundTitle, .messageNotFoundText, language)
        case let refusal as any HTTPResponseError where refusal.status.kind == .clientError:
            return page(refusal.status, .messageFormTitle, .messageFormText, language)
        default:
            context.logger.error("a page failed", metadata: ["cause": "\(error)"])
            return page(
                .internalServerError, .messageFailureTitle, .messageFailureText, language)
        }
    }

    private func page(
        _ status: HTTPResponse.Status, _ title: ConsolePhrase, _ text: ConsolePhrase,
        _ language: Language
    ) -> Response {
        routes.messagePage(status, title, text, language)
    }
}
