-- Further tokens of a visitor: one for each device that a visitor comes from who was identified.
create table visitor_token (
  token_hash bytea not null primary key,
  visitor_id text collate "C" not null references visitor (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  created_at bigint not null
);
create index visitor_token_by_visitor on visitor_token (visitor_id, created_at);

-- Whose a visitor is on the website, as its signature has proved.
create table visitor_identity (
  chatbot_id text collate "C" not null references chatbot (id) on delete cascade,
  external_id text collate "C" not null,
  visitor_id text collate "C" not null unique references visitor (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  created_at bigint not null,
  primary key (chatbot_id, external_id)
);

-- What a website signs with, sealed with the server's key.
create table signing_secret (
  chatbot_id text collate "C" not null primary key references chatbot (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  sealed bytea not null,
  created_at bigint not null
);

-- The key that the secrets in here are sealed with, by its fingerprint.
create table secret_key (
  one bigint not null primary key check (one = 1),
  fingerprint bytea not null
);
