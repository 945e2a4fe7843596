-- Chatbots that are deleted, with what is left of them going in slices; questions that the AI could not answer; what an
-- owner has done on the way to a first live chatbot.

alter table chatbot add column deleted_at integer;
alter table chatbot add column guide text;

-- What visitors asked in vain, one row for the same terms.
create table unanswered (
  id text not null primary key,
  workspace_id text not null references workspace (id),
  chatbot_id text not null references chatbot (id) on delete cascade,
  terms text not null,
  question text not null,
  conversation_id text not null,
  times integer not null,
  asked_at integer not null
) strict;
create unique index unanswered_by_terms on unanswered (chatbot_id, terms);
create index unanswered_by_time on unanswered (workspace_id, chatbot_id, asked_at, id);
create index api_key_by_chatbot on api_key (chatbot_id) where chatbot_id is not null;
