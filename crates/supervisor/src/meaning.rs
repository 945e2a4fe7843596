//! An owner's intents by what their examples mean: which one a message means is learned by logistic regression over
//! embeddings, and whether it means any of them is seen by how near it lies to the examples.
//!
//! Embeddings of one model point in much the same direction. What is left after their common part is taken off tells texts
//! apart, so every vector is [`centred`] first, on a mean that the caller knows of the model.

use std::{collections::BTreeMap, sync::Arc};

/// Ordinary messages that a message is compared with: the nearest ones.
const COHORT: usize = 10;
/// Share of the nearest example in the nearness; the rest is the middle of all of them.
const NEAREST: f32 = 0.5;
/// Inverse of the L2 penalty, against one example of weight 1.
const FREEDOM: f64 = 30.0;
/// Steps of the descent, at most ...
const MOST_STEPS: usize = 200;
/// ... and as many multiplications altogether: learning is bounded, whatever an owner writes.
const MOST_WORK: usize = 6_000_000_000;
/// Sums that run side by side: one sum would wait for itself at every step, since the order of a sum of fractions counts.
const LANES: usize = 16;
/// Examples that are learned from, at most.
const MOST_EXAMPLES: usize = 4_000;

/// From this nearness on a message means an intent.
pub const MEANT: f32 = 0.5;
/// An intent of the hand-over calls a person when it is at least this share of the most probable one.
const RIVAL: f32 = 0.5;

/// How far an intent of the hand-over is past both lines from which on it calls a person: it does from 1 on. `most` is the share
/// of the most probable one of all intents.
pub fn margin(near: f32, share: f32, most: f32) -> f32 {
    (near / MEANT).min(share / (RIVAL * most).max(f32::MIN_POSITIVE))
}

/// An example with its vector, as the model gave it.
#[derive(Debug, Clone)]
pub struct Example {
    /// The text.
    pub text: String,
    /// Its vector.
    pub vector: Vec<f32>,
}

/// How a nearness is made of cosines: half of what counts lies at `middle`, and it rises within about `width`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The cosine that is as much a yes as a no.
    pub middle: f32,
    /// How far from there it is clear.
    pub width: f32,
}

/// Where vectors lie, and what a nearness is made of there.
#[derive(Debug, Clone, PartialEq)]
pub struct Space {
    /// How cosines are read.
    pub scale: Scale,
    /// Ordinary messages, centred as all others.
    pub cohort: Vec<Vec<f32>>,
    /// How much of the nearness to those is taken off the nearness to the examples.
    pub share: f32,
}

/// A group as it was compared with a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Meant {
    /// Number of the group.
    pub group: usize,
    /// Its nearest example.
    pub example: String,
    /// How near the message lies, 0 to 1; see [`MEANT`].
    pub near: f32,
    /// How probable it is among all groups, were it one of them; 0 to 1.
    pub share: f32,
}

/// What was learned of groups of examples.
#[derive(Debug, Clone)]
pub struct Learned {
    space: Arc<Space>,
    /// Number of the group, text, centred vector.
    examples: Vec<(usize, String, Vec<f32>)>,
    centroids: BTreeMap<usize, Vec<f32>>,
    /// For each group the weights of the dimensions, and the bias at their end.
    weights: BTreeMap<usize, Vec<f32>>,
}

/// A vector less the mean of its model, brought to length 1.
pub fn centred(vector: &[f32], mean: &[f32]) -> Vec<f32> {
    let mean = mean.iter().copied().chain(std::iter::repeat(0.0));
    unit(vector.iter().zip(mean).map(|(x, m)| x - m).collect())
}

/// Vectors of several models as one: a cosine of it is the mean of theirs.
pub fn joined(parts: &[Vec<f32>]) -> Vec<f32> {
    let share = 1.0 / (parts.len().max(1) as f32).sqrt();
    parts.iter().flatten().map(|x| x * share).collect()
}

/// Cosine of two vectors of length 1; what one has beyond the other's end is not looked at.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let ((a, a_rest), (b, b_rest)) = (a[..length].as_chunks::<LANES>(), b[..length].as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (x, y))| *sum += x * y);
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum::<f32>()
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
    vector
}

impl Scale {
    /// How near a cosine is.
    pub fn near(self, cosine: f32) -> f32 {
        1.0 / (1.0 + (-(cosine - self.middle) / self.width * 4.0).exp())
    }
}

impl Space {
    /// What a vector has in common with ordinary messages, as far as it is taken off.
    fn common(&self, vector: &[f32]) -> f32 {
        let mut near: Vec<f32> = self.cohort.iter().map(|ordinary| dot(ordinary, vector)).collect();
        near.sort_unstable_by(|a, b| b.total_cmp(a));
        near.truncate(COHORT);
        self.share * near.iter().sum::<f32>() / near.len().max(1) as f32
    }
}

impl Learned {
    /// Learns groups of examples whose vectors are centred (and joined, where there are several models). Groups without an
    /// example are never meant.
    pub fn learn(groups: &[Vec<Example>], space: Arc<Space>) -> Self {
        let total: usize = groups.iter().map(Vec::len).sum();
        // Where there are too many, each group gives as many as the others.
        let each = if total > MOST_EXAMPLES { (MOST_EXAMPLES / groups.len().max(1)).max(1) } else { usize::MAX };
        let examples: Vec<(usize, String, Vec<f32>)> = groups
            .iter()
            .enumerate()
            .flat_map(|(group, of)| of.iter().take(each).map(move |e| (group, e.text.clone(), e.vector.clone())))
            .collect();
        let mut centroids: BTreeMap<usize, Vec<f32>> = BTreeMap::new();
        for (group, _, vector) in &examples {
            let sum = centroids.entry(*group).or_insert_with(|| vec![0.0; vector.len()]);
            sum.iter_mut().zip(vector).for_each(|(s, x)| *s += x);
        }
        let centroids: BTreeMap<usize, Vec<f32>> = centroids.into_iter().map(|(g, sum)| (g, unit(sum))).collect();
        let weights = regression(&examples, &centroids);
        Self { space, examples, centroids, weights }
    }

    /// Every group with its nearness and its share, the most probable first. `vector` is centred as the examples were.
    pub fn read(&self, vector: &[f32]) -> Vec<Meant> {
        let mut nearest: BTreeMap<usize, (f32, &str)> = BTreeMap::new();
        for (group, text, example) in &self.examples {
            let cosine = dot(example, vector);
            let best = nearest.entry(*group).or_insert((f32::MIN, ""));
            if cosine > best.0 {
                *best = (cosine, text);
            }
        }
        let common = self.space.common(vector);
        let scores: Vec<f32> = self.weights.values().map(|weights| linear(weights, vector)).collect();
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = scores.iter().map(|score| (score - most).exp()).sum();
        let mut out: Vec<Meant> = nearest
            .into_iter()
            .zip(scores)
            .map(|((group, (cosine, example)), score)| {
                let middle = self.centroids.get(&group).map_or(0.0, |centroid| dot(centroid, vector));
                Meant {
                    group,
                    example: example.to_owned(),
                    near: self.space.scale.near(NEAREST * cosine + (1.0 - NEAREST) * middle - common),
                    share: (score - most).exp() / sum,
                }
            })
            .collect();
        out.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.group.cmp(&b.group)));
        out
    }
}

fn linear(weights: &[f32], vector: &[f32]) -> f32 {
    dot(weights, vector) + weights.last().copied().unwrap_or(0.0)
}

/// Multinomial logistic regression with an L2 penalty, by Nesterov's descent from the groups' middles: the problem is
/// strictly convex, so where it begins only decides how soon it is there.
fn regression(
    examples: &[(usize, String, Vec<f32>)],
    centroids: &BTreeMap<usize, Vec<f32>>,
) -> BTreeMap<usize, Vec<f32>> {
    let groups: Vec<usize> = centroids.keys().copied().collect();
    let size = centroids.values().next().map_or(0, Vec::len);
    let (n, k) = (examples.len(), groups.len());
    if n == 0 {
        return BTreeMap::new();
    }
    let label: Vec<usize> = examples.iter().map(|(g, _, _)| groups.binary_search(g).unwrap_or_default()).collect();
    // An intent with a hundred examples is no likelier than one with five.
    let mut counts = vec![0.0_f64; k];
    label.iter().for_each(|&at| counts[at] += 1.0);
    let weight: Vec<f32> = label.iter().map(|&at| narrow(n as f64 / (k as f64 * counts[at]))).collect();
    let penalty = narrow(1.0 / (FREEDOM * n as f64));
    // The second derivatives of the mean loss are at most half the square of a row's length; a row has length 1 and a bias.
    let step = 1.0 / (weight.iter().copied().fold(1.0, f32::max) + penalty);
    let momentum = (1.0 - (penalty * step).sqrt()) / (1.0 + (penalty * step).sqrt());
    let row = size + 1;
    let mut now: Vec<f32> = centroids.values().flat_map(|c| c.iter().map(|x| x * 4.0).chain([0.0])).collect();
    let mut ahead = now.clone();
    let steps = MOST_STEPS.min(MOST_WORK / (2 * n * k * row).max(1)).max(1);
    for _ in 0..steps {
        let mut gradient: Vec<f32> =
            ahead.iter().enumerate().map(|(at, w)| if at % row == size { 0.0 } else { penalty * w }).collect();
        for (((_, _, vector), &own), &heavy) in examples.iter().zip(&label).zip(&weight) {
            let mut chances: Vec<f32> = ahead.chunks_exact(row).map(|weights| linear(weights, vector)).collect();
            let most = chances.iter().copied().fold(f32::MIN, f32::max);
            chances.iter_mut().for_each(|c| *c = (*c - most).exp());
            let sum: f32 = chances.iter().sum();
            for (at, chance) in chances.iter().enumerate() {
                let miss = (chance / sum - if at == own { 1.0 } else { 0.0 }) * heavy / n as f32;
                let of = &mut gradient[at * row..(at + 1) * row];
                of.iter_mut().zip(vector).for_each(|(g, x)| *g += miss * x);
                of[size] += miss;
            }
        }
        let mut largest = 0.0_f32;
        for ((w, a), g) in now.iter_mut().zip(&mut ahead).zip(&gradient) {
            let next = *a - step * g;
            largest = largest.max(g.abs());
            *a = next + momentum * (next - *w);
            *w = next;
        }
        if largest < 1e-5 {
            break;
        }
    }
    groups.into_iter().zip(now.chunks_exact(row)).map(|(group, weights)| (group, weights.to_vec())).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
fn narrow(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> Arc<Space> {
        Arc::new(Space { scale: Scale { middle: 0.5, width: 0.2 }, cohort: Vec::new(), share: 0.0 })
    }

    /// Three groups around three axes.
    fn groups() -> Vec<Vec<Example>> {
        (0..3_u8)
            .map(|group| {
                let one = |n: u8| {
                    let mut vector = vec![f32::from(n) * 0.05; 3];
                    vector[usize::from(group)] = 1.0;
                    Example { text: format!("{group} {n}"), vector: unit(vector) }
                };
                (0..5).map(one).collect()
            })
            .collect()
    }

    #[test]
    fn the_group_around_a_message_is_meant_and_far_away_none_is() {
        let learned = Learned::learn(&groups(), space());
        for group in 0..3 {
            let mut vector = vec![0.1; 3];
            vector[group] = 1.0;
            let read = learned.read(&unit(vector));
            assert_eq!(read[0].group, group);
            assert!(read[0].near > 0.9 && read[0].share > 0.8, "{read:?}");
            assert!(read[1].near < MEANT, "{read:?}");
            assert!((read.iter().map(|meant| meant.share).sum::<f32>() - 1.0).abs() < 1e-4);
        }
        let far = learned.read(&unit(vec![-1.0, -1.0, -1.0]));
        assert!(far.iter().all(|meant| meant.near < 0.05), "{far:?}");
    }

    #[test]
    fn the_same_examples_teach_the_same() {
        let (one, two) = (Learned::learn(&groups(), space()), Learned::learn(&groups(), space()));
        assert_eq!(one.read(&[0.6, 0.8, 0.0]), two.read(&[0.6, 0.8, 0.0]));
    }

    #[test]
    fn empty_groups_and_no_groups_are_never_meant() {
        let mut some = groups();
        some.insert(1, Vec::new());
        let read = Learned::learn(&some, space()).read(&[1.0, 0.0, 0.0]);
        assert_eq!(read.iter().map(|meant| meant.group).collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(Learned::learn(&[], space()).read(&[1.0]), []);
        assert_eq!(Learned::learn(&[Vec::new()], space()).read(&[1.0]), []);
    }

    #[test]
    fn a_group_with_many_examples_is_no_likelier() {
        let one = |at: usize| {
            let mut vector = vec![0.0; 2];
            vector[at] = 1.0;
            Example { text: String::new(), vector }
        };
        let learned = Learned::learn(&[vec![one(0); 50], vec![one(1)]], space());
        let read = learned.read(&unit(vec![1.0, 1.0]));
        assert!((read[0].share - 0.5).abs() < 0.05, "{read:?}");
    }

    #[test]
    fn what_is_like_any_message_is_less_near() {
        let cohort = vec![vec![1.0, 0.0, 0.0]];
        let against = Arc::new(Space { cohort, share: 0.5, ..(*space()).clone() });
        let near = |space| Learned::learn(&groups(), space).read(&[1.0, 0.0, 0.0])[0].near;
        assert!(near(against) < near(space()) - 0.05);
    }

    #[test]
    fn a_dot_ends_where_the_shorter_one_does() {
        for length in 0..3 * LANES {
            let ones = vec![1.0; length];
            let places: Vec<f32> = (0_u8..).take(length + 1).map(f32::from).collect();
            let sum = places[..length].iter().sum::<f32>();
            assert!((dot(&ones, &places) - sum).abs() < f32::EPSILON, "{length}");
            assert!((dot(&places, &ones) - sum).abs() < f32::EPSILON, "{length}");
        }
    }

    #[test]
    fn joined_cosines_are_the_mean() {
        let a = joined(&[vec![1.0, 0.0], vec![1.0, 0.0]]);
        let b = joined(&[vec![1.0, 0.0], vec![0.0, 1.0]]);
        assert!((dot(&a, &b) - 0.5).abs() < 1e-6);
        assert!((dot(&a, &a) - 1.0).abs() < 1e-6);
        assert_eq!(centred(&[3.0, 1.0], &[0.0, 1.0]), [1.0, 0.0]);
    }
}
