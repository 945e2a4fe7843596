//! Tags of sources.

super::statements! {
    TAGS_OF = "select t.source_id, t.tag from source_tag t where t.source_id = $1 and t.workspace_id = $2 order by t.tag";
    CLEAR_TAGS = "delete from source_tag where source_id = $1 and workspace_id = $2";
    ADD_TAG = "insert into source_tag (source_id, tag, workspace_id, chatbot_id)
        select s.id, $3, s.workspace_id, s.chatbot_id from source s
        where s.id = $1 and s.workspace_id = $2 and s.parent_id is null
        on conflict (source_id, tag) do nothing";
    TAGS = "select t.tag, count(*) from source_tag t join source s on s.id = t.source_id
        where t.workspace_id = $1 and t.chatbot_id = $2 and t.tag > $3 and s.removed = 0
        group by t.tag order by t.tag limit $4";
    TAGGED = "select t.source_id from source_tag t where t.workspace_id = $1 and t.chatbot_id = $2 and t.tag = $3
        order by t.source_id limit $4";
}
