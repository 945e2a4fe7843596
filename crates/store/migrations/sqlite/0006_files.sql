-- Files of conversations. Their bytes are elsewhere, under workspace and id.
-- seq is the message that a file was sent with, and absent before; state says who sees it (domain::files::FileState).
create table file (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text not null references chatbot (id),
  conversation_id text not null references conversation (id),
  uploader text not null,
  secret text not null,
  name text not null,
  kind text not null,
  bytes integer not null,
  width integer,
  height integer,
  state text not null,
  seq integer,
  created_at integer not null
) strict;
create index file_by_conversation on file (conversation_id, seq);
create index file_by_chatbot on file (workspace_id, chatbot_id, id);
create index file_unsent on file (created_at, id) where seq is null;

-- What the files of a workspace take, kept by whoever adds or forgets one.
create table file_usage (
  workspace_id text not null primary key references workspace (id),
  bytes integer not null,
  files integer not null
) strict, without rowid;
