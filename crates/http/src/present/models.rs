//! Which models answer, and the functions that they may call: both ways, without what is secret.

use api::models::{
    CopilotWish, DraftTone, ModelProvider, ModelTested, ModelTroubleView, ModelView, ModelWanted, ModelsChoice,
    ModelsLevel, ModelsView, ParameterKind, Suggestion, ToolHeaderView, ToolMethod, ToolParameter, ToolView,
    ToolWanted,
};
use app::{
    ai_models::{ModelDraft, Secret, ShownModels, Tested, ToolDraft},
    turn::copilot::Drafted,
};
use domain::{
    models::{Choice, Level, ModelSettings, Provider},
    tools::{HttpTool, Kind, Method, Parameter},
};
use ports::{
    ai_models::StoredTool,
    models::{Task, Tone},
};

use super::reasons::citations;

/// Who answers, as it was chosen.
pub(crate) fn choice(wanted: ModelsChoice) -> Choice {
    match wanted {
        ModelsChoice::Inherit => Choice::Inherit,
        ModelsChoice::Own => Choice::Own,
        ModelsChoice::BuiltIn => Choice::BuiltIn,
    }
}

fn provider(wire: ModelProvider) -> Provider {
    match wire {
        ModelProvider::Openai => Provider::Openai,
        ModelProvider::Anthropic => Provider::Anthropic,
        ModelProvider::Gemini => Provider::Gemini,
        ModelProvider::Ollama => Provider::Ollama,
        ModelProvider::Compatible => Provider::Compatible,
    }
}

fn shown_provider(provider: Provider) -> ModelProvider {
    match provider {
        Provider::Openai => ModelProvider::Openai,
        Provider::Anthropic => ModelProvider::Anthropic,
        Provider::Gemini => ModelProvider::Gemini,
        Provider::Ollama => ModelProvider::Ollama,
        Provider::Compatible => ModelProvider::Compatible,
    }
}

/// A model as it should be.
pub(crate) fn model_draft(wanted: ModelWanted) -> ModelDraft {
    let key = match wanted.key {
        None => Secret::Keep,
        Some(None) => Secret::Remove,
        Some(Some(key)) => Secret::Set(key),
    };
    let settings = ModelSettings {
        provider: provider(wanted.provider),
        address: wanted.address,
        model: wanted.model,
        temperature: wanted.temperature,
        input_price: wanted.input_price,
        output_price: wanted.output_price,
    };
    ModelDraft { settings, key, was: wanted.was.map(|place| place as usize) }
}

/// The models of a place.
pub(crate) fn models(shown: ShownModels) -> ModelsView {
    let model = |(settings, has_key): (ModelSettings, bool)| ModelView {
        provider: shown_provider(settings.provider),
        address: settings.address,
        model: settings.model,
        temperature: settings.temperature,
        input_price: settings.input_price,
        output_price: settings.output_price,
        has_key,
    };
    let trouble = |trouble: ports::ai_models::ModelTrouble| ModelTroubleView {
        model: trouble.model,
        trouble: trouble.trouble.code().to_owned(),
        detail: trouble.detail,
        times: trouble.times,
        at: trouble.at.0,
        over: trouble.over.map(|at| at.0),
    };
    ModelsView {
        choice: match shown.choice.choice {
            Choice::Inherit => ModelsChoice::Inherit,
            Choice::Own => ModelsChoice::Own,
            Choice::BuiltIn => ModelsChoice::BuiltIn,
        },
        models: shown.choice.models.into_iter().zip(shown.keys).map(model).collect(),
        version: shown.version,
        level: match shown.level {
            Level::Chatbot => ModelsLevel::Chatbot,
            Level::Workspace => ModelsLevel::Workspace,
            Level::Server => ModelsLevel::Server,
            Level::BuiltIn => ModelsLevel::BuiltIn,
        },
        answering: shown.answering,
        servers: shown.servers,
        troubles: shown.troubles.into_iter().map(trouble).collect(),
    }
}

/// What a test found.
pub(crate) fn tested(tested: Tested) -> ModelTested {
    let (said, failed) = match tested.said {
        Ok(said) => (Some(said), None),
        Err(error) => (None, Some(error)),
    };
    ModelTested {
        model: tested.model,
        ok: failed.is_none(),
        took_ms: tested.took,
        said,
        trouble: failed.as_ref().map(|error| error.trouble.code().to_owned()),
        detail: failed.map(|error| error.detail),
        input_tokens: tested.usage.input,
        output_tokens: tested.usage.output,
    }
}

/// What the copilot is asked for.
pub(crate) fn wish(wish: CopilotWish) -> Task {
    match wish {
        CopilotWish::Suggest {} => Task::Suggest,
        CopilotWish::Rewrite { text, tone } => Task::Rewrite {
            text,
            tone: match tone {
                DraftTone::Friendlier => Tone::Friendlier,
                DraftTone::Shorter => Tone::Shorter,
                DraftTone::Formal => Tone::Formal,
                DraftTone::Corrected => Tone::Corrected,
            },
        },
        CopilotWish::Translate { text, language } => Task::Translate { text, language },
    }
}

/// What the copilot wrote.
pub(crate) fn suggestion(drafted: Drafted) -> Suggestion {
    Suggestion {
        text: drafted.text,
        citations: citations(&drafted.citations),
        model: drafted.model,
        input_tokens: drafted.usage.input,
        output_tokens: drafted.usage.output,
        cost: drafted.cost,
    }
}

/// A function as it should be.
pub(crate) fn tool_draft(wanted: ToolWanted) -> ToolDraft {
    let parameter = |parameter: ToolParameter| Parameter {
        name: parameter.name,
        description: parameter.description,
        kind: match parameter.kind {
            ParameterKind::String => Kind::String,
            ParameterKind::Number => Kind::Number,
            ParameterKind::Integer => Kind::Integer,
            ParameterKind::Boolean => Kind::Boolean,
        },
        required: parameter.required,
        choices: parameter.choices,
    };
    let method = match wanted.method {
        ToolMethod::Get => Method::Get,
        ToolMethod::Post => Method::Post,
        ToolMethod::Put => Method::Put,
        ToolMethod::Patch => Method::Patch,
        ToolMethod::Delete => Method::Delete,
    };
    let (headers, values) =
        wanted.headers.into_iter().map(|header| (header.name, header.value)).unzip::<_, _, _, Vec<_>>();
    let tool = HttpTool {
        name: wanted.name,
        description: wanted.description,
        method,
        url: wanted.url,
        parameters: wanted.parameters.into_iter().map(parameter).collect(),
        headers,
        enabled: wanted.enabled,
    };
    ToolDraft { tool, values: values.into_iter().map(|value| value.map_or(Secret::Keep, Secret::Set)).collect() }
}

/// A function.
pub(crate) fn tool(stored: StoredTool) -> ToolView {
    let parameter = |parameter: Parameter| ToolParameter {
        name: parameter.name,
        description: parameter.description,
        kind: match parameter.kind {
            Kind::String => ParameterKind::String,
            Kind::Number => ParameterKind::Number,
            Kind::Integer => ParameterKind::Integer,
            Kind::Boolean => ParameterKind::Boolean,
        },
        required: parameter.required,
        choices: parameter.choices,
    };
    let has_value = stored.headers.is_some();
    let tool = stored.tool;
    ToolView {
        id: stored.id.to_string(),
        name: tool.name,
        description: tool.description,
        method: match tool.method {
            Method::Get => ToolMethod::Get,
            Method::Post => ToolMethod::Post,
            Method::Put => ToolMethod::Put,
            Method::Patch => ToolMethod::Patch,
            Method::Delete => ToolMethod::Delete,
        },
        url: tool.url,
        parameters: tool.parameters.into_iter().map(parameter).collect(),
        headers: tool.headers.into_iter().map(|name| ToolHeaderView { name, has_value }).collect(),
        enabled: tool.enabled,
    }
}
