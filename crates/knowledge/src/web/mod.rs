//! Websites: which addresses are one page, what a site lets robots read, which pages a sitemap names.
//!
//! Whoever runs a website writes all of it, so every reader here has a limit on what it looks at, and takes what cannot be
//! understood for nothing.

pub mod address;
pub mod robots;
pub mod sitemap;

pub use address::Address;
pub use robots::Robots;
pub use sitemap::Sitemap;
