-- What somebody made of a question and its answer in a conversation. source_id: what is taught of it.
create table lesson (
  conversation_id text not null references conversation (id) on delete cascade,
  seq integer not null,
  workspace_id text not null references workspace (id),
  chatbot_id text not null,
  question text not null,
  answer text not null,
  made text not null,
  source_id text,
  person_id text not null,
  at integer not null,
  primary key (conversation_id, seq)
) strict, without rowid;
create index lesson_suggested on lesson (workspace_id, chatbot_id, at, conversation_id, seq) where made = 'suggested';
