//! A whole server in which a browser test turns the clock, one line of stdin after the other.
//!
//! It prints one line of JSON when it listens: `url`, `chatbot`, and the `key` of the owner, Olga. `advance SECONDS` puts
//! its time forward and is answered by `advanced`. It ends with its stdin.
//!
//! Sofia, an agent, works there, too. Everybody's password is as [`Member::password`] says. Webhooks may go to `127.0.0.1`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::{outside::Openings, person::Role};
use ports::world::Clock;
use testkit::server::{Options, Place, TestServer};

#[tokio::main]
#[expect(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a tool of tests")]
async fn main() {
    let openings = Openings::read(["127.0.0.1"]).unwrap();
    // What waits for its time is left over when the test ends.
    let server = TestServer::start(Options { openings, leaves_jobs: true, ..Options::on(&Place::sqlite()) }).await;
    // Browsers have the time of the machine, and nothing is to look months old to them.
    #[expect(clippy::disallowed_methods, reason = "it is set by the machine's clock once")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    server.clock.stall(now - Duration::from_millis(server.clock.now().0.unsigned_abs()));
    server.add("Sofia", Role::Agent).await;
    let (url, chatbot, key) = (&server.public_url, server.chatbot(), server.owner().key);
    println!("{}", serde_json::json!({"url": url, "chatbot": chatbot.to_string(), "key": key}));
    // The server has threads of its own: this one may wait.
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let Some(seconds) = line.strip_prefix("advance ").and_then(|seconds| seconds.parse().ok()) else {
            panic!("this is no order: {line}");
        };
        server.clock.advance(Duration::from_secs(seconds));
        println!("advanced");
    }
    server.stop().await;
}
