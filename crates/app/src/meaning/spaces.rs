//! The spaces in which texts are compared: of the general model, and of both models together.

use std::sync::Arc;

use supervisor::{
    Cohort, Head, Learned, cohort, language,
    meaning::{Example, Scale, Space, centred, joined},
};

use super::Embedders;

/// How near a message has to lie to an intent, and how much of its nearness to ordinary ones is taken off; chosen on
/// `supervisor/data/routing.train.jsonl` and its own half of the tests.
const GENERAL: (Scale, f32) = (Scale { middle: 0.25, width: 0.2 }, 0.5);
/// The same by both models together.
const JOINED: (Scale, f32) = (Scale { middle: 0.2, width: 0.2 }, 0.75);
/// Of a model that nothing is known of.
const UNKNOWN: Scale = Scale { middle: 0.6, width: 0.3 };

/// The spaces of the models that there are.
#[derive(Debug)]
pub struct Spaces {
    /// What texts of the general model have in common.
    common: &'static [f32],
    general: Arc<Space>,
    both: Arc<Space>,
    /// Tells English from other languages by the general model: its small words give a short message away too seldom.
    english: Option<Learned>,
}

impl Spaces {
    /// Those of these models.
    pub fn new(embedders: &Embedders) -> Self {
        let name =
            |model: &Option<Arc<dyn ports::embeddings::Embedder>>| model.as_ref().map(|it| it.model().to_owned());
        let (general, english) = (name(&embedders.general), name(&embedders.english));
        let of = |name: &Option<String>| name.as_deref().and_then(Cohort::built_in).map(Cohort::vectors);
        let head = Head::built_in().filter(|head| Some(head.model()) == general.as_deref());
        let common = head.map_or(&[][..], Head::mean);
        let space = |cohort: Vec<Vec<f32>>, (scale, share)| {
            let scale = if cohort.is_empty() { UNKNOWN } else { scale };
            Arc::new(Space { scale, cohort, share })
        };
        let ours: Vec<Vec<f32>> =
            of(&general).unwrap_or_default().iter().map(|vector| centred(vector, common)).collect();
        let theirs = of(&english).unwrap_or_default().iter().map(|vector| centred(vector, &[]));
        let both = match (general.is_some(), ours.is_empty()) {
            (false, _) => theirs.collect(),
            (true, true) => Vec::new(),
            (true, false) => ours.iter().zip(theirs).map(|(one, other)| joined(&[one.clone(), other])).collect(),
        };
        let english = (ours.len() > cohort::ENGLISH).then(|| {
            let example = |vector: &Vec<f32>| Example { text: String::new(), vector: vector.clone() };
            let (english, others) = ours.split_at(cohort::ENGLISH);
            let groups = [english.iter().map(example).collect(), others.iter().map(example).collect()];
            Learned::learn(&groups, space(Vec::new(), GENERAL))
        });
        Self { common, general: space(ours, GENERAL), both: space(both, JOINED), english }
    }

    /// The space of both models, or of the general one.
    pub fn of(&self, both: bool) -> Arc<Space> {
        Arc::clone(if both { &self.both } else { &self.general })
    }

    /// Whether a text is English. What is plainly written in another language is not, whatever its vector of the general
    /// model resembles; else that tells, and `may_be` where it cannot.
    pub fn speaks_english(&self, text: &str, general: Option<&[f32]>, may_be: bool) -> bool {
        language::guess(text).is_none_or(|code| code == "en")
            && general.and_then(|vector| self.is_english(vector)).unwrap_or(may_be)
    }

    /// Whether a text resembles English ones more than others, by its vector of the general model; nothing where that model is none of ours.
    fn is_english(&self, general: &[f32]) -> Option<bool> {
        let read = self.english.as_ref()?.read(&self.centred(general));
        read.first().map(|most| most.group == 0)
    }

    /// A vector of the general model without what all of them have in common.
    pub fn centred(&self, vector: &[f32]) -> Vec<f32> {
        centred(vector, self.common)
    }

    /// One vector of what each model says; nothing when none says anything.
    pub fn joined(&self, general: Option<&[f32]>, english: Option<&[f32]>) -> Option<Vec<f32>> {
        let parts = general.map(|vector| self.centred(vector)).into_iter();
        let parts: Vec<Vec<f32>> = parts.chain(english.map(|vector| centred(vector, &[]))).collect();
        (!parts.is_empty()).then(|| joined(&parts))
    }
}
