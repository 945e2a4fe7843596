-- Messages that somebody labelled, to see how well people are called. digest stands for the text: each is there once.
create table lab_message (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text not null references chatbot (id),
  digest text not null,
  body text not null,
  label text not null,
  person_id text not null,
  at integer not null,
  conversation_id text references conversation (id) on delete cascade
) strict;
create unique index lab_message_by_digest on lab_message (chatbot_id, digest);
create index lab_message_by_time on lab_message (workspace_id, chatbot_id, at, id);
create index lab_message_by_conversation on lab_message (conversation_id) where conversation_id is not null;

-- The newest runs of a chatbot: over them, and over what was said lately. beat_at: when its server was heard of last;
-- asked_at: when somebody asked for it last.
create table lab_run (
  chatbot_id text not null references chatbot (id),
  workspace_id text not null references workspace (id),
  id text not null,
  kind text not null,
  draft text,
  person_id text not null,
  state text not null,
  done integer not null,
  total integer not null,
  began_at integer not null,
  beat_at integer not null,
  asked_at integer not null,
  result text,
  primary key (chatbot_id, kind)
) strict;
