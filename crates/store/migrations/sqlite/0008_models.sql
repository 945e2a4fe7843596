-- Which models answer: of a workspace (its place is empty) or of a chatbot (its id).
create table ai_models (
  workspace_id text not null references workspace (id),
  place text not null,
  settings text not null,
  -- Sealed with the server's key.
  keys blob,
  version integer not null,
  changed_at integer not null,
  primary key (workspace_id, place)
) strict, without rowid;

-- What went wrong with the models of a chatbot.
create table ai_trouble (
  chatbot_id text not null references chatbot (id) on delete cascade,
  workspace_id text not null references workspace (id),
  model text not null,
  trouble text not null,
  detail text not null,
  times integer not null,
  at integer not null,
  -- When the model answered again.
  ended_at integer,
  primary key (chatbot_id, model, trouble)
) strict, without rowid;

-- Functions that the AI may call.
create table ai_tool (
  id text not null primary key,
  chatbot_id text not null references chatbot (id) on delete cascade,
  workspace_id text not null references workspace (id),
  name text not null,
  settings text not null,
  -- Sealed with the server's key.
  headers blob,
  unique (chatbot_id, name)
) strict, without rowid;
