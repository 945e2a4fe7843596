-- Servers of the owner that are told of what happens. Where there is no chatbot they are told of all.
create table webhook (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  chatbot_id text collate "C" references chatbot (id),
  person_id text collate "C" not null references person (id),
  name text collate "C" not null,
  url text collate "C" not null,
  -- Names of what it is told of, with spaces between them.
  topics text collate "C" not null,
  -- Its secret, sealed with the server's key.
  sealed bytea,
  created_at bigint not null,
  -- Why it is told of nothing, and since when.
  off_why text collate "C",
  off_at bigint,
  -- Since when every try has failed.
  failing_since bigint
);
create index webhook_by_workspace on webhook (workspace_id, name, id);
create index webhook_by_chatbot on webhook (chatbot_id);
create index webhook_by_person on webhook (person_id);

-- What they were told. No texts: what is sent is read when it is sent, so that what was deleted is sent no more.
create table webhook_delivery (
  id text collate "C" not null primary key,
  webhook_id text collate "C" not null references webhook (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  message text collate "C" not null,
  topic text collate "C" not null,
  conversation_id text collate "C",
  seq bigint,
  happened_at bigint not null,
  created_at bigint not null,
  state text collate "C" not null,
  tries bigint not null,
  tried_at bigint,
  took bigint,
  status bigint,
  answer text collate "C",
  next_at bigint
);
create index webhook_delivery_by_webhook on webhook_delivery (webhook_id, created_at, id);
create index webhook_delivery_by_time on webhook_delivery (created_at);
