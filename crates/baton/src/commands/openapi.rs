//! `baton openapi`: the document that the TypeScript types are made from.

use anyhow::Context;

pub(super) fn run() -> anyhow::Result<()> {
    super::print(baton_http::openapi().to_pretty_json().context("writing the OpenAPI document")?);
    Ok(())
}
