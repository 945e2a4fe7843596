//! Which models answer, what they may call, and what went wrong with them.

super::statements! {
    MODELS = "select settings, keys, version from ai_models where workspace_id = $1 and place = $2";
    ADD_MODELS = "insert into ai_models (workspace_id, place, settings, keys, version, changed_at)
        values ($1, $2, $3, $4, 1, $5) on conflict (workspace_id, place) do nothing";
    SAVE_MODELS = "update ai_models set settings = $3, keys = $4, version = version + 1, changed_at = $5
        where workspace_id = $1 and place = $2 and version = $6";
    DELETE_MODELS_OF = "delete from ai_models where place = $1 and workspace_id = $2";
    NOTE_TROUBLE = "insert into ai_trouble (chatbot_id, workspace_id, model, trouble, detail, times, at)
        select $1, $2, $3, $4, $5, 1, $6 where exists (select 1 from chatbot b where b.id = $1 and b.workspace_id = $2)
        on conflict (chatbot_id, model, trouble) do update set detail = excluded.detail, at = excluded.at,
          times = case when ai_trouble.ended_at is null then ai_trouble.times + 1 else 1 end, ended_at = null",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into ai_trouble (chatbot_id, workspace_id, model, trouble, detail, times, at)
        select $1, $2, $3::text, $4::text, $5::text, 1, $6::bigint
        where exists (select 1 from chatbot b where b.id = $1 and b.workspace_id = $2)
        on conflict (chatbot_id, model, trouble) do update set detail = excluded.detail, at = excluded.at,
          times = case when ai_trouble.ended_at is null then ai_trouble.times + 1 else 1 end, ended_at = null";
    END_TROUBLES = "update ai_trouble set ended_at = $4
        where chatbot_id = $1 and workspace_id = $2 and model = $3 and ended_at is null";
    TROUBLES = "select model, trouble, detail, times, at, ended_at from ai_trouble
        where chatbot_id = $1 and workspace_id = $2 order by at desc, model, trouble limit $3";
    /// What is long over, and what models had that nobody asks any more.
    SWEEP_TROUBLES = "delete from ai_trouble where chatbot_id = $1 and at < $2";
    DELETE_TROUBLES = "delete from ai_trouble where chatbot_id = $1 and workspace_id = $2";
    TOOLS = "select id, settings, headers from ai_tool where chatbot_id = $1 and workspace_id = $2 order by name";
    TOOL_NAMED = "select id from ai_tool where chatbot_id = $1 and name = $2";
    SAVE_TOOL = "insert into ai_tool (id, chatbot_id, workspace_id, name, settings, headers)
        select $1, $2, $3, $4, $5, $6 where exists (select 1 from chatbot b where b.id = $2 and b.workspace_id = $3)
        on conflict (id) do update set name = excluded.name, settings = excluded.settings, headers = excluded.headers
        where ai_tool.chatbot_id = excluded.chatbot_id and ai_tool.workspace_id = excluded.workspace_id",
        // The same, with types that PostgreSQL cannot find in a select.
        postgres "insert into ai_tool (id, chatbot_id, workspace_id, name, settings, headers)
        select $1::text, $2, $3, $4::text, $5::text, $6::bytea
        where exists (select 1 from chatbot b where b.id = $2 and b.workspace_id = $3)
        on conflict (id) do update set name = excluded.name, settings = excluded.settings, headers = excluded.headers
        where ai_tool.chatbot_id = excluded.chatbot_id and ai_tool.workspace_id = excluded.workspace_id";
    DELETE_TOOL = "delete from ai_tool where id = $1 and chatbot_id = $2 and workspace_id = $3";
    DELETE_TOOLS = "delete from ai_tool where chatbot_id = $1 and workspace_id = $2";
    FORGET_MODEL_KEYS = "update ai_models set keys = null where keys is not null";
    FORGET_TOOL_HEADERS = "update ai_tool set headers = null where headers is not null";
}
