-- Which models answer: of a workspace (its place is empty) or of a chatbot (its id).
create table ai_models (
  workspace_id text collate "C" not null references workspace (id),
  place text collate "C" not null,
  settings text collate "C" not null,
  -- Sealed with the server's key.
  keys bytea,
  version bigint not null,
  changed_at bigint not null,
  primary key (workspace_id, place)
);

-- What went wrong with the models of a chatbot.
create table ai_trouble (
  chatbot_id text collate "C" not null references chatbot (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  model text collate "C" not null,
  trouble text collate "C" not null,
  detail text collate "C" not null,
  times bigint not null,
  at bigint not null,
  -- When the model answered again.
  ended_at bigint,
  primary key (chatbot_id, model, trouble)
);

-- Functions that the AI may call.
create table ai_tool (
  id text collate "C" not null primary key,
  chatbot_id text collate "C" not null references chatbot (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  name text collate "C" not null,
  settings text collate "C" not null,
  -- Sealed with the server's key.
  headers bytea,
  unique (chatbot_id, name)
);
