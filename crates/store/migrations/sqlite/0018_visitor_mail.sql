-- Mail between visitors and conversations. What leaves has the id of its job, and a mail of replies begins with an entry
-- that no other one begins with, so that nothing is mailed twice. What comes is known by a digest of its Message-ID.
create table visitor_mail (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  conversation_id text not null references conversation (id) on delete cascade,
  way text not null,
  what text not null,
  why text,
  address text,
  first_seq integer,
  last_seq integer,
  mail_key text,
  message_id text,
  subject text,
  excerpt text,
  at integer not null,
  done_at integer
) strict;
create unique index visitor_mail_by_first on visitor_mail (conversation_id, first_seq) where first_seq is not null;
create unique index visitor_mail_by_key on visitor_mail (conversation_id, mail_key) where mail_key is not null;
create index visitor_mail_by_time on visitor_mail (conversation_id, at);
create index visitor_mail_by_address on visitor_mail (workspace_id, address, at) where way = 'transcript';

-- Where answers come to. The token itself stands in a mail and nowhere else.
create table reply_address (
  token_hash blob not null primary key,
  workspace_id text not null references workspace (id),
  conversation_id text not null references conversation (id) on delete cascade,
  visitor_id text not null,
  visitor_seq integer not null,
  created_at integer not null
) strict, without rowid;
create index reply_address_by_conversation on reply_address (conversation_id, created_at);
create index reply_address_by_visitor on reply_address (visitor_id);

-- What one node at a time does.
create table duty (
  name text not null primary key,
  holder text not null,
  until_at integer not null
) strict, without rowid;
