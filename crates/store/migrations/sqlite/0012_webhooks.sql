-- Servers of the owner that are told of what happens. Where there is no chatbot they are told of all.
create table webhook (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text references chatbot (id),
  person_id text not null references person (id),
  name text not null,
  url text not null,
  -- Names of what it is told of, with spaces between them.
  topics text not null,
  -- Its secret, sealed with the server's key.
  sealed blob,
  created_at integer not null,
  -- Why it is told of nothing, and since when.
  off_why text,
  off_at integer,
  -- Since when every try has failed.
  failing_since integer
) strict, without rowid;
create index webhook_by_workspace on webhook (workspace_id, name, id);
create index webhook_by_chatbot on webhook (chatbot_id);
create index webhook_by_person on webhook (person_id);

-- What they were told. No texts: what is sent is read when it is sent, so that what was deleted is sent no more.
create table webhook_delivery (
  id text not null primary key,
  webhook_id text not null references webhook (id) on delete cascade,
  workspace_id text not null references workspace (id),
  message text not null,
  topic text not null,
  conversation_id text,
  seq integer,
  happened_at integer not null,
  created_at integer not null,
  state text not null,
  tries integer not null,
  tried_at integer,
  took integer,
  status integer,
  answer text,
  next_at integer
) strict, without rowid;
create index webhook_delivery_by_webhook on webhook_delivery (webhook_id, created_at, id);
create index webhook_delivery_by_time on webhook_delivery (created_at);
