-- Files of conversations. Their bytes are elsewhere, under workspace and id.
-- seq is the message that a file was sent with, and absent before; state says who sees it (domain::files::FileState).
create table file (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null references chatbot (id),
  conversation_id text collate "C" not null references conversation (id),
  uploader text collate "C" not null,
  secret text collate "C" not null,
  name text collate "C" not null,
  kind text collate "C" not null,
  bytes bigint not null,
  width bigint,
  height bigint,
  state text collate "C" not null,
  seq bigint,
  created_at bigint not null
);
create index file_by_conversation on file (conversation_id, seq);
create index file_by_chatbot on file (workspace_id, chatbot_id, id);
create index file_unsent on file (created_at, id) where seq is null;

-- What the files of a workspace take, kept by whoever adds or forgets one.
create table file_usage (
  workspace_id text collate "C" not null primary key references workspace (id),
  bytes bigint not null,
  files bigint not null
);
