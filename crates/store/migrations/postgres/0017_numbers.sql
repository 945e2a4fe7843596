-- What became of each visitor who wanted a person. It follows from the log, and is written along with it.
create table request_record (
  conversation_id text collate "C" not null references conversation (id) on delete cascade,
  opened bigint not null,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null,
  opened_at bigint not null,
  reason text collate "C",
  since bigint,
  word_at bigint,
  word_by text collate "C",
  ended_at bigint,
  ended_how text collate "C",
  primary key (conversation_id, opened)
);
create index request_record_by_chatbot on request_record (workspace_id, chatbot_id, opened_at, conversation_id, opened);

-- Whether the AI has written in a conversation. Those that are there already are looked at as they are counted.
alter table conversation add column ai_wrote bigint not null default 0;
-- What it is sorted by never changes: a message costs nothing here.
create index conversation_by_beginning on conversation (workspace_id, chatbot_id, created_at);

-- How far the logs from before this migration are counted; the row goes when all of them are.
create table request_fill (
  one bigint not null primary key check (one = 1),
  conversation_id text collate "C" not null
);
insert into request_fill (one, conversation_id) select 1, '' where exists (select 1 from event);
