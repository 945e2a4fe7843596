//! What only the inside of the crate can show. The promises of the traits are in `tests/`.

mod prepare;
