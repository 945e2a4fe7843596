//! The guard.

use std::{
    error::Error,
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use domain::outside::{Openings, Shut};
use ports::outside::{Call, NoReply, Outside, Reply};
use reqwest::{
    Client, Method, Response, Url,
    header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED, LOCATION},
    redirect::Policy,
};

use crate::reach::{Reach, ShutOut};

/// Longest time until a connection is there.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a connection is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(60);
/// Connections that are kept for one host.
const IDLE_PER_HOST: usize = 4;
/// What a page asks of robots.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
/// Longest description of a failure, in characters.
const WHY: usize = 200;

/// Decides how far each call may reach. It follows no redirect by itself, uses no proxy and unpacks nothing.
#[derive(Debug, Default)]
pub struct Guard {
    openings: Openings,
    public: OnceLock<Client>,
    opened: OnceLock<Client>,
    anywhere: OnceLock<Client>,
}

impl Guard {
    /// With the hosts that the operator has opened.
    pub fn new(openings: Openings) -> Arc<Self> {
        Arc::new(Self { openings, ..Self::default() })
    }

    /// The client to call an address with that somebody named in the desk.
    ///
    /// # Errors
    /// Why it is not called.
    pub fn client(&self, url: &str) -> Result<Client, NoReply> {
        let (_, reach) = self.look_at(url)?;
        self.with_reach(reach)
    }

    /// The client to call an address with that the operator of the server named.
    ///
    /// # Errors
    /// [`NoReply::Unreachable`] when this machine cannot make encrypted connections.
    pub fn operators(&self) -> Result<Client, NoReply> {
        self.with_reach(Reach::Anywhere)
    }

    /// What stands in an address, and how far a call of it may reach.
    fn look_at(&self, url: &str) -> Result<(Url, Reach), Shut> {
        let url = Url::parse(url).map_err(|_| Shut::Malformed)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Shut::Malformed)?;
        let port = url.port_or_known_default().ok_or(Shut::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Shut::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Shut::Credentials);
        }
        let reach = if self.openings.opens(host, port) { Reach::Opened } else { Reach::Public };
        // The resolver is never asked about a number.
        if let Ok(number) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            reach.admits(number)?;
        }
        Ok((url, reach))
    }

    fn with_reach(&self, reach: Reach) -> Result<Client, NoReply> {
        let made = match reach {
            Reach::Public => &self.public,
            Reach::Opened => &self.opened,
            Reach::Anywhere => &self.anywhere,
        };
        if let Some(client) = made.get() {
            return Ok(client.clone());
        }
        // Whoever came first has chosen the same one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .redirect(Policy::none())
            .no_proxy()
            .no_gzip()
            .dns_resolver(Arc::new(reach))
            .user_agent(concat!("Baton/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| NoReply::Unreachable(why(&error)))?;
        Ok(made.get_or_init(|| client).clone())
    }

    async fn send(&self, call: &Call) -> Result<Response, NoReply> {
        let (url, reach) = self.look_at(&call.url)?;
        let method = Method::from_bytes(call.method.as_bytes()).unwrap_or(Method::GET);
        let request = self.with_reach(reach)?.request(method, url).headers(headers(&call.headers)?);
        let request = request.body(call.body.clone().unwrap_or_default());
        request.send().await.map_err(|error| no_reply(&error))
    }

    async fn follow(&self, call: &Call) -> Result<Reply, NoReply> {
        let (mut url, mut reach) = self.look_at(&call.url)?;
        let origin = url.origin();
        let headers = headers(&call.headers)?;
        let method = Method::from_bytes(call.method.as_bytes()).unwrap_or(Method::GET);
        for _ in 0..=call.redirects {
            let mut request = self.with_reach(reach)?.request(method.clone(), url.clone());
            if url.origin() == origin {
                request = request.headers(headers.clone());
            }
            if let Some(body) = &call.body {
                request = request.body(body.clone());
            }
            let response = request.send().await.map_err(|error| no_reply(&error))?;
            match target(&response, &url) {
                // A body goes to the address that it was meant for, and to no other.
                Some(next) if call.redirects > 0 && call.body.is_none() => {
                    (url, reach) = self.look_at(next?.as_str())?
                }
                _ => return read(response, call.longest).await,
            }
        }
        Err(NoReply::Redirects)
    }
}

#[async_trait]
impl Outside for Guard {
    fn check(&self, url: &str) -> Result<(), Shut> {
        self.look_at(url).map(drop)
    }

    async fn call(&self, call: Call) -> Result<Reply, NoReply> {
        tokio::time::timeout(call.within, self.follow(&call)).await.unwrap_or(Err(NoReply::TimedOut))
    }

    async fn hand_over(&self, call: Call) -> Result<Reply, NoReply> {
        let mut reply = None;
        let handing = async {
            let response = self.send(&call).await?;
            let reply = reply.insert(head(&response));
            read_some(response, call.longest, &mut reply.body).await;
            Ok(())
        };
        match tokio::time::timeout(call.within, handing).await {
            Ok(Err(none)) => Err(none),
            // Whatever becomes of the rest: once there is a status it is the answer.
            _ => reply.ok_or(NoReply::TimedOut),
        }
    }
}

/// Where a response leads.
fn target(response: &Response, from: &Url) -> Option<Result<Url, Shut>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    Some(location.to_str().ok().and_then(|to| from.join(to).ok()).ok_or(Shut::Malformed))
}

fn headers(list: &[(String, String)]) -> Result<HeaderMap, NoReply> {
    let mut headers = HeaderMap::with_capacity(list.len());
    for (name, value) in list {
        let unfit = || NoReply::Unreachable(format!("the header {name} cannot be sent"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| unfit())?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}

/// Reads a body, and stops where it becomes too long.
async fn read(mut response: Response, longest: usize) -> Result<Reply, NoReply> {
    let mut reply = head(&response);
    if response.content_length().is_some_and(|length| length > longest as u64) {
        return Err(NoReply::TooLong(longest));
    }
    while let Some(part) = response.chunk().await.map_err(|error| no_reply(&error))? {
        if reply.body.len() + part.len() > longest {
            return Err(NoReply::TooLong(longest));
        }
        reply.body.extend_from_slice(&part);
    }
    Ok(reply)
}

/// What a response says before its body.
fn head(response: &Response) -> Reply {
    let header =
        |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // There may be several of it, each for another robot.
    let robots = response.headers().get_all(ROBOTS).iter().filter_map(|value| value.to_str().ok());
    let robots = robots.collect::<Vec<_>>().join("\n");
    Reply {
        content_type: header(CONTENT_TYPE),
        location: target(response, response.url()).and_then(Result::ok).map(|to| to.to_string()),
        etag: header(ETAG),
        last_modified: header(LAST_MODIFIED),
        robots: (!robots.is_empty()).then_some(robots),
        ..Reply::of(response.status().as_u16(), response.url().to_string())
    }
}

/// Reads the beginning of a body.
async fn read_some(mut response: Response, longest: usize, body: &mut Vec<u8>) {
    while let Ok(Some(part)) = response.chunk().await {
        let room = longest - body.len();
        body.extend_from_slice(part.get(..room).unwrap_or(&part));
        if body.len() >= longest {
            return;
        }
    }
}

/// What a failure of a [`Client`] of the guard means.
pub fn no_reply(error: &(dyn Error + 'static)) -> NoReply {
    let mut cause = Some(error);
    while let Some(one) = cause {
        if let Some(ShutOut(shut)) = one.downcast_ref::<ShutOut>() {
            return NoReply::Shut(*shut);
        }
        if one.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout) {
            return NoReply::TimedOut;
        }
        // What such an error holds is not among its causes.
        let held = one.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if one.is::<rustls::Error>() || held.is_some_and(|held| held.is::<rustls::Error>()) {
            return NoReply::Insecure(why(error));
        }
        cause = one.source();
    }
    NoReply::Unreachable(why(error))
}

/// The last cause says what happened; those before it say where.
fn why(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string().chars().take(WHY).collect()
}
