-- What a person was mentioned in and has not read. change is that of the note: the order and the key of the list.
create table mention (
  person_id text collate "C" not null references person (id) on delete cascade,
  change bigint not null,
  workspace_id text collate "C" not null references workspace (id),
  conversation_id text collate "C" not null references conversation (id) on delete cascade,
  seq bigint not null,
  primary key (person_id, change)
);
create index mention_by_note on mention (conversation_id, seq);

create table label (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  name text collate "C" not null,
  color text collate "C" not null,
  created_at bigint not null
);
create unique index label_by_name on label (workspace_id, name);

-- Which conversations a label finds. Which labels a conversation shows is in its summary, written together.
create table conversation_label (
  label_id text collate "C" not null references label (id) on delete cascade,
  conversation_id text collate "C" not null references conversation (id) on delete cascade,
  primary key (label_id, conversation_id)
);
create index conversation_label_by_conversation on conversation_label (conversation_id);

-- Texts that are written again and again. person_id is whose own it is; without one everybody's.
create table canned_reply (
  id text collate "C" not null primary key,
  workspace_id text collate "C" not null references workspace (id),
  person_id text collate "C" references person (id) on delete cascade,
  name text collate "C" not null,
  body text collate "C" not null,
  updated_at bigint not null
);
create index canned_reply_by_name on canned_reply (workspace_id, name, id);

create table draft (
  person_id text collate "C" not null references person (id) on delete cascade,
  conversation_id text collate "C" not null references conversation (id) on delete cascade,
  workspace_id text collate "C" not null references workspace (id),
  body text collate "C" not null,
  updated_at bigint not null,
  primary key (person_id, conversation_id)
);
create index draft_by_conversation on draft (conversation_id);

-- How many conversations there are, kept by whoever changes one: of a chatbot by control (person_id is empty), and of a
-- person what they take part in or are assigned to (control is mine).
create table inbox_count (
  workspace_id text collate "C" not null references workspace (id),
  person_id text collate "C" not null,
  chatbot_id text collate "C" not null references chatbot (id) on delete cascade,
  control text collate "C" not null,
  n bigint not null,
  primary key (workspace_id, person_id, chatbot_id, control)
);
create index inbox_count_by_chatbot on inbox_count (chatbot_id);
insert into inbox_count (workspace_id, person_id, chatbot_id, control, n)
  select workspace_id, '', chatbot_id, control, count(*) from conversation where seq > 0
  group by workspace_id, chatbot_id, control;
insert into inbox_count (workspace_id, person_id, chatbot_id, control, n)
  select c.workspace_id, own.person_id, c.chatbot_id, 'mine', count(*) from (
    select p.person_id as person_id, p.conversation_id as conversation_id from participant p
    union
    select a.assignee, a.id from conversation a where a.assignee is not null
  ) own join conversation c on c.id = own.conversation_id
  group by c.workspace_id, own.person_id, c.chatbot_id;
