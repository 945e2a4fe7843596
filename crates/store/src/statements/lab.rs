//! The Escalation lab.

/// The columns of a message, as `lab::message` reads them.
macro_rules! message {
    ($where:literal) => {
        concat!(
            "select l.id, l.body, l.digest, l.label, l.person_id, l.at, l.conversation_id from lab_message l ",
            $where
        )
    };
}

super::statements! {
    LAB_COUNTS = "select l.label, count(*) from lab_message l where l.workspace_id = $1 and l.chatbot_id = $2
        group by l.label";
    LAB_MESSAGES = message!("where l.workspace_id = $1 and l.chatbot_id = $2 and (l.at, l.id) < ($3, $4)
        and ($5 = '' or l.label = $5) order by l.at desc, l.id desc limit $6");
    /// Held until the transaction ends, so that two who add at once do not both find the last room. SQLite has one writer.
    HOLD_LAB = "select b.id from chatbot b where b.id = $1 and b.workspace_id = $2 and b.deleted_at is null",
        postgres "select b.id from chatbot b where b.id = $1 and b.workspace_id = $2 and b.deleted_at is null for update";
    COUNT_LAB = "select count(*) from lab_message l where l.workspace_id = $1 and l.chatbot_id = $2";
    LABEL_LAB_MESSAGE = "update lab_message set label = $4 where id = $1 and workspace_id = $2 and chatbot_id = $3";
    REMOVE_LAB_MESSAGE = "delete from lab_message where id = $1 and workspace_id = $2 and chatbot_id = $3";
    CLEAR_LAB = "delete from lab_message where chatbot_id = $1 and workspace_id = $2";
    /// The run that goes on, and was heard of since $3.
    LAB_RUNNING = "select r.id from lab_run r
        where r.chatbot_id = $1 and r.workspace_id = $2 and r.state = 'running' and r.beat_at >= $3";
    /// In the place of the last one of its kind.
    BEGIN_LAB_RUN = "insert into lab_run
          (chatbot_id, workspace_id, id, kind, draft, person_id, state, done, total, began_at, beat_at, asked_at, result)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, null)
        on conflict (chatbot_id, kind) do update set id = excluded.id, draft = excluded.draft,
          person_id = excluded.person_id, state = excluded.state, done = excluded.done, total = excluded.total,
          began_at = excluded.began_at, beat_at = excluded.beat_at, asked_at = excluded.asked_at, result = null
        where lab_run.workspace_id = excluded.workspace_id";
    LAB_RUNS = "select r.id, r.kind, r.draft, r.person_id, r.state, r.done, r.total, r.began_at, r.beat_at, r.asked_at
        from lab_run r where r.chatbot_id = $1 and r.workspace_id = $2 order by r.began_at desc, r.id desc";
    ASK_LAB_RUN = "update lab_run set asked_at = $4
        where chatbot_id = $1 and workspace_id = $2 and id = $3 and state = 'running' and asked_at < $4";
    LAB_RESULT = "select r.result from lab_run r where r.chatbot_id = $1 and r.workspace_id = $2 and r.id = $3";
    BEAT_LAB_RUN = "update lab_run set done = $4, total = $5, beat_at = $6
        where chatbot_id = $1 and workspace_id = $2 and id = $3 and state = 'running' returning asked_at";
    END_LAB_RUN = "update lab_run set state = $4, result = $5, beat_at = $6
        where chatbot_id = $1 and workspace_id = $2 and id = $3 and state = 'running'";
    DELETE_LAB_RUN = "delete from lab_run where chatbot_id = $1 and workspace_id = $2";
    @families
    /// Which of these texts are there: workspace, chatbot, digest.
    LAB_LABELS (3) = "select l.digest, l.label from (values ",
        ") as want join lab_message l on l.chatbot_id = want.column2 and l.digest = want.column3
         and l.workspace_id = want.column1";
    /// One that is there gets the label that is given now.
    ADD_LAB_MESSAGES (9) = "insert into lab_message
          (id, workspace_id, chatbot_id, digest, body, label, person_id, at, conversation_id) values ",
        " on conflict (chatbot_id, digest) do update set label = excluded.label
          where lab_message.workspace_id = excluded.workspace_id";
}
