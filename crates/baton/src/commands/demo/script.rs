//! What is in `crates/baton/demo/`: the company, what it knows, and the play.

use anyhow::Context;
use domain::chatbot::Settings;
use ports::sources::SourceKind;
use serde::{Deserialize, de::DeserializeOwned};

const WORKSPACE: &str = include_str!("../../../demo/workspace.toml");

/// The chatbot's picture, drawn for this demo.
pub(super) const CHATBOT_PICTURE: &[u8] = include_bytes!("../../../demo/pictures/chatbot.png");
/// The owner's; the agent has none, so that both ways of showing a face are seen.
pub(super) const OWNER_PICTURE: &[u8] = include_bytes!("../../../demo/pictures/owner.png");

/// Questions with their answers, one file per topic or language.
const PAIRS: [(&str, &str); 9] = [
    ("shipping", include_str!("../../../demo/knowledge/shipping.toml")),
    ("returns", include_str!("../../../demo/knowledge/returns.toml")),
    ("sizes", include_str!("../../../demo/knowledge/sizes.toml")),
    ("warranty", include_str!("../../../demo/knowledge/warranty.toml")),
    ("payment", include_str!("../../../demo/knowledge/payment.toml")),
    ("accounts", include_str!("../../../demo/knowledge/accounts.toml")),
    ("deutsch", include_str!("../../../demo/knowledge/deutsch.toml")),
    ("espanol", include_str!("../../../demo/knowledge/espanol.toml")),
    ("francais", include_str!("../../../demo/knowledge/francais.toml")),
];

/// Files that are uploaded.
const FILES: [(&str, &str); 4] = [
    ("boots.md", include_str!("../../../demo/knowledge/boots.md")),
    ("tents.md", include_str!("../../../demo/knowledge/tents.md")),
    ("stoves.md", include_str!("../../../demo/knowledge/stoves.md")),
    ("rental.md", include_str!("../../../demo/knowledge/rental.md")),
];

/// A text that is pasted in; the first line is the title.
const TEXT: &str = include_str!("../../../demo/knowledge/workshops.txt");

/// The conversations, by how they end.
const CHATS: [(&str, &str); 5] = [
    ("resolved", include_str!("../../../demo/chats/resolved.toml")),
    ("long", include_str!("../../../demo/chats/long.toml")),
    ("ai", include_str!("../../../demo/chats/ai.toml")),
    ("live", include_str!("../../../demo/chats/live.toml")),
    ("requested", include_str!("../../../demo/chats/requested.toml")),
];

/// Everything that the demo is made of.
pub(super) struct Script {
    pub(super) workspace: Workspace,
    pub(super) knowledge: Vec<Entry>,
    pub(super) chats: Vec<Chat>,
}

/// The company.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Workspace {
    pub(super) name: String,
    pub(super) owner: Person,
    pub(super) agent: Person,
    pub(super) chatbot: Settings,
}

/// A collaborator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
}

/// One entry of the knowledge.
pub(super) struct Entry {
    pub(super) kind: SourceKind,
    /// Title, question, or name of the file.
    pub(super) title: String,
    pub(super) text: String,
}

/// One conversation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chat {
    /// The visitor's name, if known.
    pub(super) visitor: Option<String>,
    /// Language of the visitor's browser.
    pub(super) language: String,
    /// Where the chat began.
    pub(super) page: String,
    /// Browser and system.
    pub(super) device: String,
    /// How long ago it began.
    began: Span,
    /// How it stands in the end; the play checks it.
    pub(super) ends: domain::conversation::Standing,
    /// A collaborator has seen all of it.
    #[serde(default)]
    pub(super) read: bool,
    /// What happens.
    pub(super) steps: Vec<Step>,
}

/// One thing that somebody says or does.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    /// How long after the step before.
    after: Option<Span>,
    #[serde(flatten)]
    pub(super) act: Act,
}

/// What somebody says or does.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Act {
    /// The visitor writes.
    Visitor(String),
    /// The visitor presses a button.
    VisitorDoes(VisitorDeed),
    /// The owner writes.
    Owner(String),
    /// The owner presses a button.
    OwnerDoes(Deed),
    /// The agent writes.
    Agent(String),
    /// The agent presses a button.
    AgentDoes(Deed),
}

/// Buttons on the visitor's page.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum VisitorDeed {
    TalkToAPerson,
    ContinueWithTheAssistant,
    EndChat,
}

/// Buttons in the inbox.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Deed {
    Join,
    DismissRequest,
    EndLiveChat,
    Resolve,
}

/// A length of time like `2d 3h`, `45m` or `20s`, in milliseconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Span(i64);

/// Between two steps when the play says nothing: as long as it takes to read and to type.
const PACE: Span = Span(40_000);

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no length of time: write 2d 3h, 45m or 20s");
        let mut sum = 0;
        for part in text.split_whitespace() {
            let unit = part.chars().last().ok_or_else(wrong)?;
            let number: i64 = part[..part.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
            let seconds = match unit {
                's' => 1,
                'm' => 60,
                'h' => 3_600,
                'd' => 86_400,
                _ => return Err(wrong()),
            };
            sum += number * seconds * 1_000;
        }
        Ok(Self(sum))
    }
}

impl Chat {
    /// When it began, and when each step happens, in milliseconds before the present day's end.
    pub(super) fn times(&self) -> (i64, Vec<i64>) {
        let mut ago = self.began.0;
        let times = self.steps.iter().map(|step| {
            ago -= step.after.unwrap_or(PACE).0;
            ago
        });
        let times = times.collect();
        (self.began.0, times)
    }
}

impl Script {
    /// Reads everything. It is compiled in, so a mistake in it is found by the first test that runs it.
    pub(super) fn read() -> anyhow::Result<Self> {
        let mut knowledge = Vec::new();
        for (name, file) in PAIRS {
            let Pairs { pair } = parse(name, file)?;
            knowledge.extend(pair.into_iter().map(|pair| Entry {
                kind: SourceKind::Qa,
                title: pair.question,
                text: pair.answer,
            }));
        }
        knowledge.extend(FILES.map(|(name, text)| Entry {
            kind: SourceKind::File,
            title: name.into(),
            text: text.into(),
        }));
        let (title, text) = TEXT.split_once('\n').context("a text without a title")?;
        knowledge.push(Entry { kind: SourceKind::Text, title: title.into(), text: text.into() });
        let mut chats = Vec::new();
        for (name, file) in CHATS {
            let Chats { chat } = parse(name, file)?;
            chats.extend(chat);
        }
        Ok(Self { workspace: parse("workspace", WORKSPACE)?, knowledge, chats })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairs {
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    question: String,
    answer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chats {
    chat: Vec<Chat>,
}

fn parse<T: DeserializeOwned>(name: &str, file: &str) -> anyhow::Result<T> {
    toml::from_str(file).with_context(|| format!("reading {name} of the demo"))
}

#[cfg(test)]
mod tests {
    use domain::conversation::Standing;

    use super::*;

    #[test]
    fn the_demo_shows_everything_that_it_promises() {
        let script = Script::read().unwrap();
        assert!(script.knowledge.len() >= 40, "{}", script.knowledge.len());
        assert!(script.chats.len() >= 12, "{}", script.chats.len());
        for standing in Standing::ALL {
            assert!(script.chats.iter().filter(|chat| chat.ends == standing).count() >= 2, "{standing:?}");
        }
        for language in ["en", "de", "es", "fr"] {
            assert!(script.chats.iter().any(|chat| chat.language.starts_with(language)), "{language}");
        }
        assert!(script.chats.iter().any(|chat| chat.steps.len() >= 30), "one long chat");
    }

    #[test]
    fn everything_happens_in_the_past() {
        for chat in Script::read().unwrap().chats {
            let (_, times) = chat.times();
            assert!(times.iter().all(|&ago| ago > 0), "{:?} reaches into the future", chat.visitor);
        }
    }

    #[test]
    fn spans_are_read() {
        let check = |text: &str, seconds: i64| assert_eq!(Span::try_from(text.to_owned()).unwrap().0, seconds * 1_000);
        check("20s", 20);
        check("2d 3h", 183_600);
        assert!(Span::try_from("soon".to_owned()).is_err());
    }
}
