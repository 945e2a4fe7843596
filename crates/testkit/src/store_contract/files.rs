//! Files: a place each, sent once, and gone with their message.

use domain::{
    FileId, Millis,
    conversation::{Event, Refusal},
    files::{FileState, FileType},
};
use ports::{
    Fault,
    content::Content,
    conversations::{Held, Unit, UnitOutcome, Write},
    files::{Added, Attached, File, FileLimits},
    requests::{Creation, RequestKey},
};

use super::world::{Engine, World, chatbot, committed, conversation, id, person, scope};

const LIMITS: FileLimits = FileLimits { quota: 1_000, unsent: 3, conversation: 5 };
const NOW: Millis = Millis(1_000_000);

fn file_id(name: &str) -> FileId {
    FileId::new(id(&format!("file {name}")))
}

/// A picture of 100 bytes for the conversation "tea".
fn picture(name: &str) -> File {
    File {
        scope: scope("acme"),
        chatbot: chatbot("shop"),
        conversation: conversation("tea"),
        uploader: "visitor".into(),
        kind: FileType::Png,
        state: FileState::Coming,
        attached: Attached {
            id: file_id(name),
            key: format!("key of {name}"),
            name: format!("{name}.png"),
            mime: "image/png".into(),
            bytes: 100,
            pixels: Some((40, 30)),
        },
        at: NOW,
    }
}

async fn added(world: &World, file: &File) -> Added {
    world.store.add_file(file, LIMITS, None).await.unwrap()
}

/// A file that is there.
async fn uploaded(world: &World, name: &str) -> FileId {
    let file = picture(name);
    assert_eq!(added(world, &file).await, Added::Place(Creation::Made));
    world.store.ready_file(world.scope, file.attached.id).await.unwrap();
    file.attached.id
}

async fn state(world: &World, name: &str) -> Option<FileState> {
    world.store.file_anywhere(file_id(name)).await.unwrap().map(|file| file.state)
}

/// A message of "ada" that sends these files, each of them ready.
fn sending(world: &World, name: &str, files: &[&str], to: FileState) -> Unit {
    let asked = files.len();
    let decide = move |held: Held<'_>| {
        if held.files.len() != asked || held.files.iter().any(|file| file.state != FileState::Ready) {
            return Err(Refusal::NoFile);
        }
        let files = held.files.iter().map(|file| file.attached.clone()).collect();
        let content = Content::Files { text: String::new(), files };
        let events = vec![(Event::PersonWrote { person: person("ada") }, Some(content))];
        Ok(Write { sends: Some(to), ..Write::of(NOW, events) })
    };
    Unit {
        scope: world.scope,
        conversation: conversation(name),
        once: None,
        of: None,
        files: files.iter().map(|name| file_id(name)).collect(),
        decide: Box::new(decide),
    }
}

async fn sends(world: &World, name: &str, files: &[&str], to: FileState) -> UnitOutcome {
    world.store.execute(sending(world, name, files, to)).await.unwrap()
}

fn refused(outcome: &UnitOutcome) -> bool {
    matches!(outcome, UnitOutcome::Refused(Refusal::NoFile))
}

/// What is kept comes back, is counted, and is not counted any more when it is forgotten.
pub async fn a_file_takes_its_place(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    let file = picture("one");
    assert_eq!(added(&world, &file).await, Added::Place(Creation::Made));
    assert_eq!(world.store.file_anywhere(file_id("one")).await.unwrap().unwrap(), file);
    assert_eq!(world.store.files_usage(world.scope).await.unwrap(), 100);
    world.store.ready_file(world.scope, file_id("one")).await.unwrap();
    assert_eq!(state(&world, "one").await, Some(FileState::Ready));
    let twice = world.store.ready_file(world.scope, file_id("one")).await;
    assert!(matches!(twice, Err(Fault::NotFound)), "it is there already");

    let bare =
        File { kind: FileType::Pdf, attached: Attached { pixels: None, ..picture("two").attached }, ..picture("two") };
    added(&world, &bare).await;
    assert_eq!(world.store.file_anywhere(file_id("two")).await.unwrap().unwrap().attached.mime, "application/pdf");
    for foreign in [scope("others"), world.scope] {
        world.store.forget_file(foreign, file_id("two")).await.unwrap();
    }
    world.store.forget_file(world.scope, file_id("two")).await.unwrap();
    assert_eq!(world.store.files_usage(world.scope).await.unwrap(), 100);
    assert_eq!(world.store.files_usage(scope("others")).await.unwrap(), 0);
    assert_eq!(state(&world, "two").await, None);
}

/// Nothing is added beyond a limit, or to a conversation of somebody else; a key makes one file.
pub async fn places_are_limited(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    for name in ["one", "two", "three"] {
        uploaded(&world, name).await;
    }
    assert_eq!(added(&world, &picture("four")).await, Added::TooManyUnsent);
    let by_ada = |name: &str| File { uploader: person("ada").to_string(), ..picture(name) };
    added(&world, &by_ada("four")).await;
    added(&world, &by_ada("five")).await;
    assert_eq!(added(&world, &by_ada("six")).await, Added::TooManyHere);
    world.open("milk").await;
    let large = |bytes| File {
        conversation: conversation("milk"),
        attached: Attached { bytes, ..picture("large").attached },
        ..picture("large")
    };
    assert_eq!(added(&world, &large(501)).await, Added::QuotaFull);
    assert_eq!(added(&world, &large(1_001)).await, Added::QuotaFull);
    assert_eq!(world.store.files_usage(world.scope).await.unwrap(), 500);

    let key = |print: &str| RequestKey {
        credential: "visitor".into(),
        route: "files".into(),
        key: "one".into(),
        fingerprint: print.into(),
        at: NOW,
    };
    let refused = world.store.add_file(&large(501), LIMITS, Some(key("x"))).await.unwrap();
    assert_eq!(refused, Added::QuotaFull);
    let keyed = async |file: &File, print: &str| world.store.add_file(file, LIMITS, Some(key(print))).await.unwrap();
    // The key of what was refused is free.
    assert_eq!(keyed(&large(500), "y").await, Added::Place(Creation::Made));
    let again = Added::Place(Creation::MadeBefore(file_id("large").uuid()));
    assert_eq!(keyed(&picture("again"), "y").await, again);
    assert_eq!(keyed(&picture("again"), "z").await, Added::Place(Creation::KeyReused));

    // Of another workspace, of no conversation, of another chatbot.
    let milk = File { conversation: conversation("milk"), ..picture("foreign") };
    for file in [
        File { scope: scope("others"), ..milk.clone() },
        File { conversation: conversation("nowhere"), ..milk.clone() },
        File { chatbot: chatbot("other"), ..milk },
    ] {
        let file = File { attached: Attached { bytes: 0, ..file.attached }, ..file };
        assert!(world.store.add_file(&file, LIMITS, None).await.is_err());
    }
}

/// A file goes out once, with the message that names it; nothing of it is written when that is refused.
pub async fn a_file_goes_out_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    world.open("milk").await;
    uploaded(&world, "one").await;
    uploaded(&world, "two").await;
    added(&world, &picture("coming")).await;
    assert!(refused(&sends(&world, "tea", &["one", "coming"], FileState::Everyone).await));
    assert!(refused(&sends(&world, "milk", &["one"], FileState::Everyone).await), "it is of another conversation");
    assert!(refused(&sends(&world, "tea", &["nothing"], FileState::Everyone).await));
    assert_eq!(state(&world, "one").await, Some(FileState::Ready));

    let sent = committed(sends(&world, "tea", &["two", "one"], FileState::Everyone).await);
    let names: Vec<_> = sent.entries[0].content.as_ref().unwrap().files().iter().map(|file| &file.name).collect();
    assert_eq!(names, ["two.png", "one.png"], "in the order in which they were named");
    assert_eq!(sent.row.summary.last.as_ref().unwrap().text, "two.png, one.png");
    assert_eq!(state(&world, "one").await, Some(FileState::Everyone));
    assert!(refused(&sends(&world, "tea", &["one"], FileState::Staff).await));

    uploaded(&world, "three").await;
    let both = tokio::join!(
        world.store.execute(sending(&world, "tea", &["three"], FileState::Staff)),
        world.store.execute(sending(&world, "tea", &["three"], FileState::Everyone)),
    );
    let won = [both.0.unwrap(), both.1.unwrap()].iter().filter(|outcome| !refused(outcome)).count();
    assert_eq!(won, 1, "two messages at once");
}

/// What a deleted message brought is hidden with it, and found to be removed.
pub async fn files_of_a_deleted_message_are_found(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    for name in ["one", "two", "three"] {
        uploaded(&world, name).await;
    }
    let sent = committed(sends(&world, "tea", &["one", "two"], FileState::Everyone).await);
    let seq = sent.entries[0].entry.seq;
    committed(sends(&world, "tea", &["three"], FileState::Everyone).await);
    let gone = async || world.store.gone_files(world.scope, conversation("tea"), 10).await.unwrap();
    assert!(gone().await.is_empty());
    let decide = move |held: Held<'_>| {
        let of = held.of.unwrap();
        assert_eq!(of.content.as_ref().unwrap().files().len(), 2);
        let event = Event::TextDeleted { seq, visitor_seq: of.entry.visitor_seq, by: person("ada") };
        Ok(Write { revision: Some(Content::Emptied), ..Write::of(NOW, vec![(event, None)]) })
    };
    let unit = Unit {
        scope: world.scope,
        conversation: conversation("tea"),
        once: None,
        of: Some(seq),
        files: Vec::new(),
        decide: Box::new(decide),
    };
    committed(world.store.execute(unit).await.unwrap());
    let mut hidden = [file_id("one"), file_id("two")];
    hidden.sort_unstable();
    assert_eq!(gone().await, hidden);
    assert_eq!(state(&world, "three").await, Some(FileState::Everyone));
    assert!(world.store.gone_files(scope("others"), conversation("tea"), 10).await.unwrap().is_empty());
    world.store.forget_file(world.scope, hidden[0]).await.unwrap();
    assert_eq!(gone().await, hidden[1..]);
    assert_eq!(world.store.files_of(world.scope, chatbot("shop"), 10).await.unwrap().len(), 2);
    assert!(world.store.files_of(scope("others"), chatbot("shop"), 10).await.unwrap().is_empty());
}

/// What nobody has sent is taken away after a while, and nobody sends it then.
pub async fn what_is_not_sent_is_taken_away(engine: &dyn Engine) {
    let world = World::new(engine).await;
    world.open("tea").await;
    uploaded(&world, "sent").await;
    committed(sends(&world, "tea", &["sent"], FileState::Everyone).await);
    uploaded(&world, "old").await;
    added(&world, &picture("stopped")).await;
    added(&world, &File { at: NOW.plus(1), ..picture("new") }).await;
    assert!(world.store.take_unsent_files(NOW, 10).await.unwrap().is_empty());
    let mut taken = world.store.take_unsent_files(NOW.plus(1), 10).await.unwrap();
    taken.sort_unstable_by_key(|(_, id)| *id);
    let mut old = [(world.scope, file_id("old")), (world.scope, file_id("stopped"))];
    old.sort_unstable_by_key(|(_, id)| *id);
    assert_eq!(taken, old);
    assert!(refused(&sends(&world, "tea", &["old"], FileState::Everyone).await));
    assert!(world.store.ready_file(world.scope, file_id("stopped")).await.is_err());
    // Whoever took them may have stopped before they were forgotten.
    assert_eq!(world.store.take_unsent_files(NOW.plus(1), 10).await.unwrap().len(), 2);
    world.store.forget_file(world.scope, file_id("old")).await.unwrap();
    assert_eq!(world.store.take_unsent_files(NOW.plus(1), 1).await.unwrap().len(), 1);
    assert_eq!(state(&world, "sent").await, Some(FileState::Everyone));
    assert_eq!(state(&world, "new").await, Some(FileState::Coming));
}
