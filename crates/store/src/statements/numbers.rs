//! Records of requests, and what is counted of conversations.

use super::no_rehearsal;

/// The columns that `numbers::kept` reads, of `request_record r join conversation c join visitor v`.
macro_rules! records {
    ($where:literal) => {
        concat!(
            "select r.conversation_id, v.name, r.opened, r.opened_at, r.reason, r.since, r.word_at, r.word_by, r.ended_at,
             r.ended_how from request_record r join conversation c on c.id = r.conversation_id
             join visitor v on v.id = c.visitor_id
             where r.workspace_id = $1 and r.chatbot_id = $2 and r.opened_at >= $3 and r.opened_at < $4 and ",
            no_rehearsal!("c"),
            " ",
            $where
        )
    };
}

super::statements! {
    REQUEST_RECORDS = records!("and (r.opened_at, r.conversation_id, r.opened) > ($5, $6, $7)
        order by r.opened_at, r.conversation_id, r.opened limit $8");
    /// Nobody wrote, and it is over or waits since before $8; or somebody wrote later than $9.
    MISSED_REQUESTS = records!("and (r.opened_at, r.conversation_id, r.opened) < ($5, $6, $7) and r.reason is not null
        and ((r.word_at is null and (r.ended_at is not null or r.since < $8)) or r.word_at - r.since > $9)
        order by r.opened_at desc, r.conversation_id desc, r.opened desc limit $10");
    /// By quarters of an hour: wherever the clock stands, a day begins with one.
    CONVERSATIONS_BEGUN = concat!(
        "select c.created_at / 900000 as quarter, count(*) as conversations,
          count(case when exists (select 1 from request_record r where r.conversation_id = c.id and r.reason is not null)
            then 1 end) as requested,
          count(case when c.ai_wrote = 1 and not exists (select 1 from request_record r where r.conversation_id = c.id)
            then 1 end) as alone
        from conversation c
        where c.workspace_id = $1 and c.chatbot_id = $2 and c.created_at >= $3 and c.created_at < $4 and c.seq > 0 and ",
        no_rehearsal!("c"),
        " group by c.created_at / 900000 order by c.created_at / 900000"
    );
    /// What of a log is counted, after a place.
    COUNTED_ENTRIES = "select e.seq, e.visitor_seq, e.at, e.turn, e.body from event e
        where e.conversation_id = $1 and e.seq > $2 and e.kind in ('visitor_wrote', 'assistant_wrote', 'person_wrote',
          'human_requested', 'request_acknowledged', 'climbed', 'request_dismissed', 'request_reopened',
          'request_cancelled', 'taken_over', 'live_chat_ended', 'released', 'resolved')
        order by e.seq limit $3";
    REQUEST_FILL_AT = "select conversation_id from request_fill where one = 1";
    REQUEST_FILL_FROM = concat!("select c.id, c.workspace_id from conversation c where c.id > $1 and ", no_rehearsal!("c"),
        " order by c.id limit $2");
    REQUEST_FILL_MOVE = "update request_fill set conversation_id = $1 where one = 1";
    REQUEST_FILL_END = "delete from request_fill where one = 1";
    /// By the person who was there last; satisfied are four and five stars.
    RATINGS = "select person_id, count(*), cast(sum(score) as bigint), count(case when score >= 4 then 1 end) from rating
        where workspace_id = $1 and chatbot_id = $2 and at >= $3 and at < $4 group by person_id order by person_id";
    @families
    PUT_RATINGS (7) = "insert into rating (conversation_id, ended, workspace_id, chatbot_id, person_id, score, at) values ",
        " on conflict (conversation_id, ended) do update set person_id = excluded.person_id, score = excluded.score,
          at = excluded.at where rating.workspace_id = excluded.workspace_id";
    PUT_RECORDS (11) = "insert into request_record (conversation_id, opened, workspace_id, chatbot_id, opened_at, reason,
          since, word_at, word_by, ended_at, ended_how) values ",
        " on conflict (conversation_id, opened) do update set opened_at = excluded.opened_at, reason = excluded.reason,
          since = excluded.since, word_at = excluded.word_at, word_by = excluded.word_by, ended_at = excluded.ended_at,
          ended_how = excluded.ended_how where request_record.workspace_id = excluded.workspace_id";
}
