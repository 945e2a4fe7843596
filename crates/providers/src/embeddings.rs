//! A model of a server that speaks like OpenAI at `/embeddings`, in the place of the local one.
//!
//! The vectors of most models point in much the same direction, each model's in another one, so that the cosine of two of
//! them says little by itself. So a few sentences of our own are embedded first, and what they have in common is taken off
//! every vector: what has nothing to do with each other lies near 0 then, whatever model it is.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use outside::Guard;
use ports::{
    embeddings::{EmbedError, Embedder, Purpose},
    models::ApiKey,
};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

/// Longest time of one call.
const WITHIN: Duration = Duration::from_secs(30);
/// Texts of one call.
const TEXTS: usize = 32;
/// Characters of one text: models read no more than some hundred words.
const CHARS: usize = 8_000;
/// Most dimensions of a vector.
const DIMENSIONS: usize = 8_192;
/// Bytes that are read of one answer.
const BYTES: usize = 16 * 1024 * 1024;

/// Sentences of every kind: what they have in common is the model's, not theirs.
const COMMON: [&str; 16] = [
    "Where is my order?",
    "The weather was fine on Sunday.",
    "Ich möchte mein Passwort ändern.",
    "Der Zug nach Wien fährt um acht.",
    "¿Cuánto cuesta el envío?",
    "Me gusta leer por la noche.",
    "La facture de mars est fausse.",
    "Il faut deux œufs et du beurre.",
    "Posso restituire le scarpe?",
    "O museu abre às dez horas.",
    "Нужна помощь с настройкой.",
    "営業時間を教えてください。",
    "请问有没有大一号的？",
    "كيف ألغي اشتراكي؟",
    "Thanks, that was all I wanted to know.",
    "A chair of oak with four legs.",
];

/// Where a model is, and what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddingServer {
    /// Address before `/embeddings`. The operator named it: it may be anywhere.
    pub address: String,
    /// The model, as the server names it.
    pub model: String,
    /// Its key, if it wants one.
    pub key: Option<ApiKey>,
}

/// A model behind `/embeddings`.
pub struct RemoteEmbedder {
    guard: Arc<Guard>,
    server: EmbeddingServer,
    /// Another address or another model is another one: what is kept was read by one alone.
    name: String,
    /// What vectors have in common, known after the first call; and so is how many dimensions there are.
    common: OnceCell<Vec<f32>>,
}

impl RemoteEmbedder {
    /// A model. Nothing is called yet.
    pub fn new(guard: Arc<Guard>, server: EmbeddingServer) -> Self {
        let name = format!("{} at {}", server.model, server.address.trim_end_matches('/'));
        Self { guard, server, name, common: OnceCell::new() }
    }

    /// Some models read questions and knowledge differently, and want to be told.
    fn prefix(&self, purpose: Purpose) -> &'static str {
        match purpose {
            _ if !self.server.model.to_lowercase().contains("e5") => "",
            Purpose::Query => "query: ",
            Purpose::Passage => "passage: ",
        }
    }

    /// What all vectors have in common.
    async fn common(&self) -> Result<&[f32], EmbedError> {
        let learn = async {
            let texts: Vec<String> =
                COMMON.iter().map(|text| format!("{}{text}", self.prefix(Purpose::Query))).collect();
            let vectors = self.call(&texts).await?;
            let mut common = vec![0.0; vectors.first().map_or(0, Vec::len)];
            for vector in &vectors {
                common.iter_mut().zip(vector).for_each(|(sum, x)| *sum += x / COMMON.len() as f32);
            }
            Ok(common)
        };
        Ok(self.common.get_or_try_init(|| learn).await?)
    }

    /// One call, and the vectors of its texts, each of length 1.
    async fn call(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let calling = tokio::time::timeout(WITHIN, self.answer(texts));
        let body = calling.await.unwrap_or_else(|_| Err(EmbedError::Unavailable("no answer in time".to_owned())))?;
        read(&body, texts.len())
    }

    async fn answer(&self, texts: &[String]) -> Result<Vec<u8>, EmbedError> {
        let unavailable = |why: String| EmbedError::Unavailable(why);
        let client = self.guard.operators().map_err(|no| unavailable(no.to_string()))?;
        let url = format!("{}/embeddings", self.server.address.trim_end_matches('/'));
        let body = json!({"model": self.server.model, "input": texts, "encoding_format": "float"}).to_string();
        let mut request = client.post(url).header("content-type", "application/json").body(body);
        if let Some(ApiKey(key)) = &self.server.key {
            request = request.bearer_auth(key);
        }
        let no_reply = |error: &(dyn std::error::Error + 'static)| unavailable(outside::no_reply(error).to_string());
        let mut response = request.send().await.map_err(|error| no_reply(&error))?;
        // What a server says of a failure may quote the key: its number says enough.
        match response.status().as_u16() {
            200 => {}
            429 => return Err(EmbedError::Busy),
            status => return Err(unavailable(format!("status {status}"))),
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| no_reply(&error))? {
            if body.len() + part.len() > BYTES {
                return Err(unavailable(format!("an answer of more than {BYTES} bytes")));
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }
}

#[async_trait]
impl Embedder for RemoteEmbedder {
    fn model(&self) -> &str {
        &self.name
    }

    async fn embed(&self, purpose: Purpose, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EmbedError> {
        let common = self.common().await?;
        let prefix = self.prefix(purpose);
        let cut = |text: &String| format!("{prefix}{}", text.chars().take(CHARS).collect::<String>());
        let mut vectors = Vec::with_capacity(texts.len());
        for slice in texts.chunks(TEXTS) {
            let slice: Vec<String> = slice.iter().map(cut).collect();
            for mut vector in self.call(&slice).await? {
                if vector.len() != common.len() {
                    let why = format!("a vector of {} dimensions, and there were {}", vector.len(), common.len());
                    return Err(EmbedError::Unavailable(why));
                }
                vector.iter_mut().zip(common).for_each(|(x, common)| *x -= common);
                normalise(&mut vector);
                vectors.push(vector);
            }
        }
        Ok(vectors)
    }
}

/// The vectors in an answer, in the order of the texts, all of the same number of dimensions.
fn read(body: &[u8], texts: usize) -> Result<Vec<Vec<f32>>, EmbedError> {
    let malformed = |why: &str| EmbedError::Unavailable(format!("not an answer of /embeddings: {why}"));
    let body: Value = serde_json::from_slice(body).map_err(|_| malformed("no JSON"))?;
    let data = body["data"].as_array().ok_or_else(|| malformed("no data"))?;
    if data.len() != texts {
        return Err(malformed(&format!("{} vectors for {texts} texts", data.len())));
    }
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; texts];
    for (place, one) in data.iter().enumerate() {
        // They may come in any order.
        let place = one["index"].as_u64().and_then(|index| usize::try_from(index).ok()).unwrap_or(place);
        let numbers = one["embedding"].as_array().ok_or_else(|| malformed("no embedding"))?;
        #[expect(clippy::cast_possible_truncation, reason = "a vector is of short numbers")]
        let number = |number: &Value| number.as_f64().map(|number| number as f32).filter(|number| number.is_finite());
        let vector: Option<Vec<f32>> = numbers.iter().map(number).collect();
        let mut vector = vector.ok_or_else(|| malformed("an embedding that is not of numbers"))?;
        normalise(&mut vector);
        let slot = vectors.get_mut(place).filter(|slot| slot.is_none());
        *slot.ok_or_else(|| malformed("two vectors for one text"))? = Some(vector);
    }
    let vectors: Vec<Vec<f32>> = vectors.into_iter().flatten().collect();
    let size = vectors.first().map_or(1, Vec::len);
    if size == 0 || size > DIMENSIONS || vectors.iter().any(|vector| vector.len() != size) {
        return Err(malformed("vectors of different or unusable dimensions"));
    }
    Ok(vectors)
}

/// Brings a vector to length 1; one without a direction stays as it is.
fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}
