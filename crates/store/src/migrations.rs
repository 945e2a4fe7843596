//! How tables come about, and how they change.
//!
//! Each migration runs once, in one transaction, and is recorded with the SHA-256 of its text. A migration that was
//! shipped is never edited: changes come as a new one, first expanding, in a later release contracting.

use domain::Millis;
use sha2::{Digest, Sha256};

use crate::{failure::Outcome, open_error::OpenError, statements::engine, tx::Tx, value::args};

struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($number:literal = $name:literal),* $(,)?) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

static MIGRATIONS: &[Migration] = migrations![
    1 = "0001_first",
    2 = "0002_people",
    3 = "0003_chatbots",
    4 = "0004_inbox",
    5 = "0005_search",
    6 = "0006_files",
    7 = "0007_embed",
    8 = "0008_models",
    9 = "0009_agents",
    10 = "0010_push",
    11 = "0011_documents",
    12 = "0012_webhooks",
    13 = "0013_chat_apps",
    14 = "0014_calling",
    15 = "0015_calls",
    16 = "0016_routing",
    17 = "0017_numbers",
    18 = "0018_visitor_mail",
    19 = "0019_queue",
    20 = "0020_websites",
    21 = "0021_lessons",
    22 = "0022_lab",
    23 = "0023_rehearsals",
    24 = "0024_passages",
    25 = "0025_cards",
    26 = "0026_refused_mail",
];

const TABLE: &str = "create table if not exists migration (
    number bigint not null primary key, name text not null, checksum text not null, applied_at bigint not null)";
/// Two nodes that start at once take turns.
const LOCK: &str = "select pg_advisory_xact_lock(4702111234474983745)";

/// The newest migration of this program.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// Brings a database up to this program.
pub(crate) async fn migrate(tx: &mut Tx, now: Millis) -> Result<(), OpenError> {
    loop {
        tx.begin().await?;
        match step(tx, now).await {
            Ok(true) => tx.commit(Vec::new()).await?,
            Ok(false) => return Ok(tx.commit(Vec::new()).await?),
            Err(error) => {
                tx.rollback().await;
                return Err(error);
            }
        }
    }
}

/// Applies the next migration; false when there is none.
async fn step(tx: &mut Tx, now: Millis) -> Result<bool, OpenError> {
    let sqlite = matches!(tx, Tx::Sqlite(_));
    if !sqlite {
        tx.script(LOCK).await?;
    }
    tx.script(TABLE).await?;
    let applied = tx.query(&engine::MIGRATIONS, Vec::new()).await?;
    let mut seen = Vec::with_capacity(applied.len());
    for row in &applied {
        let number = row.int(0)?;
        let Some(known) = MIGRATIONS.iter().find(|migration| migration.number == number) else {
            return Err(OpenError::Newer { found: number, known: newest() });
        };
        if row.text(1)? != known.checksum(sqlite) {
            return Err(OpenError::Edited(number));
        }
        seen.push(number);
    }
    let Some(next) = MIGRATIONS.iter().find(|migration| !seen.contains(&migration.number)) else { return Ok(false) };
    tracing::info!(migration = next.name, "the database is brought up to date");
    tx.script(next.text(sqlite)).await?;
    record(tx, next, sqlite, now).await?;
    Ok(true)
}

async fn record(tx: &mut Tx, migration: &Migration, sqlite: bool, now: Millis) -> Outcome<()> {
    let row = args![migration.number, migration.name, migration.checksum(sqlite), now];
    tx.run(&engine::RECORD_MIGRATION, row).await.map(drop)
}

impl Migration {
    fn text(&self, sqlite: bool) -> &'static str {
        if sqlite { self.sqlite } else { self.postgres }
    }

    fn checksum(&self, sqlite: bool) -> String {
        Sha256::digest(self.text(sqlite)).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
