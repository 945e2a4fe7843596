-- Those who wait now: a handful among all that ever did.
create index request_record_open on request_record (workspace_id, chatbot_id, opened_at, conversation_id)
  where word_at is null and ended_at is null;

-- What visitors think of live chats, each as it was said last. ended: seq of the chat's end.
create table rating (
  conversation_id text collate "C" not null references conversation (id) on delete cascade,
  ended bigint not null,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" not null,
  person_id text collate "C" not null,
  score bigint not null,
  at bigint not null,
  primary key (conversation_id, ended)
);
create index rating_by_chatbot on rating (workspace_id, chatbot_id, at);
