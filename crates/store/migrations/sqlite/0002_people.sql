-- People who are invited, deactivated, signed in on several devices.

alter table person add column deactivated_at integer;
alter table person add column seen_at integer;

-- A session is named by an id, so that its person can end it; the address and the browser are for their eyes.
alter table session add column id text;
alter table session add column seen_at integer;
alter table session add column address text;
alter table session add column device text;
update session set seen_at = created_at,
  id = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8'
    || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
create unique index session_by_id on session (id);

-- An offer of a role, for the whole workspace when it names no chatbot.
create table invitation (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text references chatbot (id) on delete cascade,
  email text not null,
  role text not null,
  inviter_id text not null references person (id) on delete cascade,
  created_at integer not null,
  ends_at integer not null,
  used_at integer,
  revoked_at integer
) strict;
create index invitation_by_place on invitation (workspace_id, created_at, id);
create index invitation_by_email on invitation (workspace_id, email);
create index invitation_by_chatbot on invitation (chatbot_id);
create index invitation_by_inviter on invitation (inviter_id);

-- Secrets in links that were shown or mailed: to an invitation, for a new password, for a new address. Only hashes.
create table link (
  token_hash blob not null primary key,
  kind text not null,
  workspace_id text not null references workspace (id),
  person_id text references person (id) on delete cascade,
  invitation_id text references invitation (id) on delete cascade,
  email text,
  created_at integer not null,
  ends_at integer not null,
  used_at integer
) strict, without rowid;
create index link_by_person on link (person_id, kind, created_at);
create index link_by_invitation on link (invitation_id);
create index link_by_end on link (ends_at);
