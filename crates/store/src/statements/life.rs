//! The end of a chatbot, and questions that it could not answer.

use super::no_rehearsal;

super::statements! {
    /// Live chats are ended by people, not by this.
    COUNT_LIVE = concat!("select count(*) from (select 1 from conversation c
        where c.workspace_id = $1 and c.control = 'live' and c.chatbot_id = $2 and ", no_rehearsal!("c"), "
        limit 1000) counted");
    MARK_DELETED = "update chatbot set deleted_at = $3, version = version + 1
        where id = $1 and workspace_id = $2 and deleted_at is null";
    /// The row stays, empty: its id is never given again.
    EMPTY_CHATBOT = "update chatbot set settings = '{}', avatar_id = null, guide = null
        where id = $1 and workspace_id = $2 and deleted_at is not null";
    DELETE_AVATAR_OF = "delete from avatar where id = (select b.avatar_id from chatbot b
        where b.id = $1 and b.workspace_id = $2 and b.deleted_at is not null)";
    DELETE_AGENTS = "delete from agent where chatbot_id = $1 and workspace_id = $2";
    DELETE_VECTORS = "delete from vector where chatbot_id = $1 and workspace_id = $2";
    DELETE_MEMBERSHIPS = "delete from membership where chatbot_id = $1 and workspace_id = $2";
    DELETE_INVITATIONS = "delete from invitation where chatbot_id = $1 and workspace_id = $2";
    DELETE_KEYS = "delete from api_key where chatbot_id = $1 and workspace_id = $2";
    DELETE_COUNTS = "delete from inbox_count where chatbot_id = $1 and workspace_id = $2";
    DELETE_SIGNING_SECRET = "delete from signing_secret where chatbot_id = $1 and workspace_id = $2";
    DELETE_UNANSWERED_OF = "delete from unanswered where chatbot_id = $1 and workspace_id = $2";
    SOME_CONVERSATION = "select c.id, c.visitor_id from conversation c
        where c.workspace_id = $1 and c.chatbot_id = $2 order by c.place limit 1";
    /// The contents of the first entries of a log.
    DELETE_CONTENTS = "delete from content where change in (select e.change from event e
        where e.conversation_id = $1 order by e.seq limit $2)";
    DELETE_EVENTS = "delete from event where conversation_id = $1 and seq in (select e.seq from event e
        where e.conversation_id = $1 order by e.seq limit $2)";
    DELETE_CONVERSATION = "delete from conversation where id = $1 and workspace_id = $2";
    DELETE_VISITOR = "delete from visitor where id = $1 and workspace_id = $2
        and not exists (select 1 from conversation c where c.visitor_id = $1)";
    GUIDE = "select guide from chatbot where id = $1 and workspace_id = $2 and deleted_at is null";
    SAVE_GUIDE = "update chatbot set guide = $3 where id = $1 and workspace_id = $2 and deleted_at is null";
    ANY_SOURCE = "select count(*) from (select 1 from source s where s.workspace_id = $1 and s.chatbot_id = $2 limit 1) found";
    ANY_CHAT = concat!("select count(*) from (select 1 from conversation c
        where c.workspace_id = $1 and c.chatbot_id = $2 and c.seq > 0 and ", no_rehearsal!("c"), "
        order by c.place limit 1) found");
    UNANSWERED = "select u.id, u.question, u.conversation_id, u.times, u.asked_at from unanswered u
        where u.workspace_id = $1 and u.chatbot_id = $2 and (u.asked_at < $3 or (u.asked_at = $3 and u.id < $4))
        order by u.asked_at desc, u.id desc limit $5";
    DISMISS_UNANSWERED = "delete from unanswered where id = $1 and workspace_id = $2 and chatbot_id = $3";
    /// Only so many are kept for a chatbot: the ones asked longest ago go.
    SWEEP_UNANSWERED = "delete from unanswered where id in (select u.id from unanswered u
        where u.workspace_id = $1 and u.chatbot_id = $2 order by u.asked_at desc, u.id desc limit 100 offset $3)";
    /// In the transaction of the answer that did not know.
    NOTE_UNANSWERED = "insert into unanswered
          (id, workspace_id, chatbot_id, terms, question, conversation_id, times, asked_at)
        values ($1, $2, $3, $4, $5, $6, 1, $7)
        on conflict (chatbot_id, terms) do update set question = excluded.question,
          conversation_id = excluded.conversation_id, times = unanswered.times + 1, asked_at = excluded.asked_at
        where unanswered.workspace_id = excluded.workspace_id";
}
