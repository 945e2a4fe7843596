//! Mentions.

super::statements! {
    /// A person who is gone meanwhile is not mentioned.
    ADD_MENTION = "insert into mention (person_id, change, workspace_id, conversation_id, seq)
        select p.id, $2, $3, $4, $5 from person p where p.id = $1 and p.workspace_id = $3
        on conflict (person_id, change) do nothing",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into mention (person_id, change, workspace_id, conversation_id, seq)
        select p.id, $2::bigint, $3, $4, $5::bigint from person p where p.id = $1 and p.workspace_id = $3
        on conflict (person_id, change) do nothing";
    /// The note was deleted.
    FORGET_MENTIONS = "delete from mention where conversation_id = $1 and seq = $2";
    MENTIONS = "select m.change, m.conversation_id, m.seq from mention m
        where m.person_id = $1 and m.workspace_id = $2 and m.change < $3 order by m.change desc limit $4";
    READ_MENTIONS = "delete from mention
        where person_id = $1 and workspace_id = $2 and conversation_id = $3 and seq <= $4";
}
