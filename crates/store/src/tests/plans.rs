//! No statement reads a whole table: a large inbox must not be slower than a small one.

use super::empty_sqlite;
use crate::statements;

/// What may read everything, and why.
const EXCEPTIONS: [&str; 15] = [
    // A line for each release, a few workspaces.
    "MIGRATIONS",
    "SOLE_WORKSPACE",
    // Once at start, and for `baton doctor`.
    "GREATEST_CHANGE",
    "COUNT_CONVERSATIONS",
    "COUNT_EVENTS",
    // Jobs that wait are few.
    "COUNT_JOBS",
    "VOID_LEASES",
    // Who has the desk open: few.
    "VOID_PRESENCES",
    "FORGET_PRESENCES",
    // Ends after one row.
    "ANY_PERSON",
    "ANY_SEALED",
    // By the operator, when the key of all secrets is lost.
    "FORGET_SIGNING_SECRETS",
    "FORGET_MODEL_KEYS",
    "FORGET_TOOL_HEADERS",
    "FORGET_WEBHOOK_SECRETS",
];

#[test]
fn no_statement_scans_a_table() {
    let connection = empty_sqlite();
    let mut scans = Vec::new();
    for statement in statements::all() {
        let name = statement.name();
        if EXCEPTIONS.contains(&name) || statement.sqlite().is_empty() || statement.sqlite().starts_with("begin") {
            continue;
        }
        let mut plan = connection.prepare(&format!("explain query plan {}", statement.sqlite())).unwrap();
        // Any value is as good as another for a plan.
        let nothing = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps = plan.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3));
        for step in steps.unwrap_or_else(|error| panic!("{name}: {error}")) {
            let step = step.unwrap();
            let whole = step.starts_with("SCAN")
                && !step.contains("VIRTUAL TABLE INDEX")
                && !step.contains("VALUES CLAUSE")
                && !step.contains("CONSTANT ROW");
            let of_values = step.contains("SCAN want") || step.contains("counted") || step.contains("found");
            if whole && !of_values {
                scans.push(format!("{name}: {step}"));
            }
        }
    }
    assert!(scans.is_empty(), "{scans:#?}");
}

/// The pages of the inbox start from the index that leaves the least to look at.
#[test]
fn pages_start_from_their_index() {
    let connection = empty_sqlite();
    let check = |statement: &statements::Statement, index: &str| {
        let mut plan = connection.prepare(&format!("explain query plan {}", statement.sqlite())).unwrap();
        let nothing = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps = plan.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(steps.iter().any(|step| step.starts_with("SEARCH c") && step.contains(index)), "{index}: {steps:#?}");
        assert!(!steps.iter().any(|step| step.contains("FOR ORDER BY")) || index.contains("autoindex"), "{steps:#?}");
    };
    use statements::conversations as sql;
    check(&sql::ROWS, "conversation_by_place");
    check(&sql::ROWS_STANDING, "conversation_by_control (workspace_id=? AND control=? AND place<?)");
    check(&sql::ROWS_CHATBOT, "conversation_by_chatbot (workspace_id=? AND chatbot_id=? AND place<?)");
    check(&sql::ROWS_OF, "sqlite_autoindex_conversation_1 (id=?)");
    check(&sql::CHANGES, "conversation_by_change");
    check(&sql::ROWS_LABEL, "sqlite_autoindex_conversation_1 (id=?)");
}
