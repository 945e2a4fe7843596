//! Every SQL statement, one text for both engines.
//!
//! - Placeholders are `$1`, `$2` ...; types are text, bigint and bytes.
//! - The common subset: no `now()`, no `ILIKE`, no `= ANY`, JSON kept as text, `ON CONFLICT .. RETURNING` is fine.
//! - The few that need a text for each engine say `sqlite .., postgres ..` and why.
//! - A [`Family`] is one statement for 1, 4, 16 or 64 rows at a time: a batch of 23 takes three round trips, not 23.
//!
//! `tests::prepare` prepares all of them on both engines and compares parameters, column names and types.

pub(crate) mod accounts;
pub(crate) mod ai_models;
pub(crate) mod calls;
pub(crate) mod cards;
pub(crate) mod chatbots;
pub(crate) mod conversations;
pub(crate) mod engine;
pub(crate) mod files;
pub(crate) mod find;
pub(crate) mod identities;
pub(crate) mod jobs;
pub(crate) mod knowledge;
pub(crate) mod lab;
pub(crate) mod labels;
pub(crate) mod lessons;
pub(crate) mod life;
pub(crate) mod notes;
pub(crate) mod numbers;
pub(crate) mod passages;
pub(crate) mod push;
pub(crate) mod queue;
pub(crate) mod requests;
pub(crate) mod routing;
pub(crate) mod tags;
pub(crate) mod team;
pub(crate) mod vectors;
pub(crate) mod visitor_mail;
pub(crate) mod webhooks;
pub(crate) mod websites;
pub(crate) mod writing;

use std::{borrow::Cow, sync::OnceLock};

use crate::value::Value;

/// One statement.
#[derive(Debug)]
pub(crate) struct Statement {
    name: &'static str,
    sqlite: Cow<'static, str>,
    postgres: Cow<'static, str>,
    /// `$1` names a parameter in SQLite but does not number it, so that `$2 .. $1` would be bound the wrong way round.
    numbered: OnceLock<String>,
}

impl Statement {
    pub(crate) const fn new(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite: Cow::Borrowed(sqlite), postgres: Cow::Borrowed(postgres), numbered: OnceLock::new() }
    }

    /// The constant's name.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The text for SQLite; empty when that engine does not need the statement.
    pub(crate) fn sqlite(&self) -> &str {
        self.numbered.get_or_init(|| self.sqlite.replace('$', "?"))
    }

    /// The text for PostgreSQL; empty when that engine does not need the statement.
    pub(crate) fn postgres(&self) -> &str {
        &self.postgres
    }
}

/// A statement with its arguments.
pub(crate) struct Call {
    pub(crate) statement: &'static Statement,
    pub(crate) args: Vec<Value>,
}

impl Call {
    pub(crate) fn new(statement: &'static Statement, args: Vec<Value>) -> Self {
        Self { statement, args }
    }
}

/// How many rows the members of a family take, greatest first.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// One statement for several numbers of rows.
#[derive(Debug)]
pub(crate) struct Family {
    name: &'static str,
    /// Before and after `(..), (..)`.
    head: &'static str,
    tail: &'static str,
    /// What PostgreSQL needs after it: row locks, which SQLite does not have.
    postgres_tail: &'static str,
    columns: usize,
    members: OnceLock<[Statement; SIZES.len()]>,
}

impl Family {
    pub(crate) const fn new(
        name: &'static str,
        columns: usize,
        head: &'static str,
        tail: &'static str,
        postgres_tail: &'static str,
    ) -> Self {
        Self { name, head, tail, postgres_tail, columns, members: OnceLock::new() }
    }

    pub(crate) fn members(&self) -> &[Statement; SIZES.len()] {
        self.members.get_or_init(|| SIZES.map(|rows| self.member(rows)))
    }

    fn member(&self, rows: usize) -> Statement {
        let mut text = String::from(self.head);
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.columns {
                let number = row * self.columns + column + 1;
                text.push_str(&if column == 0 { format!("${number}") } else { format!(", ${number}") });
            }
            text.push(')');
        }
        text.push_str(self.tail);
        let postgres = format!("{text}{}", self.postgres_tail);
        Statement {
            name: self.name,
            sqlite: Cow::Owned(text),
            postgres: Cow::Owned(postgres),
            numbered: OnceLock::new(),
        }
    }

    /// The calls for so many rows, in order.
    pub(crate) fn calls(&'static self, rows: Vec<Vec<Value>>) -> Vec<Call> {
        let mut calls = Vec::with_capacity(rows.len() / SIZES[0] + SIZES.len());
        let mut rest = rows.into_iter();
        for (member, size) in self.members().iter().zip(SIZES) {
            while rest.len() >= size {
                let args: Vec<Value> = rest.by_ref().take(size).flatten().collect();
                debug_assert_eq!(args.len(), size * self.columns, "{}", self.name);
                calls.push(Call::new(member, args));
            }
        }
        calls
    }
}

/// What every list, count and search of conversations says: a rehearsal is nobody else's business. `tests::rehearsals` looks
/// for it in every statement that reads conversations, but for those that it names with a reason.
macro_rules! no_rehearsal {
    ($alias:literal) => {
        concat!($alias, ".rehearsal_of is null")
    };
}
pub(crate) use no_rehearsal;

/// Declares statements and lists them in `ALL`, and families in `FAMILIES`.
macro_rules! statements {
    (
        $($(#[$doc:meta])* $name:ident = $text:expr $(, postgres $postgres:expr)?;)*
        $(@families $($(#[$fdoc:meta])* $family:ident ($columns:literal) = $head:expr, $tail:expr $(, postgres $ptail:expr)?;)*)?
    ) => {
        $($(#[$doc])* pub(crate) static $name: $crate::statements::Statement = $crate::statements::Statement::new(
            stringify!($name), $text, $crate::statements::either!($text $(, $postgres)?),
        );)*
        $($($(#[$fdoc])* pub(crate) static $family: $crate::statements::Family = $crate::statements::Family::new(
            stringify!($family), $columns, $head, $tail, $crate::statements::either!("" $(, $ptail)?),
        );)*)?
        /// All of them.
        #[cfg(test)]
        pub(crate) static ALL: &[&$crate::statements::Statement] = &[$(&$name),*];
        /// All of them.
        #[cfg(test)]
        pub(crate) static FAMILIES: &[&$crate::statements::Family] = &[$($(&$family),*)?];
    };
}
pub(crate) use statements;

/// The second if there is one, else the first.
macro_rules! either {
    ($first:expr) => {
        $first
    };
    ($first:expr, $second:expr) => {
        $second
    };
}
pub(crate) use either;

/// Every statement there is.
#[cfg(test)]
pub(crate) fn all() -> Vec<&'static Statement> {
    let single = [
        accounts::ALL,
        ai_models::ALL,
        calls::ALL,
        cards::ALL,
        chatbots::ALL,
        conversations::ALL,
        engine::ALL,
        files::ALL,
        find::ALL,
        identities::ALL,
        jobs::ALL,
        knowledge::ALL,
        lab::ALL,
        labels::ALL,
        lessons::ALL,
        life::ALL,
        notes::ALL,
        numbers::ALL,
        passages::ALL,
        push::ALL,
        queue::ALL,
        requests::ALL,
        routing::ALL,
        team::ALL,
        vectors::ALL,
        visitor_mail::ALL,
        webhooks::ALL,
        websites::ALL,
        tags::ALL,
        writing::ALL,
    ]
    .concat();
    let families = [
        accounts::FAMILIES,
        ai_models::FAMILIES,
        calls::FAMILIES,
        cards::FAMILIES,
        chatbots::FAMILIES,
        conversations::FAMILIES,
        engine::FAMILIES,
        files::FAMILIES,
        find::FAMILIES,
        identities::FAMILIES,
        jobs::FAMILIES,
        knowledge::FAMILIES,
        lab::FAMILIES,
        labels::FAMILIES,
        lessons::FAMILIES,
        notes::FAMILIES,
        numbers::FAMILIES,
        passages::FAMILIES,
        tags::FAMILIES,
        push::FAMILIES,
        queue::FAMILIES,
        life::FAMILIES,
        requests::FAMILIES,
        routing::FAMILIES,
        team::FAMILIES,
        vectors::FAMILIES,
        visitor_mail::FAMILIES,
        webhooks::FAMILIES,
        websites::FAMILIES,
        writing::FAMILIES,
    ]
    .concat();
    single.into_iter().chain(families.into_iter().flat_map(|family| family.members())).collect()
}
