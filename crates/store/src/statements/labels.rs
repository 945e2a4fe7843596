//! Labels.

super::statements! {
    LABELS = "select l.id, l.name, l.color from label l where l.workspace_id = $1 order by l.name, l.id";
    ADD_LABEL = "insert into label (id, workspace_id, name, color, created_at) values ($1, $2, $3, $4, $5)
        on conflict do nothing";
    LABEL_NAMED = "select l.id from label l where l.workspace_id = $1 and l.name = $2";
    SAVE_LABEL = "update label set name = $3, color = $4 where id = $1 and workspace_id = $2";
    DELETE_LABEL = "delete from label where id = $1 and workspace_id = $2";
    PUT_LABEL = "insert into conversation_label (label_id, conversation_id)
        select l.id, $2 from label l where l.id = $1 and l.workspace_id = $3
        on conflict (label_id, conversation_id) do nothing";
    TAKE_LABEL = "delete from conversation_label where label_id = $1 and conversation_id = $2";
}
