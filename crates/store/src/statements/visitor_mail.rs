//! Mail between visitors and conversations.

use super::no_rehearsal;

/// The columns that `visitor_mail::any` reads.
macro_rules! columns {
    () => {
        "m.id, m.conversation_id, m.way, m.what, m.why, m.address, m.first_seq, m.last_seq, m.mail_key, m.message_id, \
         m.subject, m.excerpt, m.at, m.done_at"
    };
}

super::statements! {
    /// What a mail that was refused held was mailed to nobody.
    MAILED = "select m.id, m.first_seq, m.last_seq from visitor_mail m
        where m.conversation_id = $1 and m.workspace_id = $2 and m.way = 'replies' and m.what <> 'refused'
        order by m.at desc, m.id desc limit $3";
    MAIL_OUT = concat!("select ", columns!(), " from visitor_mail m
        where m.id = $1 and m.workspace_id = $2 and m.way <> 'in'");
    /// Two mails cannot begin with the same entry, unless the first one was refused.
    PLAN_MAIL = concat!("insert into visitor_mail
          (id, workspace_id, conversation_id, way, what, address, first_seq, last_seq, at)
        select $1, c.workspace_id, c.id, $4, 'waiting', $5, $6, $7, $8 from conversation c
        where c.id = $2 and c.workspace_id = $3 and ", no_rehearsal!("c"), " on conflict do nothing"),
        // The same, with types that PostgreSQL cannot find in a select.
        postgres concat!("insert into visitor_mail
          (id, workspace_id, conversation_id, way, what, address, first_seq, last_seq, at)
        select $1, c.workspace_id, c.id, $4, 'waiting', $5, $6::bigint, $7::bigint, $8::bigint from conversation c
        where c.id = $2 and c.workspace_id = $3 and ", no_rehearsal!("c"), " on conflict do nothing");
    HOLD_CONVERSATION = "select c.id from conversation c where c.id = $1 and c.workspace_id = $2",
        postgres "select c.id from conversation c where c.id = $1 and c.workspace_id = $2 for update";
    COUNT_TRANSCRIPTS = "select count(*) from (select 1 from visitor_mail m where m.workspace_id = $1
        and m.way = 'transcript' and m.at > $4 and (m.conversation_id = $2 or m.address = $3) limit 1000) counted";
    NOTE_LEAVING = "update visitor_mail set what = $3, why = $4, done_at = $5
        where id = $1 and workspace_id = $2 and way <> 'in'";
    ADD_REPLY_ADDRESS = concat!("insert into reply_address
          (token_hash, workspace_id, conversation_id, visitor_id, visitor_seq, created_at)
        select $1, c.workspace_id, c.id, $4, $5, $6 from conversation c
        where c.id = $2 and c.workspace_id = $3 and ", no_rehearsal!("c")),
        // The same, with types that PostgreSQL cannot find in a select.
        postgres concat!("insert into reply_address
          (token_hash, workspace_id, conversation_id, visitor_id, visitor_seq, created_at)
        select $1::bytea, c.workspace_id, c.id, $4, $5::bigint, $6::bigint from conversation c
        where c.id = $2 and c.workspace_id = $3 and ", no_rehearsal!("c"));
    /// All but the newest $2.
    FORGET_OLD_ADDRESSES = "delete from reply_address where conversation_id = $1 and token_hash in (
        select a.token_hash from reply_address a where a.conversation_id = $1
        order by a.created_at desc limit 1000 offset $2)";
    REPLY_ADDRESS = "select a.workspace_id, a.conversation_id, a.visitor_id, a.visitor_seq from reply_address a
        where a.token_hash = $1";
    MAIL_IN = "select m.what from visitor_mail m
        where m.conversation_id = $1 and m.workspace_id = $2 and m.mail_key = $3";
    COUNT_MAILS_IN = "select count(*) from (select 1 from visitor_mail m where m.conversation_id = $1
        and m.workspace_id = $2 and m.way = 'in' and m.at > $3 limit 1000) counted";
    COUNT_TOO_MANY = "select count(*) from (select 1 from visitor_mail m where m.conversation_id = $1
        and m.workspace_id = $2 and m.way = 'in' and m.what = 'too_many' and m.at > $3 limit 1) counted";
    ADD_MAIL_IN = "insert into visitor_mail
          (id, workspace_id, conversation_id, way, what, mail_key, message_id, subject, excerpt, at)
        values ($1, $2, $3, 'in', $4, $5, $6, $7, $8, $9) on conflict do nothing";
    MAIL_THREAD = "select m.way, m.id, m.message_id from visitor_mail m
        where m.conversation_id = $1 and m.workspace_id = $2
        and ((m.way = 'replies' and m.what = 'sent') or (m.way = 'in' and m.what = 'taken' and m.message_id is not null))
        order by m.at desc, m.id desc limit $3";
    MAILS = concat!("select ", columns!(), " from visitor_mail m where m.conversation_id = $1 and m.workspace_id = $2
        order by m.at desc, m.id desc limit $3");
    /// Whoever has it keeps it; another one gets it when its time is over.
    TAKE_DUTY = "insert into duty (name, holder, until_at) values ($1, $2, $3)
        on conflict (name) do update set holder = excluded.holder, until_at = excluded.until_at
        where duty.holder = excluded.holder or duty.until_at <= $4";
}
