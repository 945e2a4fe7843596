-- Devices that people are told on by push. An endpoint is one browser; it is forgotten with the session that it came by.
create table push_device (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  person_id text not null references person (id) on delete cascade,
  endpoint text not null unique,
  key blob not null,
  auth blob not null,
  session_hash blob references session (token_hash) on delete cascade,
  name text,
  created_at integer not null,
  used_at integer not null
) strict, without rowid;
create index push_device_by_workspace on push_device (workspace_id, used_at);
create index push_device_by_person on push_device (person_id, used_at);
create index push_device_by_session on push_device (session_hash);

-- What this server signs with at push services, sealed with its secret key.
create table push_key (
  one integer not null primary key check (one = 1),
  sealed blob not null
) strict;
