//! The queue of those who wait for a person.

use super::no_rehearsal;

super::statements! {
    /// Others of $2 who wait for a person since before $4 does, and have none yet. A wait that was taken over without a
    /// word and given back goes on in its old record: that one says since when, and $3 where there is none.
    AHEAD = concat!(
        "select count(*) from request_record r join conversation c on c.id = r.conversation_id
        where r.workspace_id = $1 and r.chatbot_id = $2 and r.word_at is null and r.ended_at is null
        and r.reason is not null and r.conversation_id <> $4 and c.control = 'requested' and ",
        no_rehearsal!("c"),
        " and (r.opened_at, r.conversation_id) < ((select coalesce(max(o.opened_at), $3) from request_record o
          where o.conversation_id = $4 and o.word_at is null and o.ended_at is null and o.reason is not null), $4)"
    );
    RECENT_WAITS = "select word_at - since as waited from request_record where workspace_id = $1 and chatbot_id = $2
        and opened_at >= $3 and word_at is not null and reason is not null order by opened_at desc, conversation_id limit $4";
}
