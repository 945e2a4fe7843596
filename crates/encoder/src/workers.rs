//! A model on threads of its own, so that it takes no time from those that carry messages.

use std::{collections::VecDeque, sync::Arc};

use async_trait::async_trait;
use parking_lot::{Condvar, Mutex};
use ports::embeddings::{EmbedError, Embedder, Purpose};
use tokio::sync::oneshot;

use crate::{Model, ModelFileError};

/// Requests of one kind that may wait; what comes then is told that the model is busy.
const MOST_WAITING: usize = 512;
/// Texts that go through the network together: enough to read the weights once for many, and few enough that a
/// visitor's message which comes meanwhile does not wait long.
const BATCH: usize = 8;

/// Characters of a document that go through the network together, beyond its first text: between two such slices a visitor's
/// message goes in between, and that takes as long as one slice, some tenths of a second.
const SLICE_CHARS: usize = 1_200;

/// Opens the model; called at the first request.
type Load = Box<dyn Fn() -> Result<Arc<dyn Model>, ModelFileError> + Send + Sync>;
type Vectors = Result<Vec<Vec<f32>>, EmbedError>;

struct Request {
    texts: Vec<String>,
    answer: oneshot::Sender<Vectors>,
}

#[derive(Default)]
struct Queues {
    /// Somebody waits for these: they go first.
    queries: VecDeque<Request>,
    passages: VecDeque<Request>,
    closed: bool,
}

struct Shared {
    queues: Mutex<Queues>,
    wake: Condvar,
    load: Load,
    model: Mutex<Option<Arc<dyn Model>>>,
}

/// Threads that run one model.
pub struct Workers {
    name: &'static str,
    shared: Arc<Shared>,
}

impl Workers {
    /// Starts `threads` of them, at least one. They end when this is dropped. The model is opened by `load` at the first
    /// request, and again at the next one when that failed.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start<M: Model>(
        name: &'static str,
        load: impl Fn() -> Result<M, ModelFileError> + Send + Sync + 'static,
        threads: usize,
    ) -> Result<Self, ModelFileError> {
        let load: Load = Box::new(move || Ok(Arc::new(load()?)));
        let shared = Arc::new(Shared { queues: Mutex::default(), wake: Condvar::new(), load, model: Mutex::default() });
        for number in 0..threads.max(1) {
            // A pool of one: the arithmetic splits its work over the pool that it runs in, and messages are better
            // worked off side by side than each on every core.
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(1)
                .thread_name(move |_| format!("{name}-{number}"))
                .build()
                .map_err(|e| ModelFileError::Unreadable(std::io::Error::other(e)))?;
            let shared = shared.clone();
            // Where there are several, one of them is always there for whoever waits.
            let takes: &[Purpose] =
                if number == 0 && threads > 1 { &[Purpose::Query] } else { &[Purpose::Query, Purpose::Passage] };
            pool.spawn(move || shared.work(takes));
        }
        Ok(Self { name, shared })
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.shared.queues.lock().closed = true;
        self.shared.wake.notify_all();
    }
}

#[async_trait]
impl Embedder for Workers {
    fn model(&self) -> &str {
        self.name
    }

    async fn embed(&self, purpose: Purpose, texts: Vec<String>) -> Vectors {
        let (answer, vectors) = oneshot::channel();
        {
            let mut queues = self.shared.queues.lock();
            let queue = match purpose {
                Purpose::Query => &mut queues.queries,
                Purpose::Passage => &mut queues.passages,
            };
            // Whoever went away in the meantime takes no place.
            queue.retain(|request| !request.answer.is_closed());
            if queue.len() >= MOST_WAITING {
                return Err(EmbedError::Busy);
            }
            queue.push_back(Request { texts, answer });
        }
        // Not one of them: the one that wakes may be the one that takes no documents.
        self.shared.wake.notify_all();
        vectors.await.unwrap_or_else(|_| Err(EmbedError::Unavailable("its thread has ended".to_owned())))
    }
}

impl Shared {
    fn work(&self, takes: &[Purpose]) {
        while let Some((purpose, requests)) = self.next(takes) {
            match self.model() {
                Ok(model) => self.answer(model.as_ref(), purpose, requests),
                Err(error) => {
                    tracing::error!(%error, "the embedding model cannot be opened");
                    for request in requests {
                        let _gone = request.answer.send(Err(EmbedError::Unavailable(error.to_string())));
                    }
                }
            }
        }
    }

    fn model(&self) -> Result<Arc<dyn Model>, ModelFileError> {
        let mut model = self.model.lock();
        if model.is_none() {
            *model = Some((self.load)()?);
        }
        model.clone().ok_or_else(|| ModelFileError::Damaged("it was not opened".to_owned()))
    }

    /// Waits for work; `None` when there will be none.
    fn next(&self, takes: &[Purpose]) -> Option<(Purpose, Vec<Request>)> {
        let mut queues = self.queues.lock();
        loop {
            if queues.closed {
                return None;
            }
            for &purpose in takes {
                let queue = match purpose {
                    Purpose::Query => &mut queues.queries,
                    Purpose::Passage => &mut queues.passages,
                };
                let mut batch = Vec::new();
                let mut texts = 0;
                while let Some(request) = queue.front()
                    && (batch.is_empty() || texts + request.texts.len() <= BATCH)
                {
                    texts += request.texts.len();
                    batch.extend(queue.pop_front());
                }
                if !batch.is_empty() {
                    return Some((purpose, batch));
                }
            }
            self.wake.wait(&mut queues);
        }
    }

    /// Runs the model in slices and hands the vectors out. A passage's slices give way to a visitor's message.
    fn answer(&self, model: &dyn Model, purpose: Purpose, requests: Vec<Request>) {
        let texts: Vec<String> = requests.iter().flat_map(|request| request.texts.iter().cloned()).collect();
        let mut vectors = Vec::with_capacity(texts.len());
        let mut failure = None;
        let mut rest = &texts[..];
        while let Some((slice, after)) =
            rest.split_at_checked(slice_of(purpose, rest)).filter(|(slice, _)| !slice.is_empty())
        {
            rest = after;
            if purpose == Purpose::Passage {
                let urgent = {
                    let mut queues = self.queues.lock();
                    std::mem::take(&mut queues.queries)
                };
                if !urgent.is_empty() {
                    self.answer(model, Purpose::Query, urgent.into());
                }
            }
            match model.embed(purpose, slice) {
                Ok(more) => vectors.extend(more),
                Err(error) => {
                    tracing::error!(error = %error, "embedding failed");
                    failure = Some(error.to_string());
                    break;
                }
            }
        }
        let mut vectors = vectors.into_iter();
        for request in requests {
            let answer = match &failure {
                Some(why) => Err(EmbedError::Unavailable(why.clone())),
                None => Ok(vectors.by_ref().take(request.texts.len()).collect()),
            };
            // Nobody waits any more where this fails.
            let _gone = request.answer.send(answer);
        }
    }
}

/// How many of these texts go through the network together.
fn slice_of(purpose: Purpose, texts: &[String]) -> usize {
    let mut chars = 0;
    let fits = texts.iter().take(BATCH).take_while(|text| {
        chars += text.chars().count();
        purpose == Purpose::Query || chars <= SLICE_CHARS
    });
    // One text is never cut.
    fits.count().max(1).min(texts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text's vector is its length; remembers in which order texts were taken. Waits for a permit per call.
    struct Lengths {
        seen: Arc<Mutex<Vec<String>>>,
        permits: Mutex<std::sync::mpsc::Receiver<()>>,
    }

    impl Model for Lengths {
        fn embed(&self, _purpose: Purpose, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelFileError> {
            let permit = self.permits.lock().recv();
            permit.map_err(|_| ModelFileError::Damaged("no permit".to_owned()))?;
            self.seen.lock().extend(texts.iter().cloned());
            Ok(texts.iter().map(|text| vec![text.len() as f32]).collect())
        }
    }

    fn workers() -> (Arc<Mutex<Vec<String>>>, std::sync::mpsc::SyncSender<()>, Workers) {
        let (permit, permits) = std::sync::mpsc::sync_channel(64);
        let seen = Arc::new(Mutex::default());
        let parts = Mutex::new(Some(Lengths { seen: Arc::clone(&seen), permits: Mutex::new(permits) }));
        let load = move || parts.lock().take().ok_or_else(|| ModelFileError::Damaged("opened twice".to_owned()));
        (seen, permit, Workers::start("lengths", load, 1).unwrap())
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[tokio::test]
    async fn each_request_gets_its_own_vectors() {
        let (_, permit, workers) = workers();
        for _ in 0..3 {
            permit.send(()).unwrap();
        }
        let (a, b, none) = tokio::join!(
            workers.embed(Purpose::Query, texts(&["a", "bb"])),
            workers.embed(Purpose::Passage, texts(&["ccc"])),
            workers.embed(Purpose::Query, Vec::new()),
        );
        assert_eq!(a.unwrap(), [[1.0], [2.0]]);
        assert_eq!(b.unwrap(), [[3.0]]);
        assert!(none.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_visitor_goes_before_the_rest_of_a_document() {
        let (seen, permit, workers) = workers();
        let document: Vec<String> = (0..2 * BATCH).map(|n| format!("passage {n}")).collect();
        let mut indexing = Box::pin(workers.embed(Purpose::Passage, document));
        let mut asking = Box::pin(workers.embed(Purpose::Query, texts(&["a visitor"])));
        assert!(futures_util::poll!(&mut indexing).is_pending());
        // The model has taken the first slice, or will take the visitor's message first of all.
        assert!(futures_util::poll!(&mut asking).is_pending());
        for _ in 0..3 {
            permit.send(()).unwrap();
        }
        assert_eq!(asking.await.unwrap(), [[9.0]]);
        assert_eq!(indexing.await.unwrap().len(), 2 * BATCH);
        let place = seen.lock().iter().position(|text| text == "a visitor").unwrap();
        assert!(place <= BATCH, "it stood at {place}");
    }

    #[tokio::test]
    async fn a_visitor_goes_before_the_rest_of_a_few_long_passages() {
        let (seen, permit, workers) = workers();
        // As many as are sent at once, and so long that they would take seconds together.
        let document: Vec<String> = (0..BATCH).map(|n| format!("{n} ").repeat(SLICE_CHARS / 3)).collect();
        let mut indexing = Box::pin(workers.embed(Purpose::Passage, document));
        let mut asking = Box::pin(workers.embed(Purpose::Query, texts(&["a visitor"])));
        assert!(futures_util::poll!(&mut indexing).is_pending());
        assert!(futures_util::poll!(&mut asking).is_pending());
        for _ in 0..=BATCH {
            permit.send(()).unwrap();
        }
        assert_eq!(asking.await.unwrap(), [[9.0]]);
        assert_eq!(indexing.await.unwrap().len(), BATCH);
        let place = seen.lock().iter().position(|text| text == "a visitor").unwrap();
        assert!(place <= 1, "it stood at {place}");
    }

    #[tokio::test]
    async fn one_of_several_threads_takes_no_documents() {
        let (permit, permits) = std::sync::mpsc::sync_channel(64);
        /// Waits for a permit at each passage.
        struct Slow(Mutex<std::sync::mpsc::Receiver<()>>);
        impl Model for Slow {
            fn embed(&self, purpose: Purpose, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelFileError> {
                if purpose == Purpose::Passage {
                    let permit = self.0.lock().recv();
                    permit.map_err(|_| ModelFileError::Damaged("no permit".to_owned()))?;
                }
                Ok(texts.iter().map(|_| vec![1.0]).collect())
            }
        }
        let parts = Mutex::new(Some(Slow(Mutex::new(permits))));
        let load = move || parts.lock().take().ok_or_else(|| ModelFileError::Damaged("opened twice".to_owned()));
        let workers = Workers::start("slow", load, 2).unwrap();
        let mut indexing = Box::pin(workers.embed(Purpose::Passage, texts(&["one"])));
        let mut more = Box::pin(workers.embed(Purpose::Passage, texts(&["two"])));
        assert!(futures_util::poll!(&mut indexing).is_pending() && futures_util::poll!(&mut more).is_pending());
        // Documents are stuck, and a visitor is heard.
        assert_eq!(workers.embed(Purpose::Query, texts(&["a visitor"])).await.unwrap(), [[1.0]]);
        permit.send(()).unwrap();
        permit.send(()).unwrap();
        assert_eq!((indexing.await.unwrap().len(), more.await.unwrap().len()), (1, 1));
    }

    #[test]
    fn slices_are_of_a_size_that_can_be_waited_for() {
        let check = |purpose, texts: &[usize], expected: usize| {
            let texts: Vec<String> = texts.iter().map(|&length| "é".repeat(length)).collect();
            assert_eq!(slice_of(purpose, &texts), expected, "{purpose:?}");
        };
        check(Purpose::Passage, &[], 0);
        check(Purpose::Passage, &[5_000, 10], 1);
        check(Purpose::Passage, &[600, 600, 1], 2);
        check(Purpose::Passage, &[1; 20], BATCH);
        check(Purpose::Query, &[2_000; 20], BATCH);
        check(Purpose::Query, &[], 0);
    }

    #[tokio::test]
    async fn a_queue_has_an_end_and_who_left_takes_no_place() {
        let (_, permit, workers) = workers();
        let mut waiting = Vec::new();
        let mut refused = 0;
        for _ in 0..MOST_WAITING + BATCH + 2 {
            let mut one = Box::pin(workers.embed(Purpose::Query, texts(&["x"])));
            match futures_util::poll!(&mut one) {
                std::task::Poll::Pending => waiting.push(one),
                std::task::Poll::Ready(Err(EmbedError::Busy)) => refused += 1,
                std::task::Poll::Ready(other) => panic!("{other:?}"),
            }
        }
        assert!(refused > 0);
        waiting.clear();
        for _ in 0..BATCH {
            permit.send(()).unwrap();
        }
        assert_eq!(workers.embed(Purpose::Query, texts(&["four"])).await.unwrap(), [[4.0]]);
    }

    #[tokio::test]
    async fn a_model_that_cannot_be_opened_is_tried_again_by_the_next_request() {
        let tries = Arc::new(Mutex::new(0));
        let load = {
            let tries = Arc::clone(&tries);
            move || -> Result<Lengths, ModelFileError> {
                *tries.lock() += 1;
                Err(ModelFileError::Damaged("its first bytes".to_owned()))
            }
        };
        let workers = Workers::start("broken", load, 1).unwrap();
        assert_eq!(*tries.lock(), 0, "nothing is opened before it is wanted");
        for expected in 1..=2 {
            let answer = workers.embed(Purpose::Query, texts(&["x"])).await;
            assert!(matches!(answer, Err(EmbedError::Unavailable(why)) if why.contains("its first bytes")));
            assert_eq!(*tries.lock(), expected);
        }
    }

    #[tokio::test]
    async fn a_failure_is_told_to_everybody_who_waits() {
        let (_, permit, workers) = workers();
        drop(permit);
        assert!(matches!(workers.embed(Purpose::Query, texts(&["x"])).await, Err(EmbedError::Unavailable(_))));
    }
}
