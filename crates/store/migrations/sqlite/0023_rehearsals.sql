-- Whose rehearsal a conversation is, if it is one. Set when it is made; nothing but its id and its visitor's token finds it.
alter table conversation add column rehearsal_of text;
-- A few at a time, of the many.
create index conversation_rehearsals on conversation (rehearsal_of, chatbot_id, created_at) where rehearsal_of is not null;
