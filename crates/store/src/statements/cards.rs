//! What a model has written on the hand-over cards.

super::statements! {
    CARD = "select k.wish, k.mood, k.first_line, k.language, k.made, k.at from handover_card k
        where k.conversation_id = $2 and k.workspace_id = $1 and k.since = $3 order by k.opened desc limit 1";
    /// Two nodes that wrote one keep one.
    KEEP_CARD = "insert into handover_card (conversation_id, opened, workspace_id, since, wish, mood, first_line, language,
          made, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (conversation_id, opened) do nothing";
}
