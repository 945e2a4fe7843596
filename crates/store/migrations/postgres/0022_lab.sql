-- Messages that somebody labelled, to see how well people are called. digest stands for the text: each is there once.
create table lab_message (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null references chatbot (id),
  digest text collate "C" not null,
  body text collate "C" not null,
  label text collate "C" not null,
  person_id text collate "C" not null,
  at bigint not null,
  conversation_id text collate "C" references conversation (id) on delete cascade
);
create unique index lab_message_by_digest on lab_message (chatbot_id, digest);
create index lab_message_by_time on lab_message (workspace_id, chatbot_id, at, id);
create index lab_message_by_conversation on lab_message (conversation_id) where conversation_id is not null;

-- The newest runs of a chatbot: over them, and over what was said lately. beat_at: when its server was heard of last;
-- asked_at: when somebody asked for it last.
create table lab_run (
  chatbot_id text collate "C" not null references chatbot (id),
  workspace_id text collate "C" not null references workspace (id),
  id text collate "C" not null,
  kind text collate "C" not null,
  draft text collate "C",
  person_id text collate "C" not null,
  state text collate "C" not null,
  done bigint not null,
  total bigint not null,
  began_at bigint not null,
  beat_at bigint not null,
  asked_at bigint not null,
  result text collate "C",
  primary key (chatbot_id, kind)
);
