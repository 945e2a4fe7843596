-- What somebody made of a question and its answer in a conversation. source_id: what is taught of it.
create table lesson (
  conversation_id text collate "C" not null references conversation (id) on delete cascade,
  seq bigint not null,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null,
  question text collate "C" not null,
  answer text collate "C" not null,
  made text collate "C" not null,
  source_id text collate "C",
  person_id text collate "C" not null,
  at bigint not null,
  primary key (conversation_id, seq)
);
create index lesson_suggested on lesson (workspace_id, chatbot_id, at, conversation_id, seq) where made = 'suggested';
