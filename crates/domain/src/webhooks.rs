//! Webhooks: what the owner's own servers are told of, and when it is tried again. Messages and signatures are those of the
//! Standard Webhooks specification.

use crate::{
    chatbot::{InvalidSetting, checked},
    conversation::{Circle, Event, Step},
    limits,
    text::{self, InvalidText},
};

/// Most webhooks of a workspace.
pub const WEBHOOKS: usize = 20;
/// Longest address, in characters.
const URL_CHARS: usize = 1_000;
/// Longest part of an answer that is kept, in characters.
pub const EXCERPT_CHARS: usize = 500;
/// How long a secret that was replaced still signs, in milliseconds: 24 hours.
pub const OVERLAP_MS: i64 = 24 * 3_600 * 1_000;
/// A webhook that has failed for so long without a success in between is switched off, in milliseconds: 3 days.
pub const FAILING_MS: i64 = 3 * 24 * 3_600 * 1_000;
/// How long a delivery is kept in the log, in milliseconds: 30 days.
pub const KEPT_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// Deliveries of one webhook that are kept, the newest.
pub const KEPT: u32 = 5_000;

/// Pauses after each failed try, in seconds: the schedule that the specification recommends. Then it is given up.
const PAUSES: [i64; 9] = [5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 14 * 3_600, 20 * 3_600, 24 * 3_600];

/// Something that a webhook can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A visitor began a conversation: its first entry was written.
    ConversationCreated,
    /// Somebody wrote: the visitor, the AI or a person.
    MessageCreated,
    /// A person is wanted.
    HumanRequested,
    /// A person is wanted, and nobody has come for long.
    HumanWaiting,
    /// A person took over.
    HumanTakenOver,
    /// A live chat is over.
    LiveChatEnded,
    /// The AI said a watched phrase.
    AiAlert,
    /// A visitor rated the conversation.
    ConversationRated,
    /// A visitor left an e-mail address.
    LeadCaptured,
    /// Somebody pressed `Send test event`. Nobody subscribes to it.
    Test,
}

impl Topic {
    /// All that a webhook can be told of.
    pub const ALL: [Self; 9] = [
        Self::ConversationCreated,
        Self::MessageCreated,
        Self::HumanRequested,
        Self::HumanWaiting,
        Self::HumanTakenOver,
        Self::LiveChatEnded,
        Self::AiAlert,
        Self::ConversationRated,
        Self::LeadCaptured,
    ];

    /// Its name on the wire and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::ConversationCreated => "conversation.created",
            Self::MessageCreated => "message.created",
            Self::HumanRequested => "human.requested",
            Self::HumanWaiting => "human.waiting",
            Self::HumanTakenOver => "human.taken_over",
            Self::LiveChatEnded => "live_chat.ended",
            Self::AiAlert => "ai.alert",
            Self::ConversationRated => "conversation.rated",
            Self::LeadCaptured => "lead.captured",
            Self::Test => "webhook.test",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Test]).find(|topic| topic.name() == name)
    }

    /// What an entry of the log is told as, if it is told; `was_live` when a person had the conversation before it.
    pub fn of(event: &Event, was_live: bool) -> Option<Self> {
        match event {
            Event::VisitorWrote { .. }
            | Event::AssistantWrote { .. }
            | Event::PersonWrote { .. }
            | Event::RequestAcknowledged => Some(Self::MessageCreated),
            Event::Climbed { rung } => match rung.step() {
                Step::Tells => Some(Self::MessageCreated),
                Step::Calls(Circle::Outside) => Some(Self::HumanWaiting),
                Step::Calls(_) | Step::Releases => None,
            },
            Event::HumanRequested { .. } | Event::Released { .. } => Some(Self::HumanRequested),
            Event::TakenOver { .. } => Some(Self::HumanTakenOver),
            Event::LiveChatEnded { .. } => Some(Self::LiveChatEnded),
            Event::Rated { .. } => Some(Self::ConversationRated),
            Event::Resolved { .. } if was_live => Some(Self::LiveChatEnded),
            Event::AiAlerted => Some(Self::AiAlert),
            _ => None,
        }
    }
}

/// What speaks at the other end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// A server that reads Standard Webhooks.
    #[default]
    Standard,
    /// A channel of Slack, by an incoming webhook.
    Slack,
    /// A channel of Microsoft Teams, by a workflow that takes webhook requests.
    Teams,
    /// A channel of Discord, by a webhook.
    Discord,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Standard, Self::Slack, Self::Teams, Self::Discord];

    /// Its name on the wire and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Discord => "discord",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What a channel of a chat app is told of; a server of one's own is told of what one chooses.
    pub fn topics(self) -> Option<&'static [Topic]> {
        match self {
            Self::Standard => None,
            Self::Slack | Self::Teams => Some(&[Topic::HumanRequested, Topic::HumanWaiting]),
            // It lets a message be changed: then it says who came.
            Self::Discord => Some(&[Topic::HumanRequested, Topic::HumanWaiting, Topic::HumanTakenOver]),
        }
    }
}

/// What is shown of an address that lets whoever knows it write: where it leads, and its last signs.
pub fn masked(url: &str) -> String {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let end: Vec<char> = url.chars().rev().take(4).collect();
    let scheme = url.split_once("://").map_or("https", |(scheme, _)| scheme);
    format!("{scheme}://{host}/…{}", end.into_iter().rev().collect::<String>())
}

/// What somebody wants to be told of, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// What speaks there.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// Where it is. Of a chat app's channel no more than is shown of it: whoever knows the rest can write there.
    pub url: String,
    /// What it is told of.
    pub topics: Vec<Topic>,
}

impl Endpoint {
    /// Trims every text and checks every limit. Whether the address is called at all is known outside.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, InvalidSetting> {
        let mut topics = self.kind.topics().map_or(self.topics, <[Topic]>::to_vec);
        topics.sort_unstable();
        topics.dedup();
        topics.retain(|topic| *topic != Topic::Test);
        if topics.is_empty() {
            return Err(InvalidSetting { field: "events".into(), cause: InvalidText::Empty });
        }
        let name = checked("name", text::line(&self.name, limits::NAME_CHARS))?;
        Ok(Self { kind: self.kind, name, url: checked("url", text::line(&self.url, URL_CHARS))?, topics })
    }
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// It waits for its first or its next try.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It was tried as often as it is, or the receiver wants no more.
    Failed,
    /// It was not tried any more: the webhook was switched off, or what it tells of was deleted.
    Dropped,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Delivered, Self::Failed, Self::Dropped];

    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Why a webhook is told of nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffWhy {
    /// Somebody switched it off.
    Person,
    /// The receiver answered 410: it wants no more.
    Gone,
    /// It failed for [`FAILING_MS`].
    Failing,
}

impl OffWhy {
    /// The name used in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Person, Self::Gone, Self::Failing].into_iter().find(|why| why.name() == name)
    }
}

/// What a receiver's answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It took the message.
    Taken,
    /// It did not: to be tried again.
    NotTaken,
    /// It wants no more messages at all.
    Gone,
}

/// What a status means; redirects are not followed, so that one of them is a refusal too.
pub fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Taken,
        410 => Verdict::Gone,
        _ => Verdict::NotTaken,
    }
}

/// The pause after so many failed tries, in milliseconds; nothing when it is given up. `spread` from 0 to 255 makes it up
/// to a tenth longer, so that what failed together does not come back together.
pub fn pause_after(tries: u32, spread: u8) -> Option<i64> {
    let pause = PAUSES.get(usize::try_from(tries.checked_sub(1)?).ok()?)? * 1_000;
    Some(pause + pause * i64::from(spread) / 2_550)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PersonId, conversation::Actor};

    #[test]
    fn pauses_are_those_of_the_specification() {
        let pauses: Vec<_> = (0..=10).map(|tries| pause_after(tries, 0).map(|ms| ms / 1_000)).collect();
        let seconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map(Some);
        assert_eq!(pauses, [&[None], &seconds[..], &[None]].concat());
        assert_eq!(pause_after(1, 255), Some(5_500));
    }

    #[test]
    fn who_fails_from_the_first_to_the_last_try_is_switched_off() {
        let whole: i64 = (1..=9).filter_map(|tries| pause_after(tries, 0)).sum();
        assert!(whole > FAILING_MS, "{whole}");
    }

    #[test]
    fn topics_come_back_by_name() {
        for topic in Topic::ALL {
            assert_eq!(Topic::named(topic.name()), Some(topic));
        }
        assert_eq!((Topic::named("webhook.test"), Topic::named("message.deleted")), (Some(Topic::Test), None));
    }

    #[test]
    fn a_resolved_live_chat_has_ended_and_a_resolved_conversation_has_not() {
        let by = Actor::Person { id: PersonId::new(uuid::Uuid::nil()) };
        assert_eq!(Topic::of(&Event::Resolved { by }, true), Some(Topic::LiveChatEnded));
        assert_eq!(Topic::of(&Event::Resolved { by }, false), None);
        assert_eq!(Topic::of(&Event::AskedAgain, true), None);
    }

    #[test]
    fn what_is_wanted_is_checked() {
        let wanted = |name: &str, topics: &[Topic]| Endpoint {
            kind: Kind::Standard,
            name: name.into(),
            url: " https://example.com/hook ".into(),
            topics: topics.to_vec(),
        };
        let twice = [Topic::HumanRequested, Topic::MessageCreated, Topic::HumanRequested, Topic::Test];
        let endpoint = wanted(" CRM\n", &twice).validated().unwrap();
        assert_eq!((endpoint.name.as_str(), endpoint.url.as_str()), ("CRM", "https://example.com/hook"));
        assert_eq!(endpoint.topics, [Topic::MessageCreated, Topic::HumanRequested]);
        assert_eq!(wanted("", &[Topic::AiAlert]).validated().unwrap_err().field, "name");
        assert_eq!(wanted("CRM", &[Topic::Test]).validated().unwrap_err().field, "events");
    }

    #[test]
    fn a_channel_is_told_of_requests_whatever_is_asked_for() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
            let url = "https://example.com/".to_owned();
            let endpoint = Endpoint { kind, name: "Team".into(), url, topics: vec![Topic::MessageCreated] };
            let told = endpoint.validated().unwrap().topics;
            assert_eq!(told.contains(&Topic::HumanRequested), kind != Kind::Standard);
            assert_eq!(told.contains(&Topic::HumanTakenOver), kind == Kind::Discord);
        }
        assert_eq!(Kind::named("irc"), None);
    }

    #[test]
    fn an_address_that_is_a_key_is_shown_in_part() {
        assert_eq!(masked("https://hooks.slack.com/services/T0/B0/secretXYZ1"), "https://hooks.slack.com/…XYZ1");
        assert_eq!(masked("http://chat.lan:8080?token=abcdef"), "http://chat.lan:8080/…cdef");
    }

    #[test]
    fn answers_are_judged_by_their_status() {
        let check = |statuses: &[u16], expected| {
            for status in statuses {
                assert_eq!(verdict(*status), expected, "{status}");
            }
        };
        check(&[200, 201, 202, 204, 299], Verdict::Taken);
        check(&[100, 199, 300, 301, 302, 304, 307, 308, 400, 401, 404, 409, 429, 500, 503], Verdict::NotTaken);
        check(&[410], Verdict::Gone);
    }
}
