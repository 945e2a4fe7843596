//! All routes at a glance.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, Request, StatusCode},
    middleware,
    response::IntoResponse,
    routing::get,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    assets,
    endpoints::{
        account, agents, analytics, calling, calls, chatbots, commands, conversations, files, health, identities,
        invitations, lab, labels, lessons, life, links, mail, models, notes, passages, push, rehearsals, search,
        session, sources, team, transcript, visitors, webhooks, writing,
    },
    headers,
    problem::{self, Failure},
    server::Server,
    socket::{self, stream},
};

/// Largest body of a call, in bytes.
const BODY: usize = 2 * 1024 * 1024;
/// A call that takes longer is ended.
const CALL: Duration = Duration::from_secs(30);
/// An upload has a limit of its own (`endpoints::files`); this one is for what is done with the file afterwards, too.
const UPLOAD: Duration = Duration::from_secs(330);

#[derive(OpenApi)]
#[openapi(
    info(title = "Baton", description = "The native REST API of Baton. Errors are `application/problem+json` with a stable `code`.\n\nBeside it there is one WebSocket, `GET /api/v2/socket` (`?as=desk` for collaborators), with one JSON frame in each message: a desk sends `DeskClientFrame` and reads `DeskServerFrame`, a visitor's page sends `VisitorClientFrame` and reads `VisitorServerFrame`. The first frame is `hello`; each frame that changes something has a `client_id` and is answered by `ack` or `refused` with the same one."),
    modifiers(&Doors),
    security(("api_key" = []), ("session" = [], "csrf" = []), ("visitor" = []), ()),
    servers((url = "/api/v2")),
    tags(
        (name = "session", description = "Set-up, sign-in, sign-out"),
        (name = "account", description = "One's own account, pictures, colleagues"),
        (name = "team", description = "Collaborators, roles, invitations"),
        (name = "chatbots", description = "Chatbots and their settings"),
        (name = "agents", description = "AI agents"),
        (name = "ai-model", description = "Which models answer, and what they may call"),
        (name = "escalation-lab", description = "Labelled messages, and how well a person is called for them"),
        (name = "knowledge", description = "What the AI answers from"),
        (name = "conversations", description = "Reading and acting on conversations"),
        (name = "analytics", description = "What is counted of requests for a person"),
        (name = "labels", description = "Marks on conversations"),
        (name = "canned-replies", description = "Texts that are written again and again"),
        (name = "drafts", description = "Texts that were begun and not sent"),
        (name = "mail", description = "Mail between a visitor and a conversation"),
        (name = "webhooks", description = "Servers of yours that are told of what happens"),
        (name = "visitors", description = "What a visitor's page calls"),
    )
)]
struct Document;

/// How callers show who they are.
struct Doors;

impl Modify for Doors {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let bearer = |about: &str| {
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build())
        };
        let named = |name: &str, about: &str| ApiKeyValue::with_description(name, about);
        let schemes = [
            ("api_key", bearer("A collaborator's API key, `bk_..`")),
            (
                "inbound_mail",
                bearer("What the operator set as `--inbound-mail-token`; also as the password of HTTP Basic"),
            ),
            ("visitor", bearer("A visitor's token, `bv_..`, as `POST /visitors` gives it")),
            ("session", SecurityScheme::ApiKey(ApiKey::Cookie(named("baton_session", "A collaborator's session")))),
            (
                "csrf",
                SecurityScheme::ApiKey(ApiKey::Header(named(
                    "X-CSRF-Token",
                    "With a session, for everything that changes something: `csrf_token` of `GET /session`",
                ))),
            ),
        ];
        let components = document.components.get_or_insert_default();
        for (name, scheme) in schemes {
            components.add_security_scheme(name, scheme);
        }
    }
}

/// For collaborators: a session's cookie with `X-CSRF-Token`, or an API key.
fn desk_routes() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(session::setup_state, session::set_up))
        .routes(routes!(session::show, session::sign_in, session::sign_out))
        .routes(routes!(account::patch))
        .routes(routes!(calling::show, calling::save))
        .routes(routes!(account::change_password))
        .routes(routes!(account::people))
        .routes(routes!(links::forgot_password))
        .routes(routes!(links::show))
        .routes(routes!(links::set_password))
        .routes(routes!(links::set_email))
        .routes(routes!(links::change_email))
        .routes(routes!(links::sessions, links::end_sessions))
        .routes(routes!(links::end_session))
        .routes(routes!(team::change_person, team::remove_person))
        .routes(routes!(team::list))
        .routes(routes!(team::change_role, team::remove))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::revoke))
        .routes(routes!(invitations::offer))
        .routes(routes!(invitations::join))
        .routes(routes!(invitations::accept))
        .routes(routes!(chatbots::list, life::create))
        .routes(routes!(chatbots::show, chatbots::patch))
        .routes(routes!(identities::new_signing_secret))
        .routes(routes!(life::duplicate))
        .routes(routes!(rehearsals::create))
        .routes(routes!(life::delete))
        .routes(routes!(life::guide, life::note_step))
        .routes(routes!(life::unanswered))
        .routes(routes!(life::dismiss_unanswered))
        .routes(routes!(analytics::show))
        .routes(routes!(analytics::table))
        .routes(routes!(analytics::missed))
        .routes(routes!(agents::status))
        .routes(routes!(agents::intents))
        .routes(routes!(agents::list, agents::create))
        .routes(routes!(agents::patch, agents::delete))
        .routes(routes!(agents::why))
        .routes(routes!(models::show, models::save))
        .routes(routes!(models::test))
        .routes(routes!(models::show_workspace, models::save_workspace))
        .routes(routes!(models::test_workspace))
        .routes(routes!(models::tools, models::add_tool))
        .routes(routes!(models::save_tool, models::remove_tool))
        .routes(routes!(models::copilot))
        .routes(routes!(lab::show))
        .routes(routes!(lab::list, lab::add, lab::clear))
        .routes(routes!(lab::patch, lab::delete))
        .routes(routes!(lab::history))
        .routes(routes!(lab::judge))
        .routes(routes!(lab::replay))
        .routes(routes!(lab::run, lab::stop))
        .routes(routes!(lab::judged))
        .routes(routes!(lab::replayed))
        .routes(routes!(sources::list, sources::create))
        .routes(routes!(sources::show, sources::patch, sources::delete))
        .routes(routes!(sources::pages))
        .routes(routes!(sources::read_again))
        .routes(routes!(sources::stop_reading))
        .routes(routes!(passages::list, passages::add))
        .routes(routes!(passages::change, passages::restore))
        .routes(routes!(passages::set_tags))
        .routes(routes!(passages::tags))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::counts))
        .routes(routes!(search::search))
        .routes(routes!(transcript::past))
        .routes(routes!(commands::take_over))
        .routes(routes!(commands::join))
        .routes(routes!(commands::leave))
        .routes(routes!(commands::transfer))
        .routes(routes!(commands::assign))
        .routes(routes!(commands::dismiss_request))
        .routes(routes!(commands::undo_dismiss))
        .routes(routes!(commands::resolve))
        .routes(routes!(commands::reopen))
        .routes(routes!(labels::list, labels::create))
        .routes(routes!(labels::patch, labels::delete))
        .routes(routes!(labels::put, labels::take))
        .routes(routes!(writing::canned, writing::add_canned))
        .routes(routes!(writing::patch_canned, writing::delete_canned))
        .routes(routes!(writing::drafts))
        .routes(routes!(writing::draft, writing::write_draft))
        .routes(routes!(calls::list))
        .routes(routes!(lessons::list))
        .routes(routes!(lessons::teach, lessons::dismiss))
        .routes(routes!(lessons::suggested))
        .routes(routes!(mail::show))
        .routes(routes!(notes::write))
        .routes(routes!(notes::edit, notes::delete))
        .routes(routes!(notes::versions))
        .routes(routes!(notes::mentions))
        .routes(routes!(notes::read))
        .routes(routes!(push::list, push::create))
        .routes(routes!(push::delete))
        .routes(routes!(push::test))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::show, webhooks::save, webhooks::delete))
        .routes(routes!(webhooks::secret))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::replay))
}

/// Files that are larger than other bodies.
fn file_routes() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(account::set_avatar, account::remove_avatar))
        .routes(routes!(chatbots::set_avatar, chatbots::remove_avatar))
        .layer(DefaultBodyLimit::max(domain::limits::AVATAR_BYTES))
}

/// For a visitor's page, also from other origins: a visitor's token, no cookies.
fn visitor_routes() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(visitors::create))
        .routes(routes!(identities::identify))
        .routes(routes!(identities::me))
        .routes(routes!(chatbots::public))
        .routes(routes!(chatbots::site))
        .routes(routes!(account::avatar))
        .routes(routes!(conversations::show))
        .routes(routes!(conversations::events))
        .routes(routes!(transcript::export))
        .routes(routes!(mail::mail_transcript))
        .routes(routes!(commands::write))
        .routes(routes!(commands::request_human))
        .routes(routes!(commands::end_live_chat))
        .routes(routes!(commands::cancel_request))
        .routes(routes!(commands::rate))
        .routes(routes!(identities::leave_email))
        .routes(routes!(identities::queue))
        .routes(routes!(identities::read))
        .routes(routes!(identities::typing))
        .routes(routes!(stream::open))
        .routes(routes!(files::open))
        .layer(middleware::from_fn(headers::visitors_from_their_sites))
}

/// What takes its time: a file on a slow line. Those in conversations are read by their endpoint itself, part by part.
fn upload_routes() -> OpenApiRouter<Arc<Server>> {
    let knowledge = OpenApiRouter::new()
        .routes(routes!(sources::upload))
        .layer(DefaultBodyLimit::max(domain::limits::DOCUMENT_BYTES + sources::FORM));
    OpenApiRouter::new()
        .routes(routes!(files::upload))
        .layer(middleware::from_fn(headers::visitors_from_their_sites))
        .merge(knowledge)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, UPLOAD))
}

/// What a mail server calls.
fn mail_routes() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(mail::receive))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, mail::CALL))
}

fn api_routes() -> OpenApiRouter<Arc<Server>> {
    let document = Document::openapi().merge_from(api::schema::FrameSchemas::openapi());
    let routes = desk_routes().merge(file_routes()).merge(visitor_routes());
    let routes = routes.layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, CALL));
    OpenApiRouter::with_openapi(document).merge(routes).merge(upload_routes()).merge(mail_routes())
}

/// The OpenAPI document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api_routes().split_for_parts().1
}

/// Everything that the server answers.
pub fn router(server: Arc<Server>) -> Router {
    let (api, document) = api_routes().split_for_parts();
    let document = Arc::new(document.to_pretty_json().unwrap_or_default());
    let api = api
        .route(
            "/openapi.json",
            get(move || async move { ([("content-type", "application/json")], document.to_string()) }),
        )
        .fallback(no_such_route)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn(problem::shaped));
    let request_id = HeaderName::from_static("x-request-id");
    let compressible = DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream"));
    Router::new()
        .nest("/api/v2", api)
        .route("/api/v2/socket", get(socket::upgrade))
        .route("/api/{*rest}", axum::routing::any(no_such_route))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/widget.js", get(assets::loader))
        .route("/widget/{chatbot}", get(assets::share_page))
        .route("/rehearsal/{chatbot}", get(assets::rehearsal_page))
        .route("/widget-assets/{*path}", get(assets::widget_asset))
        .route("/assets/{*path}", get(assets::desk_asset))
        .route("/{name}", get(assets::desk_file))
        .fallback(get(assets::desk_page))
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(middleware::from_fn_with_state(Arc::clone(&server), headers::protect))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(PropagateRequestIdLayer::new(request_id.clone()))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::new(request_id, MakeRequestUuid))
        .with_state(server)
}

async fn no_such_route() -> Failure {
    Failure::of_call(StatusCode::NOT_FOUND, "no_such_route", "there is no such call: see /api/v2/openapi.json")
}

/// The path without what follows: an address may hold what a log must not.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    tracing::info_span!("call", method = %request.method(), path = request.uri().path(), request_id = id)
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    tracing::error!("a handler panicked");
    Failure::of_call(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong on the server; it was logged")
        .into_response()
}
