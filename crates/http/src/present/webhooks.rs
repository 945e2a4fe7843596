//! Webhooks and their deliveries.

use api::webhooks::{
    DeliveryAttempt, DeliveryState as WireState, DeliveryView, WebhookEvent, WebhookKind, WebhookOffWhy, WebhookView,
    WebhookWanted,
};
use app::{AppError, webhooks::WebhookDraft};
use domain::webhooks::{DeliveryState, Endpoint, Kind, OffWhy, Topic};
use ports::webhooks::{Delivery, Webhook};

/// A webhook.
pub(crate) fn webhook(one: Webhook) -> WebhookView {
    WebhookView {
        id: one.id.to_string(),
        kind: match one.endpoint.kind {
            Kind::Standard => WebhookKind::Standard,
            Kind::Slack => WebhookKind::Slack,
            Kind::Teams => WebhookKind::Teams,
            Kind::Discord => WebhookKind::Discord,
        },
        name: one.endpoint.name,
        url: one.endpoint.url,
        chatbot_id: one.chatbot.map(|chatbot| chatbot.to_string()),
        events: one.endpoint.topics.into_iter().filter_map(event).collect(),
        enabled: one.off.is_none(),
        off_why: one.off.map(|(why, _)| match why {
            OffWhy::Person => WebhookOffWhy::Person,
            OffWhy::Gone => WebhookOffWhy::Gone,
            OffWhy::Failing => WebhookOffWhy::Failing,
        }),
        off_at: one.off.map(|(_, at)| at.0),
        failing_since: one.failing_since.map(|at| at.0),
        has_secret: one.sealed.is_some(),
        created_at: one.at.0,
    }
}

/// What somebody wants.
pub(crate) fn webhook_draft(wanted: WebhookWanted) -> Result<WebhookDraft, AppError> {
    let id = |text: String| text.parse().map_err(|_| AppError::invalid("chatbot_id", "is none of your chatbots"));
    let topics = wanted.events.into_iter().map(topic).collect();
    let kind = match wanted.kind {
        WebhookKind::Standard => Kind::Standard,
        WebhookKind::Slack => Kind::Slack,
        WebhookKind::Teams => Kind::Teams,
        WebhookKind::Discord => Kind::Discord,
    };
    Ok(WebhookDraft {
        endpoint: Endpoint { kind, name: wanted.name, url: wanted.url, topics },
        chatbot: wanted.chatbot_id.map(id).transpose()?,
        enabled: wanted.enabled,
    })
}

/// A delivery.
pub(crate) fn delivery(one: Delivery) -> DeliveryView {
    DeliveryView {
        id: one.id.to_string(),
        message_id: one.message,
        event: one.topic.name().to_owned(),
        conversation_id: one.conversation.map(|id| id.to_string()),
        state: match one.state {
            DeliveryState::Waiting => WireState::Waiting,
            DeliveryState::Delivered => WireState::Delivered,
            DeliveryState::Failed => WireState::Failed,
            DeliveryState::Dropped => WireState::Dropped,
        },
        tries: one.tries,
        created_at: one.at.0,
        next_at: one.next_at.map(|at| at.0),
        last: one.last.map(|last| DeliveryAttempt {
            at: last.at.0,
            took_ms: last.took,
            status: last.status,
            answer: last.answer,
        }),
    }
}

fn event(topic: Topic) -> Option<WebhookEvent> {
    Some(match topic {
        Topic::ConversationCreated => WebhookEvent::ConversationCreated,
        Topic::MessageCreated => WebhookEvent::MessageCreated,
        Topic::HumanRequested => WebhookEvent::HumanRequested,
        Topic::HumanWaiting => WebhookEvent::HumanWaiting,
        Topic::HumanTakenOver => WebhookEvent::HumanTakenOver,
        Topic::LiveChatEnded => WebhookEvent::LiveChatEnded,
        Topic::AiAlert => WebhookEvent::AiAlert,
        Topic::ConversationRated => WebhookEvent::ConversationRated,
        Topic::LeadCaptured => WebhookEvent::LeadCaptured,
        Topic::Test => return None,
    })
}

fn topic(event: WebhookEvent) -> Topic {
    match event {
        WebhookEvent::ConversationCreated => Topic::ConversationCreated,
        WebhookEvent::MessageCreated => Topic::MessageCreated,
        WebhookEvent::HumanRequested => Topic::HumanRequested,
        WebhookEvent::HumanWaiting => Topic::HumanWaiting,
        WebhookEvent::HumanTakenOver => Topic::HumanTakenOver,
        WebhookEvent::LiveChatEnded => Topic::LiveChatEnded,
        WebhookEvent::AiAlert => Topic::AiAlert,
        WebhookEvent::ConversationRated => Topic::ConversationRated,
        WebhookEvent::LeadCaptured => Topic::LeadCaptured,
    }
}
