//! Every statement is understood by both engines, and both understand the same.

use rusqlite::Connection;
use tokio_postgres::types::Type;

use super::{empty_postgres, empty_sqlite};
use crate::statements::{self, Statement};

/// What an engine makes of a statement.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    parameters: usize,
    columns: Vec<Column>,
}

#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: String,
    /// Absent where SQLite cannot say: an expression has no declared type.
    kind: Option<&'static str>,
}

fn on_sqlite(connection: &Connection, statement: &Statement) -> Shape {
    let prepared = connection
        .prepare(statement.sqlite())
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", statement.name(), statement.sqlite()));
    let column = |column: rusqlite::Column<'_>| {
        let kind = column.decl_type().map(|declared| match declared.to_ascii_lowercase().as_str() {
            "text" => "text",
            "integer" | "bigint" => "bigint",
            "blob" => "bytes",
            other => panic!("{}: a column of type {other}", statement.name()),
        });
        // An expression without a name is called after its text there.
        Column { name: column.name().split('(').next().unwrap_or_default().to_owned(), kind }
    };
    Shape { parameters: prepared.parameter_count(), columns: prepared.columns().map(column).collect() }
}

async fn on_postgres(client: &tokio_postgres::Client, statement: &Statement) -> Shape {
    let kind = |ty: &Type| match *ty {
        Type::TEXT => "text",
        Type::INT8 => "bigint",
        Type::BYTEA => "bytes",
        ref other => panic!("{}: a value of type {other}", statement.name()),
    };
    let prepared = client
        .prepare(statement.postgres())
        .await
        .unwrap_or_else(|error| panic!("{}: {error:?}\n{}", statement.name(), statement.postgres()));
    for ty in prepared.params() {
        kind(ty);
    }
    let column =
        |column: &tokio_postgres::Column| Column { name: column.name().to_owned(), kind: Some(kind(column.type_())) };
    Shape { parameters: prepared.params().len(), columns: prepared.columns().iter().map(column).collect() }
}

#[tokio::test]
async fn every_statement_means_the_same_on_both_engines() {
    let sqlite = empty_sqlite();
    let (database, client) = empty_postgres().await;
    let (mut both, mut named) = (0, 0);
    for statement in statements::all() {
        let name = statement.name();
        let mut here = (!statement.sqlite().is_empty()).then(|| on_sqlite(&sqlite, statement));
        let mut there = None;
        if !statement.postgres().is_empty() {
            there = Some(on_postgres(&client, statement).await);
        }
        let (Some(here), Some(there)) = (&mut here, &mut there) else { continue };
        for (one, other) in here.columns.iter_mut().zip(&mut there.columns) {
            // Where only one engine can know, it is believed.
            one.kind = one.kind.or(other.kind);
            // Names of bare expressions are each engine's own; columns are read by number.
            if ["count", "coalesce", "cast", "greatest"].iter().any(|function| one.name.starts_with(function)) {
                one.name.clone_from(&other.name);
            } else {
                named += 1;
            }
        }
        assert_eq!(here, there, "{name}");
        both += 1;
    }
    assert!(both > 80 && named > 200, "{both} statements with {named} columns were compared");
    drop(client);
    drop(database);
}

/// What is not in the common subset must not creep in.
#[test]
fn statements_that_have_one_text_keep_to_the_common_subset() {
    for statement in statements::all() {
        if statement.sqlite() != statement.postgres().replace('$', "?") {
            continue;
        }
        let text = statement.postgres().to_ascii_lowercase();
        for banned in ["now()", "ilike", "any(", "any (", "::", "json", "true", "false", "autoincrement", " glob "] {
            assert!(!text.contains(banned), "{} uses {banned}", statement.name());
        }
    }
}
