//! Mentions, and texts that are changed.

use domain::{
    Millis,
    conversation::{Event, Refusal},
    person::Role,
};
use ports::{
    content::Content,
    conversations::{Committed, Held, LogRange, Unit, UnitOutcome, Write},
};

use super::world::{Engine, World, committed, conversation, new_person, person, scope};

/// Writes a note that mentions people.
async fn note(world: &World, name: &str, text: &str, mentions: &[&str]) -> Committed {
    let (text, mentions): (String, Vec<_>) = (text.into(), mentions.iter().map(|who| person(who)).collect());
    let decide = move |_: Held<'_>| {
        let content = Content::Note { text: text.clone(), mentions: mentions.clone(), files: Vec::new() };
        let events = vec![(Event::NoteWritten { person: person("ada") }, Some(content))];
        Ok(Write { mentions: mentions.clone(), ..Write::of(Millis(5), events) })
    };
    let unit = Unit {
        scope: world.scope,
        conversation: conversation(name),
        once: None,
        of: None,
        files: Vec::new(),
        decide: Box::new(decide),
    };
    committed(world.store.execute(unit).await.unwrap())
}

/// A unit that puts another text in the place of an entry's, or empties it.
fn revising(world: &World, name: &str, of: i64, text: Option<&str>) -> Unit {
    let text = text.map(str::to_owned);
    let decide = move |held: Held<'_>| {
        let Some(old) = held.of else { return Err(Refusal::NoText) };
        let (seq, visitor_seq, by) = (old.entry.seq, old.entry.visitor_seq, person("ada"));
        let (event, content) = match &text {
            _ if old.content == Some(Content::Emptied) => return Err(Refusal::Deleted),
            Some(text) => (Event::TextEdited { seq, visitor_seq, by }, Content::Text { text: text.clone() }),
            None => (Event::TextDeleted { seq, visitor_seq, by }, Content::Emptied),
        };
        Ok(Write { revision: Some(content), ..Write::of(Millis(5), vec![(event, None)]) })
    };
    Unit {
        scope: world.scope,
        conversation: conversation(name),
        once: None,
        of: Some(of),
        files: Vec::new(),
        decide: Box::new(decide),
    }
}

async fn revise(world: &World, name: &str, of: i64, text: Option<&str>) -> UnitOutcome {
    world.store.execute(revising(world, name, of, text)).await.unwrap()
}

async fn versions(world: &World, of: i64) -> Vec<Option<String>> {
    let found = world.store.versions(world.scope, conversation("tea"), of).await.unwrap();
    assert!(found.iter().zip(1..).all(|(version, number)| version.number == number));
    found.iter().map(|version| version.content.text().map(str::to_owned)).collect()
}

/// The log shows the newest version, and whoever hears of the change gets it too; earlier ones are kept.
pub async fn an_edited_text_keeps_its_earlier_versions(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "one").await;
    let told = committed(revise(&world, "tea", 1, Some("two")).await);
    assert_eq!(told.entries[0].content.as_ref().and_then(Content::text), Some("two"));
    assert_eq!(told.row.summary.last.as_ref().map(|last| last.text.as_str()), Some("two"));
    committed(revise(&world, "tea", 1, Some("three")).await);
    // The entry, and the two that tell of it: all of them show what it is now.
    assert_eq!(world.texts("tea").await, ["three", "three", "three"]);
    let log = world.log("tea").await;
    assert_eq!(log.iter().map(|logged| logged.edited).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(versions(&world, 1).await, [Some("one".into()), Some("two".into()), Some("three".into())]);
    assert!(world.store.versions(scope("others"), conversation("tea"), 1).await.unwrap().is_empty());
    assert!(matches!(revise(&world, "tea", 99, Some("x")).await, UnitOutcome::Refused(Refusal::NoText)));
}

/// Nothing of a deleted text is left, in no version; and it cannot come back, not even in the same batch.
pub async fn a_deleted_text_is_gone_with_every_version(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.says("tea", "my secret").await;
    committed(revise(&world, "tea", 1, Some("my other secret")).await);
    let once = |text| world.store.execute(revising(&world, "tea", 1, text));
    let (edited, deleted, late) = tokio::join!(once(Some("a third secret")), once(None), once(Some("back again")));
    committed(edited.unwrap());
    committed(deleted.unwrap());
    assert!(matches!(late.unwrap(), UnitOutcome::Refused(Refusal::Deleted)));
    assert!(matches!(revise(&world, "tea", 1, None).await, UnitOutcome::Refused(Refusal::Deleted)));
    assert!(world.texts("tea").await.is_empty());
    assert_eq!(versions(&world, 1).await, [None, None, None]);
    assert_eq!(world.row("tea").await.summary.last.as_ref().map(|last| last.text.as_str()), Some(""));
    let range = LogRange { after: 0, before: None, visitor: true, limit: 10 };
    let seen = world.store.log(world.scope, conversation("tea"), range).await.unwrap();
    assert_eq!(seen[0].content, Some(Content::Emptied), "the visitor's page is told that there was something");
}

/// A mention waits for the person who is mentioned, and for nobody else, until they have read so far.
pub async fn a_mention_waits_until_it_is_read(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.store.add_person(world.scope, new_person("ben", Some(Role::Agent))).await.unwrap();
    world.open("tea").await;
    world.open("milk").await;
    note(&world, "tea", "look here", &["ben"]).await;
    note(&world, "milk", "and here", &["ben", "ada", "nobody"]).await;
    note(&world, "tea", "once more", &["ben"]).await;
    let waiting = async |who: &str, before: Option<i64>, limit: u32| {
        let found = world.store.mentions(world.scope, person(who), before, limit).await.unwrap();
        let text = |mention: &ports::notes::Mention| {
            mention.note.content.as_ref().and_then(Content::text).unwrap_or_default().to_owned()
        };
        (found.iter().map(text).collect::<Vec<_>>(), found.last().map(|last| last.change))
    };
    assert_eq!(waiting("ben", None, 10).await.0, ["once more", "and here", "look here"]);
    assert_eq!(waiting("ada", None, 10).await.0, ["and here"]);
    let (first, next) = waiting("ben", None, 2).await;
    assert_eq!((first.len(), waiting("ben", next, 2).await.0), (2, vec!["look here".to_owned()]));
    assert!(world.store.mentions(scope("others"), person("ben"), None, 10).await.unwrap().is_empty());
    // Read up to the first note of one conversation.
    world.store.read_mentions(world.scope, person("ben"), conversation("tea"), 1).await.unwrap();
    assert_eq!(waiting("ben", None, 10).await.0, ["once more", "and here"]);
    world.store.read_mentions(scope("others"), person("ben"), conversation("tea"), 9).await.unwrap();
    assert_eq!(waiting("ben", None, 10).await.0, ["once more", "and here"]);
    // A note that is deleted waits for nobody.
    committed(revise(&world, "milk", 1, None).await);
    assert_eq!(waiting("ben", None, 10).await.0, ["once more"]);
    assert!(waiting("ada", None, 10).await.0.is_empty());
}
