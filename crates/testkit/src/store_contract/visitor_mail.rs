//! Mail between visitors and conversations.

use domain::{Millis, mail::Automatic};
use ports::{
    Fault,
    jobs::{NewJob, Task},
    mail::Known,
    visitor_mail::{AnyMail, Arrived, Holds, Leaving, MailIn, MailOut, Noted, ReplyTo},
};

use super::world::{Engine, World, conversation, id, scope, token};

fn replies(name: &str, of: &str, from: i64, to: i64) -> MailOut {
    MailOut {
        id: id(name),
        conversation: conversation(of),
        to: "ada@example.com".into(),
        holds: Holds::Replies { from, to },
        state: Leaving::Waiting,
        at: Millis(to),
        done_at: None,
    }
}

fn arrived(name: &str, of: &str, at: i64) -> MailIn {
    MailIn {
        id: id(name),
        conversation: conversation(of),
        key: name.into(),
        message_id: Some(format!("{name}@example.com")),
        what: Arrived::Taken,
        subject: String::new(),
        excerpt: String::new(),
        at: Millis(at),
    }
}

/// No two mails begin with the same entry, and one is found again by its id.
pub async fn nothing_is_mailed_twice(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (tea, _) = (world.open("tea").await, world.open("milk").await);
    let (store, ours) = (&world.store, tea.scope);
    let mailed = async |scope, of| {
        let mailed = store.mailed_replies(scope, of, 10).await.unwrap();
        mailed.iter().map(|one| (one.id, one.from, one.to)).collect::<Vec<_>>()
    };
    assert_eq!(mailed(ours, tea.id).await, []);
    assert!(store.plan_replies(ours, replies("one", "tea", 1, 4)).await.unwrap());
    assert!(!store.plan_replies(ours, replies("two", "tea", 1, 5)).await.unwrap(), "somebody was faster");
    assert!(!store.plan_replies(ours, replies("one", "tea", 1, 4)).await.unwrap());
    assert!(store.plan_replies(ours, replies("two", "tea", 5, 6)).await.unwrap());
    assert!(store.plan_replies(ours, replies("three", "milk", 1, 2)).await.unwrap());
    assert_eq!(mailed(ours, tea.id).await, [(id("two"), 5, 6), (id("one"), 1, 4)]);
    assert_eq!(store.mail_out(ours, id("one")).await.unwrap(), Some(replies("one", "tea", 1, 4)));
    store.note_leaving(ours, id("one"), Leaving::Sent, Millis(9)).await.unwrap();
    store.note_leaving(ours, id("two"), Leaving::Refused("no such user".into()), Millis(10)).await.unwrap();
    let sent = MailOut { state: Leaving::Sent, done_at: Some(Millis(9)), ..replies("one", "tea", 1, 4) };
    let refused = Leaving::Refused("no such user".into());
    let refused = MailOut { state: refused, done_at: Some(Millis(10)), ..replies("two", "tea", 5, 6) };
    let mails = store.mails(ours, tea.id, 10).await.unwrap();
    assert_eq!(mails, [AnyMail::Out(refused), AnyMail::Out(sent.clone())]);
    assert_eq!(store.mails(ours, tea.id, 1).await.unwrap().len(), 1);
    // Nothing of it for another workspace.
    let other = scope("others");
    assert!(!store.plan_replies(other, replies("four", "tea", 7, 8)).await.unwrap());
    assert_eq!(store.mail_out(other, id("one")).await.unwrap(), None);
    assert_eq!(mailed(other, tea.id).await, []);
    assert!(store.mails(other, tea.id, 10).await.unwrap().is_empty());
    store.note_leaving(other, id("one"), Leaving::Waiting, Millis(11)).await.unwrap();
    assert_eq!(store.mail_out(ours, id("one")).await.unwrap(), Some(sent));
    // What was refused was mailed to nobody: another mail holds it, once.
    assert_eq!(mailed(ours, tea.id).await, [(id("one"), 1, 4)]);
    assert!(store.plan_replies(ours, replies("anew", "tea", 5, 7)).await.unwrap());
    assert!(!store.plan_replies(ours, replies("again", "tea", 5, 7)).await.unwrap());
    assert_eq!(mailed(ours, tea.id).await, [(id("anew"), 5, 7), (id("one"), 1, 4)]);
    assert_eq!(store.mailed_replies(ours, tea.id, 1).await.unwrap().len(), 1, "the newest");
}

/// Transcripts are limited by conversation and by address, each with its job.
pub async fn transcripts_are_limited(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (tea, _) = (world.open("tea").await, world.open("milk").await);
    let (store, ours) = (&world.store, tea.scope);
    let plan = async |scope, name: &str, of: &str, to: &str, at: i64| {
        let mail = MailOut { to: to.into(), holds: Holds::Transcript, at: Millis(at), ..replies(name, of, 0, 0) };
        let task = Task::MailTranscript { conversation: mail.conversation, person: None };
        let job = NewJob { id: mail.id, task, run_at: Millis(at), lease: None };
        store.plan_transcript(scope, mail, job, Millis(at - 100), 2).await
    };
    assert!(plan(ours, "one", "tea", "ada@example.com", 1_000).await.unwrap());
    assert!(plan(ours, "two", "tea", "ben@example.com", 1_001).await.unwrap());
    assert!(!plan(ours, "three", "tea", "eve@example.com", 1_002).await.unwrap(), "of one conversation");
    assert!(plan(ours, "four", "milk", "ada@example.com", 1_003).await.unwrap());
    assert!(!plan(ours, "five", "milk", "ada@example.com", 1_004).await.unwrap(), "to one address");
    assert!(plan(ours, "six", "tea", "ada@example.com", 1_200).await.unwrap(), "later");
    let foreign = plan(scope("others"), "seven", "tea", "ada@example.com", 2_000).await;
    assert!(matches!(foreign, Err(Fault::NotFound)), "{foreign:?}");
    let planned = store.mail_out(ours, id("four")).await.unwrap().unwrap();
    assert_eq!((planned.holds, planned.state), (Holds::Transcript, Leaving::Waiting));
    assert_eq!(store.mailed_replies(ours, tea.id, 10).await.unwrap(), [], "it holds no replies");
    let lease = ports::jobs::Lease { worker: id("worker"), until: Millis(5_000) };
    assert_eq!(store.claim(lease, Millis(3_000), 10).await.unwrap().len(), 4, "those that were refused have no job");
}

/// An address leads to its conversation until newer ones take its place.
pub async fn answers_find_their_conversation(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let tea = world.open("tea").await;
    let (store, ours) = (&world.store, tea.scope);
    let to = |visitor_seq| ReplyTo { scope: ours, conversation: tea.id, visitor: tea.visitor, visitor_seq };
    assert_eq!(store.reply_address(token("none")).await.unwrap(), None);
    for number in 0..5 {
        store.add_reply_address(token(&format!("mail {number}")), to(number), Millis(number), 3).await.unwrap();
    }
    assert_eq!(store.reply_address(token("mail 1")).await.unwrap(), None);
    assert_eq!(store.reply_address(token("mail 2")).await.unwrap(), Some(to(2)));
    assert_eq!(store.reply_address(token("mail 4")).await.unwrap(), Some(to(4)));
    // The chat becomes somebody's, who is known by a website: what was mailed before opens it no more.
    store.replace_tokens(ours, tea.visitor, token("new")).await.unwrap();
    assert_eq!(store.reply_address(token("mail 4")).await.unwrap(), None);
    let foreign = ReplyTo { scope: scope("others"), ..to(9) };
    let foreign = store.add_reply_address(token("eve"), foreign, Millis(9), 3).await;
    assert!(matches!(foreign, Err(Fault::NotFound)), "{foreign:?}");
}

/// What comes is noted once, and too much of it only once more.
pub async fn what_comes_is_noted_once(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (tea, _) = (world.open("tea").await, world.open("milk").await);
    let (store, ours) = (&world.store, tea.scope);
    let note = async |mail: MailIn| store.note_mail_in(ours, mail, Millis(0), 3).await.unwrap();
    assert_eq!(note(arrived("one", "tea", 10)).await, Noted::New);
    assert_eq!(note(MailIn { id: id("again"), ..arrived("one", "tea", 11) }).await, Noted::Known);
    assert_eq!(note(MailIn { id: id("elsewhere"), ..arrived("one", "milk", 11) }).await, Noted::New);
    let what = Arrived::Automatic(Automatic::AutoReply);
    let away = MailIn {
        what,
        subject: "Away".into(),
        excerpt: "Until Monday".into(),
        message_id: None,
        ..arrived("two", "tea", 12)
    };
    assert_eq!(note(away.clone()).await, Noted::New);
    assert_eq!(store.mail_in(ours, tea.id, "two").await.unwrap(), Some(what));
    assert_eq!(store.mail_in(ours, tea.id, "nine").await.unwrap(), None);
    assert_eq!(note(arrived("three", "tea", 13)).await, Noted::New);
    assert_eq!(store.mails_since(ours, tea.id, Millis(0)).await.unwrap(), 3);
    assert_eq!(store.mails_since(ours, tea.id, Millis(12)).await.unwrap(), 1);
    for (name, at) in [("four", 14), ("five", 15), ("six", 16)] {
        assert_eq!(note(arrived(name, "tea", at)).await, Noted::TooMany);
    }
    let mails = store.mails(ours, tea.id, 10).await.unwrap();
    // It is known by nothing: it comes again, and is taken then.
    let too_many = MailIn { what: Arrived::TooMany, key: String::new(), ..arrived("four", "tea", 14) };
    assert_eq!(store.mail_in(ours, tea.id, "four").await.unwrap(), None);
    assert_eq!(mails[0], AnyMail::In(too_many));
    assert_eq!((mails.len(), &mails[2]), (4, &AnyMail::In(away)));
    // An hour later some may come again.
    let later = store.note_mail_in(ours, arrived("seven", "tea", 100), Millis(50), 3).await.unwrap();
    assert_eq!(later, Noted::New);
    let foreign = store.note_mail_in(scope("others"), arrived("eight", "tea", 101), Millis(50), 3).await;
    assert!(matches!(foreign, Err(Fault::NotFound)), "{foreign:?}");
    // Mails refer to what came before, as far as it is known to the other side.
    store.plan_replies(ours, replies("out", "tea", 1, 20)).await.unwrap();
    store.plan_replies(ours, replies("unsent", "tea", 21, 30)).await.unwrap();
    store.note_leaving(ours, id("out"), Leaving::Sent, Millis(21)).await.unwrap();
    let theirs = |name: &str| Known::Theirs(format!("{name}@example.com"));
    let thread = store.mail_thread(ours, tea.id, 3).await.unwrap();
    assert_eq!(thread, [theirs("three"), Known::Ours(id("out")), theirs("seven")]);
}

/// A duty is one node's, until its time is over.
pub async fn a_duty_is_one_nodes(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let take = async |duty: &str, who: &str, until: i64, now: i64| {
        world.store.take_duty(duty, id(who), Millis(until), Millis(now)).await.unwrap()
    };
    assert!(take("mail", "a", 100, 0).await);
    assert!(!take("mail", "b", 150, 50).await);
    assert!(take("mail", "a", 160, 60).await, "who has it keeps it");
    assert!(!take("mail", "b", 200, 159).await);
    assert!(take("other", "b", 200, 50).await);
    assert!(take("mail", "b", 260, 160).await, "its time is over");
    assert!(!take("mail", "a", 300, 200).await);
}
