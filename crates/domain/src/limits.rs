//! Limits of what people may send. Each one is enforced where the value enters, with an error that names it.

/// Longest message, in characters.
pub const MESSAGE_CHARS: usize = 8_000;
/// Longest `client_id`, in bytes.
pub const CLIENT_ID_BYTES: usize = 64;
/// Connections of one visitor at the same time: tabs and devices.
pub const CONNECTIONS_PER_VISITOR: u32 = 20;
/// Longest display name or chatbot name, in characters.
pub const NAME_CHARS: usize = 80;
/// Longest e-mail address, in bytes (RFC 5321).
pub const EMAIL_BYTES: usize = 254;
/// Shortest password, in characters.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Longest password, in bytes: hashing is costly and must stay bounded.
pub const PASSWORD_MAX_BYTES: usize = 512;
/// Longest text of a setting that a visitor reads, in characters.
pub const SETTING_TEXT_CHARS: usize = 1_000;
/// Most suggested questions, and the length of one in characters.
pub const SUGGESTED_QUESTIONS: (usize, usize) = (6, 200);
/// Most watched phrases, and the length of one in characters.
pub const OUTPUT_TRIGGERS: (usize, usize) = (50, 200);
/// Most languages of the texts of a hand-over, beside the default ones.
pub const HANDOVER_LANGUAGES: usize = 40;
/// Most escalation intents of a chatbot.
pub const ESCALATION_INTENTS: usize = 50;
/// Most examples of an intent, and the length of one in characters.
pub const INTENT_EXAMPLES: (usize, usize) = (100, 500);
/// Most domains that may embed a chatbot.
pub const ALLOWED_DOMAINS: usize = 100;
/// Longest domain, in bytes (RFC 1035), with its port.
pub const DOMAIN_BYTES: usize = 259;
/// Longest id that a website gives a person, in characters.
pub const EXTERNAL_ID_CHARS: usize = 200;
/// Most attributes of a visitor, and the length of a name and of a value in characters.
pub const ATTRIBUTES: (usize, usize, usize) = (30, 60, 500);
/// Longest prompt of an AI agent, in characters.
pub const PROMPT_CHARS: usize = 20_000;
/// Longest title of a source or question of a Q&A pair, in characters.
pub const SOURCE_TITLE_CHARS: usize = 500;
/// Longest answer of a Q&A pair, in characters.
pub const ANSWER_CHARS: usize = 20_000;
/// Largest pasted text, in bytes.
pub const SOURCE_TEXT_BYTES: usize = 1024 * 1024;
/// Largest uploaded text file, and most text that any source has, in bytes.
pub const UPLOAD_BYTES: usize = 5 * 1024 * 1024;
/// Largest uploaded document (PDF, Word, Excel, CSV, HTML), in bytes.
pub const DOCUMENT_BYTES: usize = 20 * 1024 * 1024;
/// So old is a document of which nothing was heard since its upload began, in milliseconds: the upload broke off.
pub const DOCUMENT_LOST_MS: i64 = 10 * 60 * 1_000;
/// Most tags of one source.
pub const SOURCE_TAGS: usize = 20;
/// Longest tag of a source, in characters.
pub const TAG_CHARS: usize = 40;
/// Most sources of a chatbot.
pub const SOURCES_PER_CHATBOT: u64 = 10_000;
/// Largest picture before decoding, in bytes.
pub const AVATAR_BYTES: usize = 10 * 1024 * 1024;
/// Largest file in a conversation, in bytes.
pub const FILE_BYTES: usize = 10 * 1024 * 1024;
/// Longest name of a file, in characters, with its ending.
pub const FILE_NAME_CHARS: usize = 120;
/// Most files in one message.
pub const FILES_PER_MESSAGE: usize = 10;
/// Most files that somebody has uploaded to a conversation and not sent.
pub const FILES_UNSENT: u64 = 20;
/// Most files in one conversation.
pub const FILES_PER_CONVERSATION: u64 = 500;
/// How long a file that was uploaded waits to be sent, in milliseconds.
pub const FILE_UNSENT_MS: i64 = 24 * 3_600 * 1_000;
/// Bytes that the files of a workspace may take when nobody says otherwise.
pub const FILES_QUOTA: u64 = 10 * 1024 * 1024 * 1024;
/// Longest answer of the AI, in characters; the rest is cut with a mark.
pub const ANSWER_OF_AI_CHARS: usize = 16_000;
/// Most people who are mentioned in one note.
pub const MENTIONS: usize = 20;
/// Most labels of a workspace.
pub const LABELS: usize = 200;
/// Most labels on one conversation.
pub const LABELS_PER_CONVERSATION: usize = 20;
/// Longest name of a label, in characters.
pub const LABEL_CHARS: usize = 40;
/// Most canned replies: of the workspace, and of each person.
pub const CANNED_REPLIES: u64 = 1_000;
/// Longest draft, in characters: longer than a message, so that nothing is lost while somebody shortens it.
pub const DRAFT_CHARS: usize = 20_000;
/// Most pools to which requests are given.
pub const POOLS: usize = 20;
/// Most people, languages and labels of one pool.
pub const POOL: (usize, usize, usize) = (200, 50, 50);
/// Most people in one live chat.
pub const PARTICIPANTS: usize = 20;
/// Most invitations of a workspace that are open at the same time.
pub const OPEN_INVITATIONS: u64 = 500;
/// Most labelled messages in the Escalation lab of a chatbot: an interval of two points needs some hundreds, and all of them
/// are judged in minutes on a small machine.
pub const LAB_MESSAGES: u64 = 2_000;
/// Longest message there, in characters. Longer ones are judged by their clauses, like these.
pub const LAB_MESSAGE_CHARS: usize = 2_000;
/// Most conversations that a replay looks at, the newest, and most messages of a visitor in each.
pub const REPLAY: (usize, usize) = (2_000, 20);
/// How far the Escalation lab looks back, in milliseconds: 30 days.
pub const LAB_HISTORY_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// Most questions without answer that are kept for a chatbot.
pub const UNANSWERED: i64 = 1_000;
/// Longest question that is kept there, in characters.
pub const UNANSWERED_CHARS: usize = 300;
/// Longest search, in characters, and most words of it that are looked for.
pub const SEARCH: (usize, usize) = (200, 16);
/// Most entries of a transcript that is exported, the newest.
pub const TRANSCRIPT: usize = 20_000;
/// Entries of a page when the client names no number, and at most.
pub const PAGE: (u32, u32) = (50, 200);
/// Most AI agents of a chatbot.
pub const AGENTS: usize = 20;
/// Most intents of one AI agent.
pub const AGENT_INTENTS: usize = 30;
/// Most sources that one AI agent is held to.
pub const AGENT_SOURCES: usize = 500;
/// Most tags that one AI agent is held to.
pub const AGENT_TAGS: usize = 20;
/// Most variables of one AI agent.
pub const VARIABLES: usize = 20;
/// Longest name of a variable, and longest value that the talk gives it, in characters.
pub const VARIABLE_CHARS: usize = 60;
/// Most rules of a Supervisor.
pub const RULES: usize = 50;
/// Most conditions in one group of a rule.
pub const RULE_CONDITIONS: usize = 20;
/// So deep may groups lie in each other.
pub const RULE_DEPTH: usize = 3;
/// The greatest number that a rule compares with: no turn looks further back.
pub const RULE_COUNT: u32 = 30;
/// Most days on which nobody is there.
pub const HOLIDAYS: usize = 100;
/// Answers without knowledge after which a person is called, at most.
pub const NO_ANSWERS: u32 = 10;
/// Turns of the AI after which a person is called, at most.
pub const TURN_LIMIT: u32 = 30;
/// Longest name of a model, longest address of a provider and longest key, in characters.
pub const MODEL: (usize, usize, usize) = (200, 500, 1_000);
/// Largest mail that is taken, in bytes, with what is attached to it.
pub const MAIL_BYTES: usize = 10 * 1024 * 1024;
/// Mails of one conversation that are taken in an hour: more are a machine that does not say so.
pub const MAILS_IN_AN_HOUR: u32 = 20;
/// Transcripts that are mailed in an hour: of one conversation, and to one address.
pub const TRANSCRIPTS_IN_AN_HOUR: u32 = 3;
/// Reply addresses of one conversation that are good at the same time: each mail has one of its own, the newest count.
pub const REPLY_ADDRESSES: i64 = 100;
/// So long after a person wrote the visitor is mailed, in milliseconds: whoever is there has read it by then, and what
/// follows at once comes in the same mail.
pub const MAIL_VISITOR_AFTER_MS: i64 = 60_000;
/// So long an open page keeps a mail back that nobody reads there, in milliseconds: a tab in the background is no reader.
pub const PAGE_KEEPS_MAIL_MS: i64 = 10 * 60 * 1_000;
/// So long it is tried to hand a mail for a visitor to a mail server that is not there, in milliseconds.
pub const MAIL_VISITOR_TRIES_MS: i64 = 24 * 3_600 * 1_000;
