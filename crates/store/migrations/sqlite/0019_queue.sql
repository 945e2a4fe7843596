-- Those who wait now: a handful among all that ever did.
create index request_record_open on request_record (workspace_id, chatbot_id, opened_at, conversation_id)
  where word_at is null and ended_at is null;

-- What visitors think of live chats, each as it was said last. ended: seq of the chat's end.
create table rating (
  conversation_id text not null references conversation (id) on delete cascade,
  ended integer not null,
  workspace_id text not null references workspace (id),
  chatbot_id text not null,
  person_id text not null,
  score integer not null,
  at integer not null,
  primary key (conversation_id, ended)
) strict, without rowid;
create index rating_by_chatbot on rating (workspace_id, chatbot_id, at);
