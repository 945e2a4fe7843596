//! Lessons that somebody has looked at.

super::statements! {
    LOOKED_AT = "select chatbot_id, conversation_id, seq, question, answer, made, source_id, person_id, at from lesson
        where workspace_id = $1 and conversation_id = $2 order by seq";
    SUGGESTED = "select chatbot_id, conversation_id, seq, question, answer, made, source_id, person_id, at from lesson
        where workspace_id = $1 and chatbot_id = $2 and made = 'suggested' and (at, conversation_id, seq) < ($3, $4, $5)
        order by at desc, conversation_id desc, seq desc limit $6";
    /// What was taught stays taught.
    KEEP_LESSON = "insert into lesson (workspace_id, chatbot_id, conversation_id, seq, question, answer, made, source_id,
          person_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (conversation_id, seq) do update set question = excluded.question, answer = excluded.answer,
          made = excluded.made, source_id = excluded.source_id, person_id = excluded.person_id, at = excluded.at
        where lesson.workspace_id = excluded.workspace_id and lesson.made <> 'taught'";
}
