//! What the AI may call while it answers: functions of the owner's own servers, and a person.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    chatbot::{InvalidSetting, bounded, checked},
    limits,
    text::{self, InvalidText},
};

/// The tool that requests a person. No other one can have its name.
pub const REQUEST_HUMAN: &str = "request_human";
/// The tool by which a model says that the knowledge has no answer. No other one can have its name.
pub const NOT_IN_KNOWLEDGE: &str = "not_in_knowledge";
/// Most functions of a chatbot.
pub const TOOLS: usize = 20;
/// Most parameters of a function, and most choices of one.
const PARAMETERS: (usize, usize) = (20, 50);
/// Most headers of a function.
const HEADERS: usize = 10;
/// Longest name of a function or a parameter, longest description, and longest address, in characters.
const CHARS: (usize, usize, usize) = (64, 500, 1_000);
/// Longest value of a header, in characters.
const HEADER_CHARS: usize = 1_000;
/// Headers that the server sets itself.
const OWN_HEADERS: [&str; 6] = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "content-type"];

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Arguments stand in the address.
    Get,
    /// Arguments are the body.
    Post,
    /// Arguments are the body.
    Put,
    /// Arguments are the body.
    Patch,
    /// Arguments stand in the address.
    Delete,
}

impl Method {
    /// Its name in HTTP.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether arguments are the body.
    pub fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }
}

/// What a parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A text.
    String,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is, for the model.
    #[serde(default)]
    pub description: String,
    /// What it holds.
    pub kind: Kind,
    /// The function cannot be called without it.
    #[serde(default)]
    pub required: bool,
    /// The only values that it may have; any when empty.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A function of the owner's own server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpTool {
    /// Its name, as the model calls it.
    pub name: String,
    /// What it does and when it is of use, for the model.
    pub description: String,
    /// How it is called.
    pub method: Method,
    /// Its address; `{name}` in the path becomes an argument.
    pub url: String,
    /// What it takes.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Names of the headers that go along; their values are secrets.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Whether the AI may call it.
    pub enabled: bool,
}

impl HttpTool {
    /// Trims every text and checks every limit.
    ///
    /// # Errors
    /// The first field at fault.
    pub fn validated(self) -> Result<Self, InvalidSetting> {
        let (_, description, url) = CHARS;
        let wrong = |field: &str, what| InvalidSetting { field: field.into(), cause: InvalidText::Malformed(what) };
        let name = checked("name", identifier(&self.name))?;
        if [REQUEST_HUMAN, NOT_IN_KNOWLEDGE].contains(&name.as_str()) {
            return Err(wrong("name", "name: this one is Baton's own"));
        }
        bounded("parameters", self.parameters.len(), PARAMETERS.0)?;
        bounded("headers", self.headers.len(), HEADERS)?;
        let mut seen = HashSet::new();
        let mut parameters = Vec::with_capacity(self.parameters.len());
        for (i, parameter) in self.parameters.into_iter().enumerate() {
            let parameter = parameter.validated(i)?;
            if !seen.insert(parameter.name.clone()) {
                return Err(wrong(&format!("parameters.{i}.name"), "name: there are two of it"));
            }
            parameters.push(parameter);
        }
        let url = checked("url", text::line(&self.url, url))?;
        for place in placeholders(&url).ok_or_else(|| wrong("url", "address: {name} stands in its path alone"))? {
            if !parameters.iter().any(|one| one.name == place && one.required) {
                return Err(wrong("url", "address: each {name} in it is a required parameter"));
            }
        }
        let headers = self.headers.iter().enumerate();
        let headers = headers.map(|(i, name)| checked(format!("headers.{i}.name"), header(name)));
        Ok(Self {
            name,
            description: checked("description", text::required(&self.description, description))?,
            url,
            parameters,
            headers: headers.collect::<Result<_, _>>()?,
            ..self
        })
    }
}

impl Parameter {
    fn validated(self, at: usize) -> Result<Self, InvalidSetting> {
        let field = |name: &str| format!("parameters.{at}.{name}");
        bounded(&field("choices"), self.choices.len(), PARAMETERS.1)?;
        let choices = self.choices.iter().filter(|choice| !choice.trim().is_empty());
        Ok(Self {
            name: checked(field("name"), identifier(&self.name))?,
            description: checked(field("description"), text::optional(&self.description, CHARS.1))?,
            choices: choices
                .map(|choice| checked(field("choices"), text::line(choice, limits::NAME_CHARS)))
                .collect::<Result<_, _>>()?,
            ..self
        })
    }
}

/// The names in `{}` of an address; nothing when one stands where it could change the host.
pub fn placeholders(url: &str) -> Option<Vec<&str>> {
    let host_ends = url.find("://").and_then(|at| url[at + 3..].find(['/', '?', '#']).map(|end| at + 3 + end));
    let mut names = Vec::new();
    let mut rest = url;
    while let Some(open) = rest.find('{') {
        let at = url.len() - rest.len() + open;
        if host_ends.is_none_or(|end| at < end) {
            return None;
        }
        let close = rest[open..].find('}')?;
        names.push(&rest[open + 1..open + close]);
        rest = &rest[open + close + 1..];
    }
    Some(names)
}

/// The value of a header.
///
/// # Errors
/// [`InvalidText`].
pub fn header_value(value: &str) -> Result<String, InvalidText> {
    let value = text::line(value, HEADER_CHARS)?;
    if value.is_ascii() { Ok(value) } else { Err(InvalidText::Malformed("header: only plain letters can be sent")) }
}

fn header(name: &str) -> Result<String, InvalidText> {
    let name = text::line(name, CHARS.0)?.to_ascii_lowercase();
    let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if fits && !OWN_HEADERS.contains(&name.as_str()) {
        Ok(name)
    } else {
        Err(InvalidText::Malformed("name of a header"))
    }
}

fn identifier(name: &str) -> Result<String, InvalidText> {
    let name = text::line(name, CHARS.0)?;
    let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| first.is_ascii_alphabetic());
    if fits { Ok(name) } else { Err(InvalidText::Malformed("name: use letters, digits and _")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> HttpTool {
        HttpTool {
            name: "order_status".into(),
            description: "Where an order is.".into(),
            method: Method::Get,
            url: "https://shop.example/orders/{number}".into(),
            parameters: vec![Parameter {
                name: "number".into(),
                description: String::new(),
                kind: Kind::String,
                required: true,
                choices: vec![],
            }],
            headers: vec!["Authorization".into()],
            enabled: true,
        }
    }

    #[test]
    fn a_whole_one_is_taken() {
        assert_eq!(order().validated().unwrap().headers, ["authorization"]);
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let fault = |change: fn(&mut HttpTool)| {
            let mut tool = order();
            change(&mut tool);
            tool.validated().unwrap_err().field
        };
        assert_eq!(fault(|tool| tool.name = "request_human".into()), "name");
        assert_eq!(fault(|tool| tool.name = "a b".into()), "name");
        assert_eq!(fault(|tool| tool.description = " ".into()), "description");
        assert_eq!(fault(|tool| tool.url = "https://{number}.example/".into()), "url");
        assert_eq!(fault(|tool| tool.url = "https://shop.example/{other}".into()), "url");
        assert_eq!(fault(|tool| tool.url = "https://shop.example/{number".into()), "url");
        assert_eq!(fault(|tool| tool.parameters[0].required = false), "url");
        assert_eq!(fault(|tool| tool.parameters.push(tool.parameters[0].clone())), "parameters.1.name");
        assert_eq!(fault(|tool| tool.headers = vec!["Host".into()]), "headers.0.name");
        assert_eq!(fault(|tool| tool.headers = vec!["a: b\r\nc".into()]), "headers.0.name");
        assert!(header_value("Bearer x\r\nHost: y").is_ok_and(|value| !value.contains(['\r', '\n'])));
        assert!(header_value("é").is_err());
    }
}
