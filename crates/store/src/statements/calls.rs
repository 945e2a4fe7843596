//! The record of who was called to what, and what came of it.

super::statements! {
    CALLS = "select conversation_id, seq, person_id, way, place, outcome, at from call_record
        where workspace_id = $1 and conversation_id = $2 and seq >= $3
        order by at desc, seq desc, person_id desc, way desc, place desc, outcome desc limit $4";
    TAKEN_CALLS = "select distinct person_id, place from call_record
        where workspace_id = $1 and conversation_id = $2 and seq >= $3 and way = $4 and outcome = 'accepted'
        order by person_id, place limit $5";
    /// Some of those that are older than $1.
    FORGET_CALLS = "delete from call_record where (conversation_id, seq, person_id, way, place, outcome) in (
        select o.conversation_id, o.seq, o.person_id, o.way, o.place, o.outcome from call_record o
        where o.at < $1 order by o.at limit $2)";
    @families
    NOTE_CALLS (8) = "insert into call_record (workspace_id, conversation_id, seq, person_id, way, place, outcome, at) values ",
        " on conflict (conversation_id, seq, person_id, way, place, outcome) do nothing";
}
