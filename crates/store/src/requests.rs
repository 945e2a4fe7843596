//! Calls that make something once: see [`ports::requests`].

use ports::requests::{Creation, KEPT_MS, RequestKey};
use uuid::Uuid;

use crate::{failure::Outcome, statements::requests as sql, tx::Tx, value::args};

/// Takes a key for what is about to be made under this id, in the transaction that makes it.
///
/// Anything but [`Creation::Made`] means that it must not be made. On PostgreSQL a second call waits here until the
/// first one's transaction has ended.
pub(crate) async fn claim(tx: &mut Tx, request: &RequestKey, made: Uuid) -> Outcome<Creation> {
    let RequestKey { credential, route, key, fingerprint, at } = request;
    let (credential, route, key) = (credential.as_str(), route.as_str(), key.as_str());
    let ended = at.plus(-KEPT_MS);
    tx.run(&sql::FORGET_REQUEST_KEY, args![credential, route, key, ended]).await?;
    tx.run(&sql::SWEEP_REQUEST_KEYS, args![ended]).await?;
    let claimed = tx.run(&sql::CLAIM, args![credential, route, key, fingerprint.as_str(), made, *at]).await?;
    if claimed == 1 {
        return Ok(Creation::Made);
    }
    let before = tx.one(&sql::CLAIMED, args![credential, route, key]).await?;
    Ok(if before.text(0)? == fingerprint { Creation::MadeBefore(before.id(1)?) } else { Creation::KeyReused })
}

/// Gives a key back that was taken in this transaction for what was not made after all.
pub(crate) async fn forget(tx: &mut Tx, request: &RequestKey) -> Outcome<()> {
    let RequestKey { credential, route, key, at, .. } = request;
    let args = args![credential.as_str(), route.as_str(), key.as_str(), *at];
    tx.run(&sql::FORGET_REQUEST_KEY, args).await.map(drop)
}
