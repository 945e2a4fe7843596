-- Those who wait now: a handful among all that ever did.
create index request_record_open on request_record (workspace_id, chatbot_id, opened_at, conversation_id)
  where word_at is null and ended_at is null;
