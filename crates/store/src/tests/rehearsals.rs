//! No list, count or search has rehearsals among its conversations.

use super::empty_sqlite;
use crate::statements::{self, Statement};

/// What reads or writes conversations whether they are rehearsals or not, and why.
const BOTH: [&str; 24] = [
    // By the conversation's own id: whoever asks was let in, or holds it in a transaction.
    "ROW",
    "ROWS_ANYWHERE",
    "HOLD_ROWS",
    "HOLD_CONVERSATION",
    "HEADS",
    "LOG_AFTER",
    "LOG_BEFORE",
    "LOG_AFTER_VISITOR",
    "LOG_BEFORE_VISITOR",
    "LOG_BETWEEN",
    "ENTRY",
    "VERSIONS",
    "ADD_FILE",
    "WRITE_DRAFT",
    "MARK_REHEARSAL",
    // The visitor of a rehearsal has its token.
    "VISITOR",
    "VISITOR_BY_TOKEN",
    // A number that rises with everything, and how large the table is.
    "NEWEST_CHANGE",
    "GREATEST_CHANGE",
    "COUNT_CONVERSATIONS",
    // Whose rights became less leaves theirs, too.
    "CHATS_OF",
    // What is deleted goes with its rehearsals.
    "SOME_CONVERSATION",
    "DELETE_CONVERSATION",
    "DELETE_VISITOR",
];

/// Whether a statement reads or writes the table of conversations, or joins it.
fn touches_conversations(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(['(', ')', ','])).collect();
    words.windows(2).any(|pair| matches!(pair, ["from" | "join" | "update", "conversation"]))
}

fn says_which(text: &str) -> bool {
    ["rehearsal_of is null", "rehearsal_of is not null", "rehearsal_of = $"].iter().any(|part| text.contains(part))
}

/// The members of a family have its name.
fn is_named(statement: &Statement) -> bool {
    BOTH.iter().any(|name| statement.name() == *name)
}

#[test]
fn every_statement_over_conversations_leaves_rehearsals_out_or_says_why_not() {
    let mut forgotten = Vec::new();
    let mut looked_at = 0;
    for statement in statements::all() {
        for text in [statement.sqlite().replace('?', "$"), statement.postgres().to_owned()] {
            if touches_conversations(&text) {
                looked_at += 1;
                if !says_which(&text) && !is_named(statement) {
                    forgotten.push(statement.name());
                }
            }
        }
    }
    assert!(looked_at > 50, "statements over conversations are not found any more: {looked_at}");
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

/// What saves rows knows nothing of rehearsals: the mark is set once and stays.
#[test]
fn nothing_but_the_mark_itself_writes_it() {
    let writers = statements::all().into_iter().filter(|statement| {
        let text = statement.sqlite();
        text.contains("rehearsal_of = ?") && text.contains("update conversation")
            || text.starts_with("insert into conversation\n") && text.contains("rehearsal_of")
    });
    assert_eq!(writers.map(Statement::name).collect::<Vec<_>>(), ["MARK_REHEARSAL"]);
}

/// They are found by an index that holds nothing else.
#[test]
fn rehearsals_are_found_by_their_own_index() {
    let connection = empty_sqlite();
    let text = statements::conversations::REHEARSALS.sqlite();
    let mut plan = connection.prepare(&format!("explain query plan {text}")).unwrap();
    let nothing = vec![rusqlite::types::Null; plan.parameter_count()];
    let steps = plan.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3)).unwrap();
    let steps: Vec<String> = steps.map(Result::unwrap).collect();
    assert!(steps.iter().any(|step| step.contains("conversation_rehearsals")), "{steps:#?}");
}
