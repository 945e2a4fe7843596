//! The mail of a conversation.

use api::mail::{ConversationMail, MailEntry, MailState};
use app::visitor_mail::MailView;
use ports::visitor_mail::{AnyMail, Holds, Leaving, MailOut};

/// For collaborators.
pub(crate) fn mail(view: MailView) -> ConversationMail {
    let mails = view.mails.into_iter().map(|mail| match mail {
        AnyMail::Out(mail) => leaving(mail),
        AnyMail::In(mail) => MailEntry::Received {
            what: mail.what.name().to_owned(),
            subject: mail.subject,
            excerpt: mail.excerpt,
            at: mail.at.0,
        },
    });
    ConversationMail { to: view.to, sends_mail: view.sends_mail, answers: view.answers, mails: mails.collect() }
}

fn leaving(mail: MailOut) -> MailEntry {
    let (to, at) = (mail.to, mail.done_at.unwrap_or(mail.at).0);
    let (state, why) = match mail.state {
        Leaving::Waiting => (MailState::Waiting, None),
        Leaving::Sent => (MailState::Sent, None),
        Leaving::Needless => (MailState::Needless, None),
        Leaving::Refused(why) => (MailState::Refused, Some(why)),
    };
    match mail.holds {
        Holds::Replies { from, to: last } => MailEntry::Replies { to, first_seq: from, last_seq: last, state, why, at },
        Holds::Transcript => MailEntry::Transcript { to, state, why, at },
    }
}
