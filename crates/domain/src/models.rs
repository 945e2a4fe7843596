//! Which language models answer: the settings of a chatbot, of a workspace, or of the server.

use serde::{Deserialize, Serialize};

use crate::{
    chatbot::{InvalidSetting, bounded, checked},
    limits::MODEL,
    text::{self, InvalidText},
};

/// Models that are asked one after the other.
pub const CONNECTIONS: usize = 2;
/// Highest price of a million tokens, in cents.
const PRICE: u32 = 1_000_000;
/// Highest temperature, in hundredths.
const TEMPERATURE: u16 = 200;

/// Whose protocol a model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// OpenAI.
    Openai,
    /// Anthropic.
    Anthropic,
    /// Google Gemini.
    Gemini,
    /// Ollama.
    Ollama,
    /// Any server that speaks like OpenAI: vLLM, llama.cpp, a gateway.
    Compatible,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Openai, Self::Anthropic, Self::Gemini, Self::Ollama, Self::Compatible];

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
            Self::Compatible => "compatible",
        }
    }

    /// The provider of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// Where it is when nobody names another address. A server of one's own is nowhere.
    pub fn address(self) -> Option<&'static str> {
        match self {
            Self::Openai => Some("https://api.openai.com/v1/"),
            Self::Anthropic => Some("https://api.anthropic.com/v1/"),
            Self::Gemini => Some("https://generativelanguage.googleapis.com/v1beta/"),
            Self::Ollama | Self::Compatible => None,
        }
    }
}

/// A model, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelSettings {
    /// Whose protocol it speaks.
    pub provider: Provider,
    /// Its address, when it is not the provider's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Name of the model.
    pub model: String,
    /// How freely it chooses its words, in hundredths; the model's own choice when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<u16>,
    /// Price of a million tokens that it reads, in cents.
    #[serde(default)]
    pub input_price: u32,
    /// Price of a million tokens that it writes, in cents.
    #[serde(default)]
    pub output_price: u32,
}

impl ModelSettings {
    /// Trims every text and checks every limit. Whether the address may be called is asked when it is called.
    ///
    /// # Errors
    /// The first field at fault; `at` is the path of this model.
    pub fn validated(self, at: &str) -> Result<Self, InvalidSetting> {
        let (model_chars, address_chars, _) = MODEL;
        let field = |name: &str| format!("{at}.{name}");
        let wrong = |name: &str, what| InvalidSetting { field: field(name), cause: InvalidText::Malformed(what) };
        let address = match self.address.as_deref().map(str::trim).filter(|address| !address.is_empty()) {
            Some(address) => Some(checked(field("address"), base(address, address_chars))?),
            None if self.provider.address().is_none() => {
                return Err(InvalidSetting { field: field("address"), cause: InvalidText::Empty });
            }
            None => None,
        };
        if self.temperature.is_some_and(|hundredths| hundredths > TEMPERATURE) {
            return Err(wrong("temperature", "temperature: it is between 0 and 2"));
        }
        for (name, price) in [("input_price", self.input_price), ("output_price", self.output_price)] {
            if price > PRICE {
                return Err(wrong(name, "price of a million tokens"));
            }
        }
        Ok(Self { address, model: checked(field("model"), text::line(&self.model, model_chars))?, ..self })
    }

    /// Where the calls go.
    pub fn base(&self) -> &str {
        self.address.as_deref().or_else(|| self.provider.address()).unwrap_or_default()
    }

    /// Whether a key that was given to the one may be shown to the other: only when it is the same place.
    pub fn keeps_key_of(&self, before: &Self) -> bool {
        self.provider == before.provider && self.base() == before.base()
    }

    /// What an answer costs, in millionths of the unit that the prices are hundredths of.
    pub fn cost(&self, input: u64, output: u64) -> u64 {
        let of = |tokens: u64, price: u32| tokens.saturating_mul(u64::from(price)) / 100;
        of(input, self.input_price).saturating_add(of(output, self.output_price))
    }
}

/// An address as base of others: with a slash at its end.
fn base(address: &str, max: usize) -> Result<String, InvalidText> {
    let address = text::line(address, max)?;
    let scheme = address.get(..8).unwrap_or_default().to_ascii_lowercase();
    if !(scheme.starts_with("http://") || scheme == "https://") || address.contains([' ', '?', '#']) {
        return Err(InvalidText::Malformed("address: it begins with https:// or http://, without ? and #"));
    }
    Ok(if address.ends_with('/') { address } else { format!("{address}/") })
}

/// Who answers here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Whoever answers one level up: a chatbot asks its workspace, a workspace the server.
    #[default]
    Inherit,
    /// The models that are named here.
    Own,
    /// The built-in answerer alone: nothing leaves the server.
    BuiltIn,
}

/// Whose models answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The chatbot's own.
    Chatbot,
    /// Those of its workspace.
    Workspace,
    /// Those that the operator of the server named.
    Server,
    /// None: the built-in answerer.
    BuiltIn,
}

/// Whose models answer, by what is chosen for the chatbot and for its workspace, and whether the server has any.
pub fn in_force(chatbot: Choice, workspace: Choice, server: bool) -> Level {
    match (chatbot, workspace) {
        (Choice::Own, _) => Level::Chatbot,
        (Choice::Inherit, Choice::Own) => Level::Workspace,
        (Choice::Inherit, Choice::Inherit) if server => Level::Server,
        _ => Level::BuiltIn,
    }
}

/// Which of the connections is asked for an AI agent that wants a model of its own, and as what; that one is asked first.
/// All others keep their own models: what one provider calls a model another one does not know.
///
/// `anthropic/name` goes to the first connection of that provider. A bare name goes to the connection that has this very
/// model, else to the first one. Nothing where no connection is of the provider that is named. Prices belong to a model: one
/// that no connection has costs nothing in the accounts, rather than what another one costs.
pub fn for_agent(models: &[ModelSettings], wanted: &str) -> Option<(usize, ModelSettings)> {
    let named = wanted.split_once('/').and_then(|(provider, name)| Some((Provider::named(provider)?, name)));
    let (place, name) = match named {
        Some((provider, name)) => {
            let of_provider = |name: Option<&str>| {
                models.iter().position(|one| one.provider == provider && name.is_none_or(|name| one.model == name))
            };
            (of_provider(Some(name)).or_else(|| of_provider(None))?, name)
        }
        None => (models.iter().position(|one| one.model == wanted).unwrap_or(0), wanted),
    };
    let own = models.get(place)?;
    let (input_price, output_price) = if own.model == name { (own.input_price, own.output_price) } else { (0, 0) };
    Some((place, ModelSettings { model: name.to_owned(), input_price, output_price, ..own.clone() }))
}

/// The models of a chatbot or of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModelChoice {
    /// Who answers.
    pub choice: Choice,
    /// The models, asked one after the other. Kept while another choice is on.
    pub models: Vec<ModelSettings>,
}

impl ModelChoice {
    /// Trims every text and checks every limit.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, InvalidSetting> {
        bounded("models", self.models.len(), CONNECTIONS)?;
        if self.choice == Choice::Own && self.models.is_empty() {
            return Err(InvalidSetting { field: "models".into(), cause: InvalidText::Empty });
        }
        let models = self.models.into_iter().enumerate();
        let models = models.map(|(i, model)| model.validated(&format!("models.{i}"))).collect::<Result<_, _>>()?;
        Ok(Self { models, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(provider: Provider, address: Option<&str>) -> ModelSettings {
        ModelSettings {
            provider,
            address: address.map(str::to_owned),
            model: " gpt ".into(),
            temperature: None,
            input_price: 250,
            output_price: 1_000,
        }
    }

    #[test]
    fn texts_are_trimmed_and_the_address_is_a_base() {
        let settings = model(Provider::Compatible, Some(" http://box:8000/v1 ")).validated("models.0").unwrap();
        assert_eq!((settings.base(), settings.model.as_str()), ("http://box:8000/v1/", "gpt"));
        let settings = model(Provider::Openai, Some("  ")).validated("models.0").unwrap();
        assert_eq!(settings.base(), "https://api.openai.com/v1/");
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let fault = |settings: ModelSettings| settings.validated("models.1").unwrap_err().field;
        assert_eq!(fault(model(Provider::Ollama, None)), "models.1.address");
        for wrong in ["ftp://x", "//x", "x", "http://x/?a", "https://x/#a", "javascript:alert(1)"] {
            assert_eq!(fault(model(Provider::Openai, Some(wrong))), "models.1.address", "{wrong}");
        }
        let openai = model(Provider::Openai, None);
        assert_eq!(fault(ModelSettings { model: " ".into(), ..openai.clone() }), "models.1.model");
        assert_eq!(fault(ModelSettings { temperature: Some(201), ..openai.clone() }), "models.1.temperature");
        assert_eq!(fault(ModelSettings { output_price: 1_000_001, ..openai.clone() }), "models.1.output_price");
        let own = |models| ModelChoice { choice: Choice::Own, models }.validated().unwrap_err().field;
        assert_eq!(own(vec![]), "models");
        assert_eq!(own(vec![openai; 3]), "models");
    }

    #[test]
    fn a_key_stays_where_it_was_given_to() {
        let one = model(Provider::Compatible, Some("https://a.example/v1/"));
        assert!(ModelSettings { model: "other".into(), ..one.clone() }.keeps_key_of(&one));
        assert!(!model(Provider::Compatible, Some("https://b.example/v1/")).keeps_key_of(&one));
        assert!(!model(Provider::Compatible, Some("https://a.example/v2/")).keeps_key_of(&one));
        assert!(!model(Provider::Openai, Some("https://a.example/v1/")).keeps_key_of(&one));
        let standard = model(Provider::Openai, None);
        assert!(model(Provider::Openai, Some("https://api.openai.com/v1/")).keeps_key_of(&standard));
    }

    #[test]
    fn an_answer_costs_what_its_tokens_cost() {
        let settings = model(Provider::Openai, None);
        // 2.50 and 10.00 for a million: a thousand and two hundred cost 0.0025 and 0.0020.
        assert_eq!(settings.cost(1_000, 200), 4_500);
        assert_eq!(settings.cost(0, 0), 0);
        assert_eq!(settings.cost(u64::MAX, 1), u64::MAX / 100 + 10);
    }

    #[test]
    fn the_nearest_choice_is_in_force() {
        use Choice::{BuiltIn, Inherit, Own};
        assert_eq!(in_force(Own, BuiltIn, true), Level::Chatbot);
        assert_eq!(in_force(Inherit, Own, true), Level::Workspace);
        assert_eq!(in_force(Inherit, Inherit, true), Level::Server);
        assert_eq!(in_force(Inherit, Inherit, false), Level::BuiltIn);
        assert_eq!(in_force(Inherit, BuiltIn, true), Level::BuiltIn);
        assert_eq!(in_force(BuiltIn, Own, true), Level::BuiltIn);
    }

    /// A name of one provider's went to all of them once, and the one that was to stand in failed at it.
    #[test]
    fn an_agents_model_goes_to_one_connection() {
        let one = |provider, name: &str| ModelSettings { model: name.into(), ..model(provider, None) };
        let models = [one(Provider::Openai, "gpt"), one(Provider::Anthropic, "claude"), one(Provider::Openai, "mini")];
        let check = |wanted: &str, expected: Option<(usize, &str, u32)>| {
            let found = for_agent(&models, wanted);
            let found = found.as_ref().map(|(place, asked)| (*place, asked.model.as_str(), asked.input_price));
            assert_eq!(found, expected, "{wanted}");
        };
        check("gpt", Some((0, "gpt", 250)));
        check("claude", Some((1, "claude", 250)));
        check("gpt-large", Some((0, "gpt-large", 0)));
        check("anthropic/claude-large", Some((1, "claude-large", 0)));
        check("openai/mini", Some((2, "mini", 250)));
        check("gemini/flash", None);
        // A slash may belong to the name.
        check("meta-llama/small", Some((0, "meta-llama/small", 0)));
        assert_eq!(for_agent(&[], "gpt"), None);
    }

    #[test]
    fn names_are_names() {
        for provider in Provider::ALL {
            assert_eq!(Provider::named(provider.name()), Some(provider));
        }
    }
}
