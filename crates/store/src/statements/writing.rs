//! Canned replies and drafts.

/// Everybody's, and those of $2.
macro_rules! seen {
    ($rest:literal) => {
        concat!(
            "select r.id, r.person_id, r.name, r.body, r.updated_at from canned_reply r
             where r.workspace_id = $1 and (r.person_id is null or r.person_id = $2) ",
            $rest
        )
    };
}

super::statements! {
    CANNED_REPLIES = seen!("and (r.name > $3 or (r.name = $3 and r.id > $4)) order by r.name, r.id limit $5");
    CANNED_REPLY = seen!("and r.id = $3");
    COUNT_CANNED_REPLIES = "select count(*) from (select 1 from canned_reply r
        where r.workspace_id = $1 and coalesce(r.person_id, '') = $2 limit 10000) counted";
    ADD_CANNED_REPLY = "insert into canned_reply (id, workspace_id, person_id, name, body, updated_at)
        values ($1, $2, $3, $4, $5, $6)";
    SAVE_CANNED_REPLY = "update canned_reply set name = $3, body = $4, updated_at = $5
        where id = $1 and workspace_id = $2";
    DELETE_CANNED_REPLY = "delete from canned_reply where id = $1 and workspace_id = $2";
    DRAFT = "select d.conversation_id, d.body, d.updated_at from draft d
        where d.person_id = $1 and d.conversation_id = $2 and d.workspace_id = $3";
    DRAFTS = "select d.conversation_id, d.body, d.updated_at from draft d
        where d.person_id = $1 and d.workspace_id = $2 and d.updated_at < $3 order by d.updated_at desc limit $4";
    /// Of two devices, whoever wrote last.
    WRITE_DRAFT = "insert into draft (person_id, conversation_id, workspace_id, body, updated_at)
        select $1, c.id, c.workspace_id, $4, $5 from conversation c where c.id = $2 and c.workspace_id = $3
        on conflict (person_id, conversation_id) do update set body = excluded.body, updated_at = excluded.updated_at
        where draft.updated_at <= excluded.updated_at",
        // The same, with a type that PostgreSQL cannot find in a select.
        postgres "insert into draft (person_id, conversation_id, workspace_id, body, updated_at)
        select $1, c.id, c.workspace_id, $4, $5::bigint from conversation c where c.id = $2 and c.workspace_id = $3
        on conflict (person_id, conversation_id) do update set body = excluded.body, updated_at = excluded.updated_at
        where draft.updated_at <= excluded.updated_at";
    FORGET_DRAFT = "delete from draft where person_id = $1 and conversation_id = $2 and workspace_id = $3
        and updated_at <= $4";
}
