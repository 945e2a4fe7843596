//! Figures of `baton eval retrieval`.

/// What was found for one question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranking {
    /// Place of the first document that answers it, from 0; absent when none was found.
    pub place: Option<usize>,
    /// Whether any document answers it.
    pub answerable: bool,
    /// How sure it is that one does; greater is surer.
    pub score: f32,
}

/// The figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Questions.
    pub n: usize,
    /// Those that a document answers.
    pub answerable: usize,
    /// Of these, those whose first document answers them.
    pub first: usize,
    /// Those of which one of the first three does.
    pub third: usize,
    /// Mean of one over the place.
    pub mrr: f64,
}

/// Counts.
pub fn figures(rankings: &[Ranking]) -> Figures {
    let answerable = rankings.iter().filter(|ranking| ranking.answerable);
    let within = |places: usize| answerable.clone().filter(|r| r.place.is_some_and(|place| place < places)).count();
    let count = answerable.clone().count();
    let sum: f64 = answerable.clone().filter_map(|r| r.place).map(|place| 1.0 / (place + 1) as f64).sum();
    Figures { n: rankings.len(), answerable: count, first: within(1), third: within(3), mrr: sum / count.max(1) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted() {
        let ranking = |place| Ranking { place, answerable: true, score: 0.0 };
        let nothing = Ranking { place: None, answerable: false, score: 0.0 };
        let figures = figures(&[ranking(Some(0)), ranking(Some(2)), ranking(None), nothing]);
        assert_eq!((figures.n, figures.answerable, figures.first, figures.third), (4, 3, 1, 2));
        assert!((figures.mrr - (1.0 + 1.0 / 3.0) / 3.0).abs() < 1e-9);
    }
}
