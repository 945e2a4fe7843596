//! Chatbots: with all their settings, and as anybody may see them.

use api::{chatbots as wire, visitor::PublicChatbot};
use app::directory::Profile;
use domain::person::Role;

use super::{
    agents,
    people::{avatar_url, role},
    routing::routing_settings,
    waiting::waiting_settings,
};
use crate::server::Server;

/// A chatbot with all its settings.
pub(crate) fn chatbot(server: &Server, profile: &Profile, own_role: Role) -> wire::Chatbot {
    let chatbot = &profile.chatbot;
    let settings = chatbot.settings.clone();
    let escalation = settings.escalation;
    let origin = &server.config.public_url;
    wire::Chatbot {
        id: chatbot.id.to_string(),
        name: settings.name,
        avatar_url: avatar_url(chatbot.avatar),
        color: settings.color,
        greeting: settings.greeting,
        suggested_questions: settings.suggested_questions,
        visibility: match settings.visibility {
            domain::chatbot::Visibility::Private => wire::Visibility::Private,
            domain::chatbot::Visibility::Public => wire::Visibility::Public,
            domain::chatbot::Visibility::Hybrid => wire::Visibility::Hybrid,
        },
        allowed_domains: settings.allowed_domains,
        message_limit: wire::MessageLimit {
            messages: settings.message_limit.messages,
            seconds: settings.message_limit.seconds,
            text: settings.message_limit.text,
        },
        escalation: wire::EscalationSettings {
            enabled: escalation.enabled,
            requested_message: escalation.requested_message,
            notifications: escalation.notifications,
            sound: escalation.sound,
            mail_replies: escalation.mail_replies,
            start_announcement: escalation.start_announcement,
            end_announcement: escalation.end_announcement,
            hold: escalation.hold,
            when_asked: escalation.when_asked,
            bias: escalation.bias,
            after_no_answers: escalation.after_no_answers,
            when_upset: escalation.when_upset,
            after_turns: escalation.after_turns,
            when_ai_fails: escalation.when_ai_fails,
            output_triggers: escalation
                .output_triggers
                .into_iter()
                .map(|trigger| wire::OutputTrigger {
                    phrase: trigger.phrase,
                    also_request: trigger.also_request,
                    by_meaning: trigger.by_meaning,
                })
                .collect(),
            intents: escalation
                .intents
                .into_iter()
                .map(|intent| wire::EscalationIntent { name: intent.name, examples: intent.examples })
                .collect(),
            waiting: waiting_settings(escalation.waiting),
            asks_rating: escalation.asks_rating,
            routing: routing_settings(escalation.routing),
            translations: escalation
                .translations
                .into_iter()
                .map(|one| wire::HandoverTranslation {
                    language: one.language,
                    requested_message: one.requested_message,
                    start_announcement: one.start_announcement,
                    end_announcement: one.end_announcement,
                    first_text: one.first_text,
                    second_text: one.second_text,
                    nobody_text: one.nobody_text,
                    away_text: one.away_text,
                })
                .collect(),
        },
        supervisor: agents::supervisor(settings.supervisor),
        share_url: profile.has_link().then(|| server.share_url(chatbot.id)),
        embed_snippet: format!("<script src=\"{origin}/widget.js\" data-chatbot=\"{}\" defer></script>", chatbot.id),
        signing_secret_at: profile.signing.as_ref().map(|secret| secret.made_at.0),
        role: role(own_role),
        created_at: chatbot.created_at.0,
    }
}

/// What anybody who may open the chatbot sees of it.
pub(crate) fn public_chatbot(profile: &Profile) -> PublicChatbot {
    let settings = &profile.chatbot.settings;
    PublicChatbot {
        id: profile.chatbot.id.to_string(),
        name: settings.name.clone(),
        avatar_url: avatar_url(profile.chatbot.avatar),
        color: settings.color.clone(),
        greeting: settings.greeting.clone(),
        suggested_questions: settings.suggested_questions.clone(),
        can_request_human: settings.escalation.enabled,
        asks_rating: settings.escalation.asks_rating,
    }
}
