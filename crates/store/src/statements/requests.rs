//! Calls that make something once.

super::statements! {
    /// Nothing is written when the key is there already.
    CLAIM = "insert into request_key (credential, route, key, fingerprint, made, at) values ($1, $2, $3, $4, $5, $6)
        on conflict (credential, route, key) do nothing";
    CLAIMED = "select fingerprint, made from request_key where credential = $1 and route = $2 and key = $3";
    /// Some of those that are older than $1.
    SWEEP_REQUEST_KEYS = "delete from request_key where (credential, route, key) in (
        select o.credential, o.route, o.key from request_key o where o.at <= $1 order by o.at limit 64)";
    /// This one, when it is older than $4.
    FORGET_REQUEST_KEY = "delete from request_key where credential = $1 and route = $2 and key = $3 and at <= $4";
}
