-- Further tokens of a visitor: one for each device that a visitor comes from who was identified.
create table visitor_token (
  token_hash blob not null primary key,
  visitor_id text not null references visitor (id) on delete cascade,
  workspace_id text not null references workspace (id),
  created_at integer not null
) strict, without rowid;
create index visitor_token_by_visitor on visitor_token (visitor_id, created_at);

-- Whose a visitor is on the website, as its signature has proved.
create table visitor_identity (
  chatbot_id text not null references chatbot (id) on delete cascade,
  external_id text not null,
  visitor_id text not null unique references visitor (id) on delete cascade,
  workspace_id text not null references workspace (id),
  created_at integer not null,
  primary key (chatbot_id, external_id)
) strict, without rowid;

-- What a website signs with, sealed with the server's key.
create table signing_secret (
  chatbot_id text not null primary key references chatbot (id) on delete cascade,
  workspace_id text not null references workspace (id),
  sealed blob not null,
  created_at integer not null
) strict, without rowid;

-- The key that the secrets in here are sealed with, by its fingerprint.
create table secret_key (
  one integer not null primary key check (one = 1),
  fingerprint blob not null
) strict;
