-- Channels of chat apps are webhooks of another kind; what is sealed there is the address.
alter table webhook add column kind text collate "C" not null default 'standard';
-- What the receiver knows a message by, where it may be changed later.
alter table webhook_delivery add column reference text collate "C";
create index webhook_delivery_by_conversation on webhook_delivery (conversation_id, webhook_id, created_at, id);
