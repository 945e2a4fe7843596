//! Chatbots and their AI agents.

super::statements! {
    ADD_CHATBOT = "insert into chatbot (id, workspace_id, settings, version, created_at) values ($1, $2, $3, 1, $4)
        on conflict (id) do nothing";
    CHATBOT_ANYWHERE = "select workspace_id, id, settings, avatar_id, version, created_at, knowledge from chatbot
        where id = $1 and deleted_at is null";
    CHATBOT = "select workspace_id, id, settings, avatar_id, version, created_at, knowledge from chatbot
        where id = $1 and workspace_id = $2 and deleted_at is null";
    CHATBOTS = "select workspace_id, id, settings, avatar_id, version, created_at, knowledge from chatbot
        where workspace_id = $1 and id > $2 and deleted_at is null order by id limit $3";
    /// Of every workspace: for what a node does by itself after its start.
    CHATBOTS_ANYWHERE = "select workspace_id, id from chatbot where id > $1 and deleted_at is null order by id limit $2";
    SAVE_SETTINGS = "update chatbot set settings = $4, version = version + 1
        where id = $1 and workspace_id = $2 and version = $3 and deleted_at is null";
    RAISE_VERSION = "update chatbot set version = version + 1 where id = $1 and workspace_id = $2";
    AGENTS = "select id, kind, name, description, prompt, enabled, settings from agent
        where chatbot_id = $1 and workspace_id = $2 order by id";
    SAVE_AGENT = "insert into agent (id, workspace_id, chatbot_id, kind, name, description, prompt, enabled, settings)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (id) do update set kind = excluded.kind, name = excluded.name, description = excluded.description,
          prompt = excluded.prompt, enabled = excluded.enabled, settings = excluded.settings
        where agent.workspace_id = excluded.workspace_id and agent.chatbot_id = excluded.chatbot_id";
    DELETE_AGENT = "delete from agent where id = $1 and chatbot_id = $2 and workspace_id = $3";
}
