//! The queue of those who wait for a person.

super::statements! {
    /// Open requests of $2 that were made before $3, or at $3 in a conversation before $4.
    AHEAD = "select count(*) from request_record where workspace_id = $1 and chatbot_id = $2 and word_at is null
        and ended_at is null and reason is not null and (opened_at, conversation_id) < ($3, $4)";
    RECENT_WAITS = "select word_at - since as waited from request_record where workspace_id = $1 and chatbot_id = $2
        and opened_at >= $3 and word_at is not null and reason is not null order by opened_at desc, conversation_id limit $4";
}
