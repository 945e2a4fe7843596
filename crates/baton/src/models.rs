//! The models that the operator names, and the private hosts that the operator opens.

use clap::Args;
use domain::{
    models::{CONNECTIONS, ModelSettings, Provider},
    outside::Openings,
};
use ports::models::{ApiKey, Connection};
use providers::EmbeddingServer;
use serde::Deserialize;

use crate::config::{Data, Unusable, models_of_file};

/// Where Ollama listens when nobody says otherwise.
const OLLAMA: &str = "http://localhost:11434/";

/// Language models for every workspace that names none of its own.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct ModelArgs {
    /// Model that answers, PROVIDER/MODEL with openai, anthropic, gemini, ollama or compatible; after a comma another one that is asked when the first gives no answer [default: the built-in answerer]
    #[arg(long, env = "BATON_LLM", value_name = "PROVIDER/MODEL")]
    llm: Option<String>,
    /// Address of the model's server, like http://localhost:8000/v1; it needs no opening [default: the provider's own]
    #[arg(long, env = "BATON_LLM_BASE_URL", value_name = "URL")]
    llm_base_url: Option<String>,
    /// Key for the server at --llm-base-url [default: the provider's key]
    #[arg(long, env = "BATON_LLM_KEY", value_name = "KEY", hide_env_values = true)]
    llm_key: Option<String>,
    /// Key for models of OpenAI
    #[arg(long, env = "OPENAI_API_KEY", value_name = "KEY", hide_env_values = true)]
    openai_key: Option<String>,
    /// Key for models of Anthropic
    #[arg(long, env = "ANTHROPIC_API_KEY", value_name = "KEY", hide_env_values = true)]
    anthropic_key: Option<String>,
    /// Key for models of Google Gemini
    #[arg(long, env = "GEMINI_API_KEY", value_name = "KEY", hide_env_values = true)]
    gemini_key: Option<String>,
    /// Embedding model of a server that speaks like OpenAI, in the place of the local ones [default: the local ones]
    #[arg(long, env = "BATON_EMBEDDINGS", value_name = "MODEL")]
    embeddings: Option<String>,
    /// Address of that server, like http://localhost:8080/v1; it needs no opening [default: OpenAI's]
    #[arg(long, env = "BATON_EMBEDDINGS_BASE_URL", value_name = "URL")]
    embeddings_base_url: Option<String>,
    /// Key for the server at --embeddings-base-url [default: the key for OpenAI, where that is asked]
    #[arg(long, env = "BATON_EMBEDDINGS_KEY", value_name = "KEY", hide_env_values = true)]
    embeddings_key: Option<String>,
    /// Private hosts that addresses typed in the desk may lead to, HOST or HOST:PORT [default: none]
    #[arg(long, env = "BATON_ALLOW_PRIVATE", value_name = "HOST[:PORT]", value_delimiter = ',')]
    allow_private: Vec<String>,
}

/// What the operator has said of models, settled.
#[derive(Debug, Clone, Default)]
pub(crate) struct Models {
    /// The models, asked one after the other.
    pub(crate) connections: Vec<Connection>,
    /// The private hosts that are open.
    pub(crate) openings: Openings,
    /// Who embeds texts, where it is not this machine.
    pub(crate) embeddings: Option<EmbeddingServer>,
}

impl ModelArgs {
    /// Settles what is said of models; what is not given here, `baton.toml` may say.
    pub(crate) fn settle_with_file(self, data: Data) -> anyhow::Result<Data> {
        let file = models_of_file()?;
        let all = Self {
            llm: self.llm.or(file.llm),
            llm_base_url: self.llm_base_url.or(file.llm_base_url),
            llm_key: self.llm_key.or(file.llm_key),
            openai_key: self.openai_key.or(file.openai_key),
            anthropic_key: self.anthropic_key.or(file.anthropic_key),
            gemini_key: self.gemini_key.or(file.gemini_key),
            embeddings: self.embeddings.or(file.embeddings),
            embeddings_base_url: self.embeddings_base_url.or(file.embeddings_base_url),
            embeddings_key: self.embeddings_key.or(file.embeddings_key),
            allow_private: if self.allow_private.is_empty() { file.allow_private } else { self.allow_private },
        };
        Ok(Data { models: all.settle()?, ..data })
    }

    fn settle(self) -> Result<Models, Unusable> {
        let openings = Openings::read(self.allow_private.iter().map(String::as_str));
        let openings = openings.map_err(|error| Unusable(format!("--allow-private: {error}")))?;
        let embeddings = self.embedding_server()?;
        let base = named(&self.llm_base_url);
        let Some(list) = named(&self.llm) else {
            return match base {
                Some(_) => Err(Unusable("--llm is missing: --llm-base-url needs the name of a model".to_owned())),
                None => Ok(Models { connections: Vec::new(), openings, embeddings }),
            };
        };
        let list: Vec<&str> = list.split(',').map(str::trim).filter(|model| !model.is_empty()).collect();
        if list.is_empty() {
            return Err(Unusable("--llm: name a model, PROVIDER/MODEL".to_owned()));
        }
        if list.len() > CONNECTIONS {
            return Err(Unusable(format!("--llm: name {CONNECTIONS} models at most")));
        }
        let connections = list.into_iter().enumerate().map(|(place, model)| self.connection(place, model, base));
        Ok(Models { connections: connections.collect::<Result<_, _>>()?, openings, embeddings })
    }

    /// Who embeds texts, if it is a server.
    fn embedding_server(&self) -> Result<Option<EmbeddingServer>, Unusable> {
        let base = named(&self.embeddings_base_url);
        let Some(model) = named(&self.embeddings) else {
            return match base {
                Some(_) => {
                    Err(Unusable("--embeddings is missing: --embeddings-base-url needs the name of a model".to_owned()))
                }
                None => Ok(None),
            };
        };
        let wrong = |why: &dyn std::fmt::Display| Unusable(format!("--embeddings {model}: {why}"));
        let provider = if base.is_some() { Provider::Compatible } else { Provider::Openai };
        let settings = ModelSettings {
            provider,
            address: base.map(str::to_owned),
            model: model.to_owned(),
            temperature: None,
            input_price: 0,
            output_price: 0,
        };
        let settings = settings.validated("embeddings").map_err(|error| wrong(&error))?;
        let key = named(&self.embeddings_key).or_else(|| named(&self.openai_key).filter(|_| base.is_none()));
        if key.is_none() && base.is_none() {
            return Err(wrong(
                &"--openai-key (OPENAI_API_KEY) is missing, or --embeddings-base-url for another server",
            ));
        }
        let (address, key) = (settings.base().to_owned(), key.map(|key| ApiKey(key.to_owned())));
        Ok(Some(EmbeddingServer { address, model: settings.model, key }))
    }

    fn connection(&self, place: usize, text: &str, base: Option<&str>) -> Result<Connection, Unusable> {
        let wrong = |why: &dyn std::fmt::Display| Unusable(format!("--llm {text}: {why}"));
        let (provider, model) = match text.split_once('/') {
            Some((provider, model)) => (Provider::named(provider), model),
            None => (base.map(|_| Provider::Compatible), text),
        };
        let names = Provider::ALL.map(Provider::name).join(", ");
        let provider = provider.ok_or_else(|| wrong(&format!("write PROVIDER/MODEL with one of {names}")))?;
        // The address belongs to the first model, and to whoever has none without it.
        let own = base.filter(|_| place == 0 || provider == Provider::Compatible);
        let address = own.or((provider == Provider::Ollama).then_some(OLLAMA));
        if provider == Provider::Compatible && address.is_none() {
            return Err(wrong(&"--llm-base-url is missing: it says where this server is"));
        }
        let settings = ModelSettings {
            provider,
            address: address.map(str::to_owned),
            model: model.to_owned(),
            temperature: None,
            input_price: 0,
            output_price: 0,
        };
        let settings = settings.validated("llm").map_err(|error| wrong(&error))?;
        let usual = match provider {
            Provider::Openai | Provider::Compatible => &self.openai_key,
            Provider::Anthropic => &self.anthropic_key,
            Provider::Gemini => &self.gemini_key,
            Provider::Ollama => &None,
        };
        let key = own.and_then(|_| named(&self.llm_key)).or_else(|| named(usual)).map(|key| ApiKey(key.to_owned()));
        let option = match provider {
            Provider::Openai => Some("--openai-key (OPENAI_API_KEY)"),
            Provider::Anthropic => Some("--anthropic-key (ANTHROPIC_API_KEY)"),
            Provider::Gemini => Some("--gemini-key (GEMINI_API_KEY)"),
            Provider::Compatible | Provider::Ollama => None,
        };
        // A server of one's own may ask for none.
        if let Some(option) = option.filter(|_| key.is_none() && own.is_none()) {
            return Err(wrong(&format!("{option} is missing")));
        }
        Ok(Connection { settings, key, trusted: true })
    }
}

fn named(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embeddings_are_of_a_server_that_is_named() {
        let settled = |model: Option<&str>, base: Option<&str>, key: Option<&str>, openai: Option<&str>| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let arguments = ModelArgs {
                embeddings: owned(model),
                embeddings_base_url: owned(base),
                embeddings_key: owned(key),
                openai_key: owned(openai),
                ..ModelArgs::default()
            };
            let settled = arguments.settle().map_err(|error| error.0)?.embeddings;
            Ok::<_, String>(settled.map(|server| (server.address, server.model, server.key.map(|ApiKey(key)| key))))
        };
        let own = "http://localhost:8080/v1";
        assert_eq!(settled(None, None, None, None), Ok(None));
        let (address, model, key) = settled(Some("bge-m3"), Some(own), Some("own"), Some("open")).unwrap().unwrap();
        assert!(address.starts_with(own), "{address}");
        assert_eq!((model.as_str(), key.as_deref()), ("bge-m3", Some("own")));
        // The key of OpenAI goes to OpenAI alone.
        assert_eq!(settled(Some("bge-m3"), Some(own), None, Some("open")).unwrap().unwrap().2, None);
        let (address, _, key) = settled(Some("text-embedding-3-small"), None, None, Some("open")).unwrap().unwrap();
        assert_eq!((address.as_str(), key.as_deref()), ("https://api.openai.com/v1/", Some("open")));
        for (model, base, named) in [
            (None, Some(own), "--embeddings is missing"),
            (Some("bge-m3"), None, "OPENAI_API_KEY"),
            (Some("bge-m3"), Some("localhost"), "--embeddings bge-m3"),
        ] {
            let refused = settled(model, base, None, None).unwrap_err();
            assert!(refused.contains(named), "{refused}");
        }
    }

    fn settled(llm: &str, base: Option<&str>) -> Result<Vec<(String, String, Option<String>)>, String> {
        let arguments = ModelArgs {
            llm: Some(llm.to_owned()),
            llm_base_url: base.map(str::to_owned),
            openai_key: Some("open".into()),
            anthropic_key: Some("anthro".into()),
            llm_key: base.map(|_| "own".into()),
            ..ModelArgs::default()
        };
        let settled = arguments.settle().map_err(|error| error.0)?;
        let told = settled.connections.into_iter().map(|one| {
            assert!(one.trusted);
            (one.settings.base().to_owned(), one.settings.model, one.key.map(|ApiKey(key)| key))
        });
        Ok(told.collect())
    }

    #[test]
    fn a_model_has_its_providers_address_and_key() {
        let one = |base: &str, model: &str, key: Option<&str>| (base.into(), model.into(), key.map(str::to_owned));
        let openai = one("https://api.openai.com/v1/", "gpt-x", Some("open"));
        assert_eq!(settled("openai/gpt-x", None), Ok(vec![openai.clone()]));
        let anthropic = one("https://api.anthropic.com/v1/", "claude-x", Some("anthro"));
        assert_eq!(settled("openai/gpt-x, anthropic/claude-x", None), Ok(vec![openai, anthropic.clone()]));
        assert_eq!(settled("ollama/llama3", None), Ok(vec![one("http://localhost:11434/", "llama3", None)]));
        let own = one("http://box:8000/v1/", "meta/llama", Some("own"));
        assert_eq!(settled("compatible/meta/llama", Some("http://box:8000/v1")), Ok(vec![own.clone()]));
        let both = settled("compatible/meta/llama,anthropic/claude-x", Some("http://box:8000/v1"));
        assert_eq!(both, Ok(vec![own, anthropic]));
        let bare = settled("llama", Some("http://box:8000/v1"));
        assert_eq!(bare, Ok(vec![one("http://box:8000/v1/", "llama", Some("own"))]));
        assert_eq!(settled(" ", None), Ok(vec![]));
    }

    #[test]
    fn what_cannot_be_used_says_what_to_do() {
        for (llm, base, expected) in [
            ("gpt-x", None, "PROVIDER/MODEL"),
            ("acme/gpt-x", None, "openai, anthropic, gemini, ollama, compatible"),
            ("compatible/x", None, "--llm-base-url is missing"),
            ("openai/x", Some("localhost:8000"), "address"),
            ("openai/", None, "model"),
            ("openai/a,openai/b,openai/c", None, "2 models at most"),
            (" ", Some("http://box/v1"), "--llm is missing"),
        ] {
            let error = settled(llm, base).unwrap_err();
            assert!(error.contains(expected), "{llm}: {error}");
        }
        let bare = ModelArgs { llm: Some("gemini/gemini-x".into()), ..ModelArgs::default() };
        assert!(bare.settle().unwrap_err().0.contains("GEMINI_API_KEY"));
        let own = ModelArgs {
            llm: Some("openai/x".into()),
            llm_base_url: Some("http://box:8000/v1".into()),
            ..ModelArgs::default()
        };
        assert!(own.settle().is_ok(), "a server of one's own may ask for no key");
        let arguments = ModelArgs { allow_private: vec!["http://x".into()], ..ModelArgs::default() };
        assert!(arguments.settle().unwrap_err().0.contains("--allow-private"));
    }
}
