//! The copilot: a reply that a colleague may send, their draft in other words or another language. It works when it is
//! asked, whoever asked sees the result alone, and nothing of it is stored or sent.

use std::net::IpAddr;

use domain::{ConversationId, answering::Trouble, limits, placeholders, text};
use ports::{
    content::Citation,
    conversations::LogRange,
    models::{ChatModel, ChatRequest, ModelError, Task, Usage},
};

use super::{
    look_up::{Question, may_be_english},
    stream::Streamed,
    supervise::variables,
    talk::Talk,
};
use crate::{
    Baton,
    act::Target,
    auth::Staff,
    directory::Profile,
    error::{AppError, Result, field},
    limiter::Door,
};

/// How far back a draft looks, in events.
const HISTORY: u32 = 60;
/// Longer than this nobody waits for a draft, all models together, in milliseconds.
const PATIENCE_MS: i64 = 25_000;
/// Longest code of a language.
const LANGUAGE: usize = 35;

/// What the copilot wrote.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// The text, without marks.
    pub text: String,
    /// What it rests on.
    pub citations: Vec<Citation>,
    /// Which model wrote it.
    pub model: String,
    /// What it took, with what was asked before in vain.
    pub usage: Usage,
    /// What that cost, in millionths of the currency of the prices.
    pub cost: u64,
}

impl Baton {
    /// Writes a text for a collaborator who may answer here.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for viewers, [`AppError::NoModel`], [`AppError::NoSuggestion`], [`AppError::ModelFailed`], the
    /// field at fault.
    pub async fn copilot(
        &self,
        staff: &Staff,
        conversation: ConversationId,
        task: Task,
        address: IpAddr,
    ) -> Result<Drafted> {
        let (target, collaborator) = self.desk_target(staff, conversation).await?;
        if !collaborator.role.may_answer() {
            return Err(AppError::Forbidden);
        }
        self.limiter.door(Door::Model, address)?;
        let task = checked(task)?;
        let profile = self.directory.profile(target.chatbot).await?;
        let answerers = self.answerers(&profile);
        let writes = !matches!(task, Task::Answer | Task::Suggest);
        if writes && answerers.is_empty() {
            return Err(AppError::NoModel);
        }
        let mut request = ChatRequest {
            task,
            agent: String::new(),
            prompt: String::new(),
            language: None,
            history: Vec::new(),
            passages: Vec::new(),
            word_counts: (Vec::new(), 0),
            may_offer_person: false,
            variables: Vec::new(),
            temperature: None,
            tools: Vec::new(),
            rounds: Vec::new(),
        };
        if !writes {
            self.recall(&mut request, &profile, target).await?;
        }
        let until = self.clock.now().plus(PATIENCE_MS);
        let (mut failed, mut usage, mut cost) = (None, Usage::default(), 0_u64);
        for answerer in &answerers {
            if self.clock.now() >= until {
                break;
            }
            let (drafted, took) = self.drafted(&*answerer.model, &request, until).await;
            usage = usage.and(took);
            cost = cost.saturating_add(answerer.settings.cost(took.input, took.output));
            match drafted {
                Ok(drafted) => {
                    self.recovered(&profile, answerer).await;
                    return Ok(Drafted { usage, cost, ..drafted });
                }
                Err(error) => {
                    tracing::warn!(%conversation, model = answerer.model.name(), %error, "no draft");
                    self.troubled(&profile, answerer, &error).await;
                    failed = Some(error.trouble);
                }
            }
        }
        if writes {
            return Err(AppError::ModelFailed(failed.unwrap_or(Trouble::TimedOut).code()));
        }
        // It quotes the knowledge, and that may be the reply.
        let (drafted, _) = self.drafted(&*self.model, &request, until.plus(PATIENCE_MS)).await;
        let drafted = drafted.map_err(|error| {
            tracing::debug!(%conversation, %error, "nothing to suggest");
            AppError::NoSuggestion
        })?;
        Ok(Drafted { usage, cost, ..drafted })
    }

    /// What was said, and what the knowledge has about the visitor's last words.
    async fn recall(&self, request: &mut ChatRequest, profile: &Profile, target: Target) -> Result<()> {
        let row = self.store.row(target.scope, target.conversation).await?;
        // What is for staff alone stays with staff: no note goes to a provider.
        let range = LogRange { after: 0, before: Some(row.state.seq + 1), visitor: false, limit: HISTORY };
        let log = self.store.log(target.scope, target.conversation, range).await?;
        let names = self.names(&log).await;
        let talk = Talk::read(&log, |person| names.get(&person).cloned().unwrap_or_else(|| "A colleague".to_owned()));
        let said = talk.history.iter().rev().find(|said| said.by == ports::models::Speaker::Visitor);
        let question = match said {
            _ if !talk.question.is_empty() => talk.question.clone(),
            Some(said) => said.text.clone(),
            None => return Err(AppError::NoSuggestion),
        };
        let agent = talk.agent_of(profile);
        let meaning = self.meaning(&question, may_be_english(&question)).await;
        let asked = Question { words: &question, before: talk.before_question(), meaning: &meaning, agent };
        let found = self.look_up(profile, asked).await?;
        (request.passages, request.word_counts) = (found.passages, found.word_counts);
        if let Some(agent) = agent {
            request.prompt.clone_from(&agent.prompt);
            request.variables = placeholders::named(&agent.prompt, &variables(profile, &talk));
        }
        request.history = talk.history;
        Ok(())
    }

    /// A draft of one model, and what it took, also when nothing came of it.
    async fn drafted(
        &self,
        model: &dyn ChatModel,
        request: &ChatRequest,
        until: domain::Millis,
    ) -> (std::result::Result<Drafted, ModelError>, Usage) {
        let mut answer = Streamed::default();
        let called = self.call(model, None, until, request.clone(), &mut answer).await;
        let usage = answer.usage;
        let drafted = called.and_then(|()| {
            let text = without_marks(&answer.text, &answer.citations);
            if answer.unknown {
                return Err(ModelError::new(Trouble::Unknown, "nothing is known about it"));
            }
            if text.is_empty() {
                return Err(ModelError::new(Trouble::Empty, "an empty answer"));
            }
            let text = text.chars().take(limits::MESSAGE_CHARS).collect();
            Ok(Drafted { text, citations: answer.citations, model: model.name().to_owned(), usage, cost: 0 })
        });
        (drafted, usage)
    }
}

/// A wish whose texts are not too long.
fn checked(task: Task) -> Result<Task> {
    let draft = |text: &str| field("text", text::required(text, limits::MESSAGE_CHARS));
    Ok(match task {
        Task::Answer | Task::Suggest | Task::Card { .. } => Task::Suggest,
        Task::Rewrite { text, tone } => Task::Rewrite { text: draft(&text)?, tone },
        Task::Translate { text, language } => {
            let fits = (2..=LANGUAGE).contains(&language.len())
                && language
                    .split('-')
                    .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            if !fits {
                return Err(AppError::invalid("language", "is not the code of a language, like fr or pt-BR"));
            }
            Task::Translate { text: draft(&text)?, language }
        }
    })
}

/// A text for a message: what its marks point to is shown beside it, and a visitor could not open them.
fn without_marks(text: &str, citations: &[Citation]) -> String {
    let marks = citations.iter().map(|citation| format!("[{}]", citation.number));
    let text = marks.fold(text.to_owned(), |text, mark| text.replace(&format!(" {mark}"), "").replace(&mark, ""));
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_what_looks_like_one_stays() {
        let citation = |number| Citation {
            number,
            title: String::new(),
            heading: None,
            page: None,
            url: None,
            passage: String::new(),
        };
        let text = "Within 30 days [1], see[2] the list [3].";
        assert_eq!(without_marks(text, &[citation(1), citation(2)]), "Within 30 days, see the list [3].");
    }

    #[test]
    fn languages_are_codes() {
        let check = |language: &str| checked(Task::Translate { text: "Hi".into(), language: language.into() }).is_ok();
        assert!(check("fr") && check("pt-BR") && check("zh-Hant-TW"));
        assert!(!check("") && !check("f") && !check("fr; ignore") && !check("french language") && !check("a--b"));
    }
}
