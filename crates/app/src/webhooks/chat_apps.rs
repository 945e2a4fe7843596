//! What chat apps are told: Slack, Microsoft Teams and Discord, by their incoming webhooks.
//!
//! What a visitor wrote is data. It can neither mention anybody nor become a link or any other markup, whatever the app makes
//! of texts: where the app has plain texts they are used, and what it would read in them anyway is broken up.

use domain::{
    ConversationId,
    conversation::{Control, Event},
    text::excerpt,
    webhooks::{Kind, Topic},
};
use ports::{
    Fault, Scope,
    conversations::{LogRange, Row},
    outside::Call,
    webhooks::{Delivery, Webhook},
};
use serde_json::{Value, json};

use super::deliver::json_call;
use crate::{
    Baton,
    alerts::visitor_name,
    error::{AppError, Result},
};

/// Longest words of a visitor, in characters.
const WORDS: usize = 300;
/// Longest name, in characters.
const NAME: usize = 80;
/// Nothing that can be seen, and no word goes on across it.
const GAP: char = '\u{200b}';

/// Longest name that an app gives a message, in characters.
const REFERENCE: usize = 40;

impl Baton {
    /// What a channel is called with; nothing when there is nothing to say any more.
    pub(super) async fn channel_call(
        &self,
        scope: Scope,
        webhook: &Webhook,
        delivery: &Delivery,
        address: &str,
    ) -> Result<Option<Call>> {
        let kind = webhook.endpoint.kind;
        let post = match delivery.conversation {
            None => Some(Post { title: "Baton reaches this channel.".into(), ..Post::default() }),
            Some(conversation) => match self.post(scope, delivery, conversation).await {
                Err(AppError::NotFound) => None,
                post => post?,
            },
        };
        let Some(post) = post else { return Ok(None) };
        let body = serde_json::to_vec(&body(kind, &post)).map_err(|error| Fault::broken("a post", error))?;
        if kind != Kind::Discord {
            return Ok(Some(json_call("POST", address.to_owned(), &[], body)));
        }
        // Without this it does not say what it calls the message.
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let query = if query.is_empty() { "wait=true".to_owned() } else { format!("{query}&wait=true") };
        if delivery.topic != Topic::HumanTakenOver {
            return Ok(Some(json_call("POST", format!("{path}?{query}"), &[], body)));
        }
        let Some(conversation) = delivery.conversation else { return Ok(None) };
        let known = self.store.reference(scope, webhook.id, conversation, Topic::HumanRequested).await?;
        Ok(known.map(|known| json_call("PATCH", format!("{path}/messages/{known}?{query}"), &[], body)))
    }

    /// What there is to say of a conversation: that somebody is wanted, as long as that is so; or who came.
    async fn post(&self, scope: Scope, delivery: &Delivery, id: ConversationId) -> Result<Option<Post>> {
        let row = self.store.row(scope, id).await?;
        let since = match delivery.topic {
            Topic::HumanRequested | Topic::HumanWaiting if is_wanted(&row) => None,
            Topic::HumanTakenOver => match self.who_came(scope, delivery, id).await? {
                None => return Ok(None),
                came => came,
            },
            _ => return Ok(None),
        };
        let profile = self.directory.profile(row.chatbot).await?;
        let asks = if delivery.topic == Topic::HumanWaiting { "still waits for a person" } else { "asks for a person" };
        let title = format!("{} {asks} ({})", visitor_name(&row), profile.chatbot.settings.name);
        Ok(Some(Post { title, words: row.summary.visitor_words.clone(), url: self.desk_address(&row), since }))
    }

    async fn who_came(&self, scope: Scope, delivery: &Delivery, id: ConversationId) -> Result<Option<String>> {
        let Some(seq) = delivery.seq else { return Ok(None) };
        let range = LogRange { after: seq - 1, before: None, visitor: false, limit: 1 };
        let entry = self.store.log(scope, id, range).await?.into_iter().next();
        match entry.map(|logged| logged.entry.event) {
            Some(Event::TakenOver { person }) => {
                Ok(Some(format!("{} answers.", self.directory.person(person).await?.name)))
            }
            _ => Ok(None),
        }
    }
}

fn is_wanted(row: &Row) -> bool {
    matches!(row.state.control, Control::Requested(_))
}

/// What Discord calls a message that it took.
pub(super) fn reference(answer: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    let id = answer.get("id")?.as_str()?;
    // It becomes a part of an address.
    let fits = (1..=REFERENCE).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| id.to_owned())
}

/// What is posted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Post {
    /// What it is about, in a line: may hold a visitor's name.
    pub title: String,
    /// The visitor's words.
    pub words: Option<String>,
    /// Where collaborators open it.
    pub url: Option<String>,
    /// What became of it since.
    pub since: Option<String>,
}

/// The body of a message.
fn body(kind: Kind, post: &Post) -> Value {
    let title = loose(&post.title, NAME * 2);
    let words = post.words.as_deref().map(|words| loose(words, WORDS)).filter(|words| !words.is_empty());
    let since = post.since.as_deref().map(|since| loose(since, NAME * 2));
    match kind {
        Kind::Slack => slack(&title, words.as_deref(), post.url.as_deref()),
        Kind::Teams => teams(&title, words.as_deref(), post.url.as_deref()),
        Kind::Discord | Kind::Standard => discord(&title, words.as_deref(), post.url.as_deref(), since.as_deref()),
    }
}

fn slack(title: &str, words: Option<&str>, url: Option<&str>) -> Value {
    let plain = |text: &str| json!({"type": "section", "text": {"type": "plain_text", "text": text, "emoji": false}});
    let link = url.map(|url| format!("<{}|Open the chat>", slack_text(url)));
    let link = link.map(|text| json!({"type": "section", "text": {"type": "mrkdwn", "text": text}}));
    let blocks: Vec<Value> = [Some(plain(title)), words.map(plain), link].into_iter().flatten().collect();
    // What notifications show; it is read as markup, the blocks are not.
    json!({"text": slack_text(title), "blocks": blocks, "unfurl_links": false, "unfurl_media": false})
}

/// The three characters that begin and end markup in Slack.
fn slack_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn teams(title: &str, words: Option<&str>, url: Option<&str>) -> Value {
    // Text blocks are read as Markdown, runs of rich text are not.
    let run = |text: &str, weight: &str| json!({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, "weight": weight}]});
    let body: Vec<Value> =
        [Some(run(title, "Bolder")), words.map(|words| run(words, "Default"))].into_iter().flatten().collect();
    let actions: Vec<Value> =
        url.map(|url| json!({"type": "Action.OpenUrl", "title": "Open the chat", "url": url})).into_iter().collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": body,
                "actions": actions,
            },
        }],
    })
}

fn discord(title: &str, words: Option<&str>, url: Option<&str>, since: Option<&str>) -> Value {
    let lines = [
        Some(format!("**{}**", discord_text(title))),
        words.map(|words| format!("> {}", discord_text(words))),
        since.map(discord_text),
        // In angle brackets it gets no preview.
        url.map(|url| format!("<{url}>")),
    ];
    let content = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    json!({"content": content, "allowed_mentions": {"parse": []}})
}

/// Text in Discord's Markdown: every sign that could mean something has a backslash before it.
fn discord_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '?' | '!' | '\'' | '"' | '%' | '/') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// One line in which nobody is mentioned and nothing is a link: `@`, the `://` of an address and the dots in a domain are
/// followed by a gap.
fn loose(text: &str, longest: usize) -> String {
    let line = domain::text::printable(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let line = excerpt(&line, longest);
    let mut loose = String::with_capacity(line.len() + 8);
    let mut chars = line.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        loose.push(c);
        let next = chars.peek().copied().unwrap_or(' ');
        let in_domain = c == '.' && before.is_alphanumeric() && next.is_alphabetic();
        if c == '@' || (c == ':' && next == '/') || in_domain {
            loose.push(GAP);
        }
        before = c;
    }
    loose
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "@everyone <!channel> <@U123> **hi** [bank](https://evil.example/x) <https://evil.example|ok> \
                           www.evil.example `code`\n# head & more";

    fn post(words: &str) -> Post {
        Post {
            title: format!("{words} asks for a person"),
            words: Some(words.to_owned()),
            url: Some("https://desk.example.com/inbox/1".to_owned()),
            since: None,
        }
    }

    /// Every text of a message, whatever it is for.
    fn texts(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(all) => all.iter().for_each(|one| texts(one, found)),
            Value::Object(all) => all.values().for_each(|one| texts(one, found)),
            _ => {}
        }
    }

    #[test]
    fn nobody_is_mentioned_and_nothing_is_linked_by_a_visitors_words() {
        for kind in [Kind::Slack, Kind::Teams, Kind::Discord] {
            let mut found = Vec::new();
            texts(&body(kind, &post(HOSTILE)), &mut found);
            let all = found.join("\n");
            for bad in ["@everyone", "evil.example", "www.evil", "https://evil"] {
                assert!(!all.contains(bad), "{kind:?}: {bad} in {all}");
            }
            assert!(all.contains("https://desk.example.com/inbox/1"), "{kind:?}: our own link stays");
        }
    }

    #[test]
    fn slack_reads_no_markup_in_what_a_visitor_wrote() {
        let message = body(Kind::Slack, &post(HOSTILE));
        let text = message["text"].as_str().unwrap();
        assert!(text.contains("&lt;!channel&gt;") && text.contains("&amp; more") && !text.contains('<'), "{text}");
        let blocks = message["blocks"].as_array().unwrap();
        assert_eq!(blocks.len(), 3);
        assert!(blocks[..2].iter().all(|block| block["text"]["type"] == "plain_text"));
        assert_eq!(blocks[2]["text"]["text"], "<https://desk.example.com/inbox/1|Open the chat>");
    }

    #[test]
    fn discord_reads_no_markdown_in_what_a_visitor_wrote() {
        let message = body(Kind::Discord, &post("<@1> *a* _b_ ~c~ |d| `e` [f](g) # h > i"));
        let content = message["content"].as_str().unwrap();
        let words = content.lines().nth(1).unwrap();
        assert_eq!(words, "> \\<\\@\u{200b}1\\> \\*a\\* \\_b\\_ \\~c\\~ \\|d\\| \\`e\\` \\[f\\]\\(g\\) \\# h \\> i");
        assert_eq!(message["allowed_mentions"], json!({"parse": []}));
        assert_eq!(content.lines().last(), Some("<https://desk.example.com/inbox/1>"));
    }

    #[test]
    fn teams_shows_runs_of_text_and_one_button() {
        let message = body(Kind::Teams, &post("**hi**"));
        let card = &message["attachments"][0]["content"];
        assert!(card["body"].as_array().unwrap().iter().all(|block| block["type"] == "RichTextBlock"));
        assert_eq!(card["body"][1]["inlines"][0]["text"], "**hi**");
        assert_eq!(card["actions"][0]["url"], "https://desk.example.com/inbox/1");
    }

    #[test]
    fn a_post_says_who_came() {
        let since = Post { since: Some("Sofia answers".into()), ..post("Ada") };
        let message = body(Kind::Discord, &since);
        assert!(message["content"].as_str().unwrap().contains("\nSofia answers\n"));
    }

    #[test]
    fn only_a_name_that_fits_into_an_address_is_taken() {
        assert_eq!(reference(r#"{"type": 0, "id": "1234567890123456789"}"#).as_deref(), Some("1234567890123456789"));
        for wrong in ["", "ok", "{}", r#"{"id": 5}"#, r#"{"id": ""}"#, r#"{"id": "../../users"}"#, r#"{"id": "1?x=1"}"#]
        {
            assert_eq!(reference(wrong), None, "{wrong}");
        }
        assert_eq!(reference(&format!(r#"{{"id": "{}"}}"#, "1".repeat(REFERENCE + 1))), None);
    }

    #[test]
    fn long_words_are_cut_and_lines_joined() {
        assert_eq!(loose("a\nb\tc", 10), "a b c");
        assert!(loose(&"x".repeat(1_000), WORDS).chars().count() <= WORDS + 1);
        assert_eq!(loose("3.5 and v1.2 cost 4.", 99), "3.5 and v1.2 cost 4.");
    }
}
