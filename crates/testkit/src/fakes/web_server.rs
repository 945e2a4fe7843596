//! Somebody else's web server, which answers what the test says, piece by piece.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::sync::CancellationToken;

/// How long a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A piece of an answer.
#[derive(Debug, Clone)]
enum Step {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing until the test says so.
    Wait(CancellationToken),
    /// Nothing more, and the connection stays.
    Hang,
    /// These bytes again and again, for as long as somebody reads them.
    Endless(Vec<u8>),
    /// The connection is gone.
    Cut,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer(Vec<Step>);

impl Answer {
    /// Nothing at all, not even a head.
    pub fn nothing() -> Self {
        Self(Vec::new())
    }

    /// A whole answer.
    pub fn of(status: u16, content_type: &str, body: &str) -> Self {
        Self::with(status, &[("content-type", content_type), ("content-length", &body.len().to_string())]).raw(body)
    }

    /// The head of an answer.
    pub fn with(status: u16, headers: &[(&str, &str)]) -> Self {
        let mut head = format!("HTTP/1.1 {status} Status\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        Self(vec![Step::Bytes(format!("{head}\r\n").into_bytes())])
    }

    /// Leads elsewhere.
    pub fn redirect(to: &str) -> Self {
        Self::with(302, &[("location", to), ("content-length", "0")])
    }

    /// The head of an answer that comes in pieces.
    pub fn stream(content_type: &str) -> Self {
        Self::with(200, &[("content-type", content_type), ("transfer-encoding", "chunked")])
    }

    /// A page.
    pub fn page(html: &str) -> Self {
        Self::of(200, "text/html; charset=utf-8", html)
    }

    /// A whole answer that is no text.
    pub fn bytes(content_type: &str, body: &[u8]) -> Self {
        let length = body.len().to_string();
        let mut answer = Self::with(200, &[("content-type", content_type), ("content-length", &length)]);
        answer.0.push(Step::Bytes(body.to_vec()));
        answer
    }

    /// Bytes as they are.
    #[must_use]
    pub fn raw(mut self, text: &str) -> Self {
        self.0.push(Step::Bytes(text.as_bytes().to_vec()));
        self
    }

    /// A piece of a stream.
    #[must_use]
    pub fn piece(self, text: &str) -> Self {
        self.raw(&format!("{:x}\r\n{text}\r\n", text.len()))
    }

    /// Events of a stream, each in a piece of its own.
    #[must_use]
    pub fn events(self, events: &[&str]) -> Self {
        events.iter().fold(self, |answer, event| answer.piece(&format!("data: {event}\n\n")))
    }

    /// The end of a stream.
    #[must_use]
    pub fn end(self) -> Self {
        self.raw("0\r\n\r\n")
    }

    /// Nothing comes until the test says so.
    #[must_use]
    pub fn waits(mut self, until: &CancellationToken) -> Self {
        self.0.push(Step::Wait(until.clone()));
        self
    }

    /// Nothing more comes.
    #[must_use]
    pub fn hangs(mut self) -> Self {
        self.0.push(Step::Hang);
        self
    }

    /// A piece of a stream again and again, until nobody reads any more.
    #[must_use]
    pub fn endless(mut self, text: &str) -> Self {
        self.0.push(Step::Endless(format!("{:x}\r\n{text}\r\n", text.len()).into_bytes()));
        self
    }

    /// The connection breaks.
    #[must_use]
    pub fn cut(mut self) -> Self {
        self.0.push(Step::Cut);
        self
    }
}

/// What was asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// The first line: method, path, version.
    pub line: String,
    /// The headers, as they were sent.
    pub headers: String,
    /// The body.
    pub body: String,
}

impl Request {
    /// The path with its query.
    pub fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// A header by its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What stands behind a path, for those that are made up as they are asked for.
type Anywhere = Arc<dyn Fn(&str) -> Option<Answer> + Send + Sync>;

/// What stands behind each path.
#[derive(Default)]
struct Pages {
    named: HashMap<String, Answer>,
    anywhere: Option<Anywhere>,
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.named.keys()).finish()
    }
}

impl Pages {
    fn of(&self, path: &str) -> Option<Answer> {
        self.named.get(path).cloned().or_else(|| self.anywhere.as_ref()?(path))
    }
}

#[derive(Debug)]
struct Inner {
    answers: Mutex<(VecDeque<Answer>, Answer)>,
    pages: Mutex<Pages>,
    requests: watch::Sender<Vec<Request>>,
}

/// A web server. It is gone with its last clone.
#[derive(Debug, Clone)]
pub struct WebServer {
    /// Where it listens.
    pub address: SocketAddr,
    inner: Arc<Inner>,
    _stop: Arc<tokio_util::sync::DropGuard>,
}

impl WebServer {
    /// Starts one that has nothing but 404.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let answers = Mutex::new((VecDeque::new(), Answer::of(404, "text/plain", "nothing")));
        let inner = Arc::new(Inner { answers, pages: Mutex::default(), requests: watch::Sender::new(Vec::new()) });
        let stop = CancellationToken::new();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, Arc::clone(&inner), stop.clone()));
        Self { address, inner, _stop: Arc::new(stop.drop_guard()) }
    }

    /// Its address with a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What it answers to calls of a path, with its query, from now on.
    pub fn at(&self, path: &str, answer: Answer) {
        self.inner.pages.lock().named.insert(path.to_owned(), answer);
    }

    /// What it answers to calls of paths that nothing was said of.
    pub fn anywhere(&self, answer: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static) {
        self.inner.pages.lock().anywhere = Some(Arc::new(answer));
    }

    /// The paths that were called so far, in order.
    pub fn paths(&self) -> Vec<String> {
        self.inner.requests.borrow().iter().map(|request| request.path().to_owned()).collect()
    }

    /// Comes back when a path has been called so often.
    pub async fn called(&self, path: &str, times: usize) {
        let mut requests = self.inner.requests.subscribe();
        let enough = |all: &Vec<Request>| all.iter().filter(|request| request.path() == path).count() >= times;
        let found = tokio::time::timeout(PATIENCE, requests.wait_for(enough)).await;
        drop(found.unwrap_or_else(|_| panic!("{path} was not called {times} times")).unwrap());
    }

    /// What it answers from now on, unless something is queued.
    pub fn always(&self, answer: Answer) {
        self.inner.answers.lock().1 = answer;
    }

    /// What it answers to the next request that has no answer yet.
    pub fn then(&self, answer: Answer) {
        self.inner.answers.lock().0.push_back(answer);
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.inner.requests.borrow().clone()
    }

    /// The request of this number, from 0, once it comes.
    pub async fn request(&self, number: usize) -> Request {
        let mut requests = self.inner.requests.subscribe();
        let found = tokio::time::timeout(PATIENCE, requests.wait_for(|requests| requests.len() > number)).await;
        found.unwrap_or_else(|_| panic!("no request {number} came")).unwrap()[number].clone()
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>, stop: CancellationToken) {
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted.unwrap().0,
        };
        let (inner, stop) = (Arc::clone(&inner), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                // Whoever called may go away at any time.
                _ = answer(stream, &inner) => {}
            }
        });
    }
}

async fn answer(mut stream: TcpStream, inner: &Inner) -> std::io::Result<()> {
    let Some(request) = read(&mut stream).await? else { return Ok(()) };
    let page = inner.pages.lock().of(request.path());
    let answer = page.unwrap_or_else(|| {
        let mut answers = inner.answers.lock();
        let always = answers.1.clone();
        answers.0.pop_front().unwrap_or(always)
    });
    inner.requests.send_modify(|requests| requests.push(request));
    for step in answer.0 {
        match step {
            Step::Bytes(bytes) => stream.write_all(&bytes).await?,
            Step::Wait(until) => until.cancelled().await,
            Step::Hang => std::future::pending().await,
            Step::Endless(bytes) => loop {
                stream.write_all(&bytes).await?;
            },
            Step::Cut => return Ok(()),
        }
        stream.flush().await?;
    }
    stream.shutdown().await
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let (line, headers) = head.split_once("\r\n").unwrap_or((&head, ""));
    let mut request = Request { line: line.to_owned(), headers: headers.to_owned(), body: String::new() };
    let length: usize = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    request.body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
    Ok(Some(request))
}
