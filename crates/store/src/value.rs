//! The values that go into statements and come out of them: text, bigint and bytes, nothing else, on both engines.

use std::{fmt::Display, str::FromStr};

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};

use crate::failure::{Failure, Outcome};

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    /// Anything that prints as its stored form: ids above all.
    pub(crate) fn id(id: impl Display) -> Self {
        Self::Text(id.to_string())
    }

    /// A value as JSON.
    pub(crate) fn json(value: &impl serde::Serialize) -> Outcome<Self> {
        Ok(Self::Text(serde_json::to_string(value)?))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<domain::Millis> for Value {
    fn from(value: domain::Millis) -> Self {
        Self::Int(value.0)
    }
}

impl From<String> for Value {
    fn from(mut value: String) -> Self {
        // PostgreSQL cannot store NUL in a text; so that both engines keep the same, neither does.
        if value.contains('\0') {
            value.retain(|c| c != '\0');
        }
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::from(value.to_owned())
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<[u8; 32]> for Value {
    fn from(value: [u8; 32]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids {
    ($($id:ty),*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::id(id)
            }
        }
    )*};
}
ids!(
    domain::AgentId,
    domain::CannedReplyId,
    domain::ChatbotId,
    domain::ConversationId,
    domain::FileId,
    domain::LabMessageId,
    domain::LabRunId,
    domain::LabelId,
    domain::PersonId,
    domain::SourceId,
    domain::VisitorId,
    domain::WorkspaceId,
    uuid::Uuid
);

impl From<ports::Scope> for Value {
    fn from(scope: ports::Scope) -> Self {
        scope.workspace().into()
    }
}

/// The arguments of a statement, each turned into a [`Value`].
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Value::from($value)),*] };
}
pub(crate) use args;

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput::Borrowed, ValueRef};
        Ok(Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let fits = matches!(
            (self, ty),
            (Self::Null, _)
                | (Self::Int(_), &Type::INT8)
                | (Self::Text(_), &Type::TEXT)
                | (Self::Bytes(_), &Type::BYTEA)
        );
        if !fits {
            return Err(format!("a parameter is {ty}, but the value is another type").into());
        }
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(int) => int.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row(Vec<Value>);

/// Why a column could not be read.
#[derive(Debug, thiserror::Error)]
#[error("column {column} holds {found}, not {wanted}")]
struct Unexpected {
    column: usize,
    found: &'static str,
    wanted: &'static str,
}

impl Row {
    pub(crate) fn from_sqlite(row: &rusqlite::Row<'_>, columns: usize) -> Outcome<Self> {
        use rusqlite::types::ValueRef;
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(int) => Value::Int(int),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Text(text) => match std::str::from_utf8(text) {
                    Ok(text) => Value::Text(text.to_owned()),
                    Err(error) => return Err(Failure::broken("a stored text is not UTF-8", error)),
                },
                ValueRef::Real(_) => return Err(unexpected(column, "a fraction", "text, bigint or bytes")),
            });
        }
        Ok(Self(values))
    }

    pub(crate) fn from_postgres(row: &tokio_postgres::Row) -> Outcome<Self> {
        let value = |(i, column): (usize, &tokio_postgres::Column)| {
            Ok(match *column.type_() {
                Type::INT8 => row.try_get::<_, Option<i64>>(i)?.into(),
                Type::TEXT => row.try_get::<_, Option<String>>(i)?.map_or(Value::Null, Value::Text),
                Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i)?.map_or(Value::Null, Value::Bytes),
                _ => return Err(unexpected(i, "another type", "text, bigint or bytea")),
            })
        };
        row.columns().iter().enumerate().map(value).collect::<Outcome<_>>().map(Self)
    }

    pub(crate) fn int(&self, column: usize) -> Outcome<i64> {
        self.maybe_int(column)?.ok_or_else(|| unexpected(column, "nothing", "a bigint"))
    }

    pub(crate) fn maybe_int(&self, column: usize) -> Outcome<Option<i64>> {
        match self.0.get(column) {
            Some(Value::Int(int)) => Ok(Some(*int)),
            Some(Value::Null) => Ok(None),
            _ => Err(unexpected(column, "another type", "a bigint")),
        }
    }

    pub(crate) fn text(&self, column: usize) -> Outcome<&str> {
        self.maybe_text(column)?.ok_or_else(|| unexpected(column, "nothing", "a text"))
    }

    pub(crate) fn maybe_text(&self, column: usize) -> Outcome<Option<&str>> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(unexpected(column, "another type", "a text")),
        }
    }

    pub(crate) fn bytes(&self, column: usize) -> Outcome<&[u8]> {
        self.maybe_bytes(column)?.ok_or_else(|| unexpected(column, "nothing", "bytes"))
    }

    pub(crate) fn maybe_bytes(&self, column: usize) -> Outcome<Option<&[u8]>> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Value::Null) => Ok(None),
            _ => Err(unexpected(column, "another type", "bytes")),
        }
    }

    /// An id.
    pub(crate) fn id<T: FromStr>(&self, column: usize) -> Outcome<T> {
        self.text(column)?.parse().map_err(|_| unexpected(column, "another text", "an id"))
    }

    /// An id, if there is one.
    pub(crate) fn maybe_id<T: FromStr>(&self, column: usize) -> Outcome<Option<T>> {
        self.maybe_text(column)?
            .map(|text| text.parse().map_err(|_| unexpected(column, "another text", "an id")))
            .transpose()
    }

    /// A name that `named` knows.
    pub(crate) fn named<T>(&self, column: usize, named: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        named(self.text(column)?).ok_or_else(|| unexpected(column, "an unknown name", "a known one"))
    }

    /// A value stored as JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Outcome<T> {
        Ok(serde_json::from_str(self.text(column)?)?)
    }

    /// A time.
    pub(crate) fn time(&self, column: usize) -> Outcome<domain::Millis> {
        self.int(column).map(domain::Millis)
    }

    /// A number that is never negative.
    pub(crate) fn count(&self, column: usize) -> Outcome<u64> {
        u64::try_from(self.int(column)?).map_err(|_| unexpected(column, "a negative number", "a count"))
    }
}

fn unexpected(column: usize, found: &'static str, wanted: &'static str) -> Failure {
    Failure::broken("a stored row has an unexpected form", Unexpected { column, found, wanted })
}
