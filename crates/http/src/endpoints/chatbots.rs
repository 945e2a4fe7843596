//! Chatbots and their settings.

use api::{
    chatbots::{Chatbot, ChatbotPatch, EscalationPatch, Visibility},
    common::{Page, Problem},
    visitor::{PublicChatbot, SiteCheck},
};
use app::inbox::page_size;
use axum::{
    body::Bytes,
    extract::{Path, Query, State},
};
use domain::{
    ChatbotId,
    chatbot::{Escalation, Intent, MessageLimit, OutputTrigger, Settings},
    embed::Place,
    handover::Translation,
    person::Role,
    rules::SupervisorSettings,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    caller::{Collaborator, MaybeCollaborator},
    json::Json,
    place::CalledFrom,
    present,
    problem::Answer,
    server::Shared,
};

/// Keys of a page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next` of the page before.
    pub(crate) after: Option<String>,
    /// Entries of a page, at most 200.
    pub(crate) limit: Option<u32>,
}

/// The chatbots that one may see.
#[utoipa::path(get, path = "/chatbots", tag = "chatbots", params(PageQuery), responses((status = 200, body = Page<Chatbot>)))]
pub(crate) async fn list(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Query(query): Query<PageQuery>,
) -> Answer<axum::Json<Page<Chatbot>>> {
    let after = query.after.as_deref().map(str::parse).transpose()?;
    let (profiles, next) = server.baton.chatbots(&staff, after, page_size(query.limit)).await?;
    let shown = |profile: &std::sync::Arc<app::directory::Profile>| {
        let role = staff.role_for(profile.chatbot.id).unwrap_or(Role::Viewer);
        present::chatbot(&server, profile, role)
    };
    Ok(axum::Json(Page { items: profiles.iter().map(shown).collect(), next: next.map(|id| id.to_string()) }))
}

/// One chatbot.
#[utoipa::path(get, path = "/chatbots/{id}", tag = "chatbots", params(("id" = String, Path)),
    responses((status = 200, body = Chatbot), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<Chatbot>> {
    let id: ChatbotId = id.parse()?;
    let profile = server.baton.chatbot(&staff, id).await?;
    let role = staff.role_for(id).unwrap_or(Role::Viewer);
    Ok(axum::Json(present::chatbot(&server, &profile, role)))
}

/// What anybody who may open the chatbot sees of it. No sign-in, unless it is private.
/// One that is embedded only answers to a site that may embed it, and to our own page in a frame (`Baton-Place: frame`).
#[utoipa::path(get, path = "/chatbots/{id}/public", tag = "visitors", params(("id" = String, Path)),
    responses((status = 200, body = PublicChatbot), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn public(
    State(server): Shared,
    MaybeCollaborator(staff): MaybeCollaborator,
    CalledFrom(place): CalledFrom,
    Path(id): Path<String>,
) -> Answer<axum::Json<PublicChatbot>> {
    let profile = server.baton.public_chatbot(id.parse()?, staff.as_ref(), &place).await?;
    Ok(axum::Json(present::public_chatbot(&profile)))
}

/// Whether the calling site may embed the chatbot. Every site may read this answer: a browser tells a page nothing of
/// the answers that refuse it.
#[utoipa::path(get, path = "/chatbots/{id}/site", tag = "visitors", params(("id" = String, Path)),
    responses((status = 200, body = SiteCheck), (status = 404, body = Problem)))]
pub(crate) async fn site(
    State(server): Shared,
    CalledFrom(place): CalledFrom,
    Path(id): Path<String>,
) -> Answer<axum::Json<SiteCheck>> {
    let profile = server.baton.directory().profile(id.parse()?).await?;
    let allowed = match place {
        Place::Site(origin) => profile.chatbot.settings.allows_site(&origin),
        Place::Page | Place::Frame => true,
    };
    Ok(axum::Json(SiteCheck { allowed }))
}

/// Changes settings. What is left out stays.
#[utoipa::path(patch, path = "/chatbots/{id}", tag = "chatbots", params(("id" = String, Path)), request_body = ChatbotPatch,
    responses((status = 200, body = Chatbot), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn patch(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    Json(body): Json<ChatbotPatch>,
) -> Answer<axum::Json<Chatbot>> {
    let id: ChatbotId = id.parse()?;
    let supervisor = body.supervisor.clone().map(present::supervisor_of).transpose()?;
    let routing = body.escalation.as_ref().and_then(|escalation| escalation.routing.clone());
    let routing = routing.map(present::routing_change).transpose()?;
    let change = |settings| merge(settings, body.clone(), (supervisor.clone(), routing.clone()));
    let profile = server.baton.change_settings(&staff, id, change).await?;
    let role = staff.role_for(id).unwrap_or(Role::Viewer);
    Ok(axum::Json(present::chatbot(&server, &profile, role)))
}

/// Sets a chatbot's picture: a PNG, JPEG or WebP file as the body.
#[utoipa::path(put, path = "/chatbots/{id}/avatar", tag = "chatbots", params(("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Chatbot), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn set_avatar(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
    file: Bytes,
) -> Answer<axum::Json<Chatbot>> {
    let id: ChatbotId = id.parse()?;
    let profile = server.baton.set_chatbot_avatar(&staff, id, Some(file.into())).await?;
    let role = staff.role_for(id).unwrap_or(Role::Viewer);
    Ok(axum::Json(present::chatbot(&server, &profile, role)))
}

/// Removes a chatbot's picture.
#[utoipa::path(delete, path = "/chatbots/{id}/avatar", tag = "chatbots", params(("id" = String, Path)),
    responses((status = 200, body = Chatbot), (status = 404, body = Problem)))]
pub(crate) async fn remove_avatar(
    State(server): Shared,
    Collaborator(staff): Collaborator,
    Path(id): Path<String>,
) -> Answer<axum::Json<Chatbot>> {
    let id: ChatbotId = id.parse()?;
    let profile = server.baton.set_chatbot_avatar(&staff, id, None).await?;
    let role = staff.role_for(id).unwrap_or(Role::Viewer);
    Ok(axum::Json(present::chatbot(&server, &profile, role)))
}

fn merge(
    settings: Settings,
    patch: ChatbotPatch,
    (supervisor, routing): (Option<SupervisorSettings>, Option<present::RoutingChange>),
) -> Settings {
    let limit = patch.message_limit.map(|limit| MessageLimit {
        messages: limit.messages,
        seconds: limit.seconds,
        text: limit.text,
    });
    let visibility = patch.visibility.map(|visibility| match visibility {
        Visibility::Private => domain::chatbot::Visibility::Private,
        Visibility::Public => domain::chatbot::Visibility::Public,
        Visibility::Hybrid => domain::chatbot::Visibility::Hybrid,
    });
    Settings {
        name: patch.name.unwrap_or(settings.name),
        color: patch.color.unwrap_or(settings.color),
        greeting: patch.greeting.unwrap_or(settings.greeting),
        suggested_questions: patch.suggested_questions.unwrap_or(settings.suggested_questions),
        visibility: visibility.unwrap_or(settings.visibility),
        allowed_domains: patch.allowed_domains.unwrap_or(settings.allowed_domains),
        message_limit: limit.unwrap_or(settings.message_limit),
        escalation: match patch.escalation {
            Some(change) => merge_escalation(settings.escalation, change, routing),
            None => settings.escalation,
        },
        supervisor: supervisor.unwrap_or(settings.supervisor),
    }
}

fn merge_escalation(known: Escalation, patch: EscalationPatch, routing: Option<present::RoutingChange>) -> Escalation {
    let triggers = patch.output_triggers.map(|triggers| {
        let one = |t: api::chatbots::OutputTrigger| OutputTrigger {
            phrase: t.phrase,
            also_request: t.also_request,
            by_meaning: t.by_meaning,
        };
        triggers.into_iter().map(one).collect()
    });
    let intents = patch.intents.map(|intents| {
        let one = |i: api::chatbots::EscalationIntent| Intent { name: i.name, examples: i.examples };
        intents.into_iter().map(one).collect()
    });
    let translations = patch.translations.map(|translations| {
        let one = |t: api::chatbots::HandoverTranslation| Translation {
            language: t.language,
            requested_message: t.requested_message,
            start_announcement: t.start_announcement,
            end_announcement: t.end_announcement,
            first_text: t.first_text,
            second_text: t.second_text,
            nobody_text: t.nobody_text,
            away_text: t.away_text,
        };
        translations.into_iter().map(one).collect()
    });
    Escalation {
        enabled: patch.enabled.unwrap_or(known.enabled),
        requested_message: patch.requested_message.unwrap_or(known.requested_message),
        notifications: patch.notifications.unwrap_or(known.notifications),
        sound: patch.sound.unwrap_or(known.sound),
        mail_replies: patch.mail_replies.unwrap_or(known.mail_replies),
        start_announcement: patch.start_announcement.unwrap_or(known.start_announcement),
        end_announcement: patch.end_announcement.unwrap_or(known.end_announcement),
        hold: patch.hold.unwrap_or(known.hold),
        when_asked: patch.when_asked.unwrap_or(known.when_asked),
        bias: patch.bias.unwrap_or(known.bias),
        after_no_answers: patch.after_no_answers.unwrap_or(known.after_no_answers),
        when_upset: patch.when_upset.unwrap_or(known.when_upset),
        after_turns: patch.after_turns.unwrap_or(known.after_turns),
        when_ai_fails: patch.when_ai_fails.unwrap_or(known.when_ai_fails),
        output_triggers: triggers.unwrap_or(known.output_triggers),
        intents: intents.unwrap_or(known.intents),
        waiting: match patch.waiting {
            Some(change) => present::merge_waiting(known.waiting, change),
            None => known.waiting,
        },
        asks_rating: patch.asks_rating.unwrap_or(known.asks_rating),
        routing: match routing {
            Some(change) => present::merge_routing(known.routing, change),
            None => known.routing,
        },
        translations: translations.unwrap_or(known.translations),
    }
}
