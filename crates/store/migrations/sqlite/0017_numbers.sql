-- What became of each visitor who wanted a person. It follows from the log, and is written along with it.
create table request_record (
  conversation_id text not null references conversation (id) on delete cascade,
  opened integer not null,
  workspace_id text not null references workspace (id),
  chatbot_id text not null,
  opened_at integer not null,
  reason text,
  since integer,
  word_at integer,
  word_by text,
  ended_at integer,
  ended_how text,
  primary key (conversation_id, opened)
) strict, without rowid;
create index request_record_by_chatbot on request_record (workspace_id, chatbot_id, opened_at, conversation_id, opened);

-- Whether the AI has written in a conversation. Those that are there already are looked at as they are counted.
alter table conversation add column ai_wrote integer not null default 0;
-- What it is sorted by never changes: a message costs nothing here.
create index conversation_by_beginning on conversation (workspace_id, chatbot_id, created_at);

-- How far the logs from before this migration are counted; the row goes when all of them are.
create table request_fill (
  one integer not null primary key check (one = 1),
  conversation_id text not null
) strict;
insert into request_fill (one, conversation_id) select 1, '' where exists (select 1 from event);
