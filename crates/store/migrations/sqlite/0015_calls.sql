-- Who was called to what, and what came of it. What happens twice is one record.
create table call_record (
  workspace_id text not null references workspace (id),
  conversation_id text not null references conversation (id) on delete cascade,
  seq integer not null,
  person_id text not null references person (id) on delete cascade,
  way text not null,
  place text not null,
  outcome text not null,
  at integer not null,
  primary key (conversation_id, seq, person_id, way, place, outcome)
) strict, without rowid;
create index call_record_by_time on call_record (at);

-- Channels of chat apps are told that nobody has come, too.
update webhook set topics = topics || ' human.waiting' where kind <> 'standard';
