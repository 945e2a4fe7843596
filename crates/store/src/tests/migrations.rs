//! Both engines end with the same tables.

use std::collections::BTreeMap;

use super::{empty_postgres, empty_sqlite};

/// Columns by table: name, type, whether it may be absent.
type Tables = BTreeMap<String, Vec<(String, &'static str, bool)>>;

fn in_sqlite() -> Tables {
    let connection = empty_sqlite();
    let mut tables = Tables::new();
    let mut statement = connection
        .prepare(
            "select m.name, c.name, lower(c.type), c.\"notnull\" from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like 'chunk_search%'
             and m.name not like 'search_%_words%' order by m.name, c.name",
        )
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (table, column): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        let kind = match row.get::<_, String>(2).unwrap().as_str() {
            "text" => "text",
            "integer" | "bigint" => "bigint",
            "blob" => "bytes",
            other => panic!("{table}.{column} has the type {other}"),
        };
        // The row's own number needs no `not null` to be always there.
        let optional = !row.get::<_, bool>(3).unwrap() && (table.as_str(), column.as_str()) != ("chunk", "id");
        tables.entry(table).or_default().push((column, kind, optional));
    }
    tables
}

async fn in_postgres() -> Tables {
    let (_database, client) = empty_postgres().await;
    let rows = client
        .query(
            "select table_name::text, column_name::text, data_type::text, is_nullable::text
             from information_schema.columns where table_schema = 'public' and data_type <> 'tsvector'
             order by table_name collate \"C\", column_name collate \"C\"",
            &[],
        )
        .await
        .unwrap();
    let mut tables = Tables::new();
    for row in rows {
        let kind = match row.get::<_, String>(2).as_str() {
            "text" => "text",
            "bigint" => "bigint",
            "bytea" => "bytes",
            other => panic!("{}.{} has the type {other}", row.get::<_, String>(0), row.get::<_, String>(1)),
        };
        let optional = row.get::<_, String>(3) == "YES";
        tables.entry(row.get(0)).or_default().push((row.get(1), kind, optional));
    }
    tables
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (in_sqlite(), in_postgres().await);
    assert!(sqlite.len() > 15);
    assert_eq!(sqlite, postgres);
}

/// Texts compare by bytes on both engines, whatever the server's language.
#[tokio::test]
async fn texts_compare_by_bytes_on_postgres() {
    let (_database, client) = empty_postgres().await;
    let others = "select table_name::text || '.' || column_name from information_schema.columns
        where table_schema = 'public' and data_type = 'text' and table_name <> 'migration'
        and collation_name is distinct from 'C'";
    let others: Vec<String> = client.query(others, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(others.is_empty(), "{others:?}");
}
