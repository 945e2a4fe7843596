//! Vectors of examples and of chunks.

use ports::vectors::{Known, Reading, Unread};

use super::{
    knowledge::{index, index_as, stands_for},
    world::{Engine, World, chatbot, scope},
};

const MODEL: &str = "a model";

fn known(text: &str, vector: &[f32]) -> Known {
    (stands_for(text), vector.to_vec())
}

/// In the order in which they were written.
async fn unread(world: &World, model: &str, language: Option<&str>) -> Vec<Unread> {
    let all = (0, i64::MAX);
    let mut found = world.store.unread_chunks(world.scope, chatbot("shop"), model, language, all, 10).await.unwrap();
    found.reverse();
    found
}

fn texts(unread: &[Unread]) -> Vec<&str> {
    unread.iter().map(|chunk| chunk.text.as_str()).collect()
}

/// A reading of one part.
fn whole(vector: &[f32]) -> Reading {
    Reading { whole: vector.to_vec(), parts: Vec::new() }
}

/// Keeps a vector for each chunk: its number of letters.
async fn keep(world: &World, unread: Vec<Unread>) {
    let read = unread.into_iter().map(|chunk| {
        let (digest, length) = (stands_for(&chunk.text), chunk.text.len() as f32);
        (chunk, digest, whole(&[length, 0.5]))
    });
    world.store.keep_chunks(world.scope, chatbot("shop"), MODEL, read.collect(), true).await.unwrap();
}

async fn settle(world: &World, models: &[&str]) {
    let models: Vec<String> = models.iter().map(|&model| model.to_owned()).collect();
    world.store.settle_chunks(world.scope, chatbot("shop"), MODEL, &models).await.unwrap();
}

async fn vectors(world: &World) -> Vec<f32> {
    let read = world.store.chunk_vectors(world.scope, chatbot("shop"), MODEL, 0, 10).await.unwrap();
    read.iter().map(|one| one.vector[0]).collect()
}

async fn number(world: &World) -> i64 {
    world.store.chatbot(world.scope, chatbot("shop")).await.unwrap().knowledge
}

/// Kept once, read back page by page, forgotten one by one, for each model by itself.
pub async fn examples_keep_their_vectors(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, scope, shop) = (&world.store, world.scope, chatbot("shop"));
    let three = vec![known("a", &[1.0, -0.25]), known("b", &[2.0]), known("c", &[3.0])];
    store.keep_examples(scope, shop, MODEL, three.clone()).await.unwrap();
    store.keep_examples(scope, shop, MODEL, vec![known("a", &[9.0])]).await.unwrap();
    store.keep_examples(scope, shop, "another", vec![known("a", &[7.0])]).await.unwrap();

    let first = store.example_vectors(scope, shop, MODEL, None, 2).await.unwrap();
    assert_eq!(first, three[..2]);
    let rest = store.example_vectors(scope, shop, MODEL, Some(first[1].0), 2).await.unwrap();
    assert_eq!(rest, three[2..]);

    store.forget_examples(scope, shop, MODEL, vec![stands_for("b"), stands_for("never")]).await.unwrap();
    let left = store.example_vectors(scope, shop, MODEL, None, 9).await.unwrap();
    assert_eq!(left, [three[0].clone(), three[2].clone()]);
    assert_eq!(store.example_vectors(scope, shop, "another", None, 9).await.unwrap(), [known("a", &[7.0])]);
}

/// A text that stood there before keeps its vector; a text that is gone loses it; sources count what was read.
pub async fn what_changed_is_read_and_nothing_else(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let source = index(&world, "faq", &[("Tea", "at five"), ("Milk", "first")]).await;
    assert_eq!(source.read, 0);
    let before = number(&world).await;
    let new = unread(&world, MODEL, None).await;
    assert_eq!(texts(&new), ["at five", "first"]);
    assert_eq!(unread(&world, MODEL, Some("en")).await.len(), 2, "its language is not known: it may be this one");
    keep(&world, new).await;
    assert_eq!(world.store.source(world.scope, source.id).await.unwrap().0.read, 2);
    settle(&world, &[MODEL]).await;
    assert_eq!(unread(&world, MODEL, None).await, []);
    assert_eq!(unread(&world, "another", None).await.len(), 2);
    assert_eq!(vectors(&world).await, [7.0, 5.0]);
    let after = number(&world).await;
    assert!(after > before);

    // Changed: one of the two texts stays.
    index_as(&world, "faq", "Changed", &[("Tea", "at five"), ("Milk", "last of all")]).await;
    assert!(number(&world).await > after);
    assert_eq!(vectors(&world).await, [7.0]);
    let new = unread(&world, MODEL, None).await;
    assert_eq!(texts(&new), ["last of all"]);
    let chunk = new[0].chunk;
    keep(&world, new).await;
    settle(&world, &[MODEL]).await;
    assert_eq!(vectors(&world).await, [7.0, 11.0]);
    assert_eq!(world.store.source(world.scope, source.id).await.unwrap().0.read, 2);
    let passages = world.store.passages(world.scope, chatbot("shop"), &[chunk, i64::MAX]).await.unwrap();
    assert_eq!(passages.iter().map(|found| found.text.as_str()).collect::<Vec<_>>(), ["last of all"]);

    // Another model has come in its place, then the source is gone.
    settle(&world, &["another"]).await;
    assert!(vectors(&world).await.is_empty());
    world.store.delete_source(world.scope, source.id).await.unwrap();
    assert_eq!(world.store.passages(world.scope, chatbot("shop"), &[chunk]).await.unwrap(), []);
}

/// What was written last comes first, between any two numbers.
pub async fn what_is_unread_comes_newest_first(engine: &dyn Engine) {
    let world = World::new(engine).await;
    index(&world, "faq", &[("Tea", "one"), ("Milk", "two")]).await;
    index(&world, "more", &[("Sugar", "three"), ("Bread", "four")]).await;
    let all = unread(&world, MODEL, None).await;
    assert_eq!(texts(&all), ["one", "two", "three", "four"]);
    let between = async |above: i64, below: i64| {
        let found = world.store.unread_chunks(world.scope, chatbot("shop"), MODEL, None, (above, below), 2).await;
        found.unwrap().into_iter().map(|chunk| chunk.text).collect::<Vec<_>>()
    };
    assert_eq!(between(0, i64::MAX).await, ["four", "three"]);
    assert_eq!(between(0, all[2].chunk).await, ["two", "one"]);
    assert_eq!(between(all[0].chunk, all[2].chunk).await, ["two"]);
    assert!(between(0, all[0].chunk).await.is_empty() && between(all[3].chunk, i64::MAX).await.is_empty());
}

/// The parts of chunks come back with their numbers, stay with their text, and go with it.
pub async fn parts_are_kept_with_their_chunk(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (store, scope, shop) = (&world.store, world.scope, chatbot("shop"));
    let source = index(&world, "faq", &[("Tea", "at five. on sundays at four."), ("Milk", "first")]).await;
    let new = unread(&world, MODEL, None).await;
    let chunks: Vec<i64> = new.iter().map(|chunk| chunk.chunk).collect();
    let parts = [vec![1.0, 0.0, 0.5, 0.5], Vec::new()];
    let read = new.iter().zip(&parts).map(|(chunk, parts)| {
        (chunk.clone(), stands_for(&chunk.text), Reading { whole: vec![0.0, 1.0], parts: parts.clone() })
    });
    store.keep_chunks(scope, shop, MODEL, read.collect(), true).await.unwrap();
    assert_eq!(unread(&world, MODEL, None).await, [], "one part only is read, too");
    let [tea, milk] = chunks[..] else { panic!("{chunks:?}") };
    let by_another = Reading { whole: vec![1.0], parts: vec![0.5] };
    let one = vec![(new[0].clone(), stands_for(&new[0].text), by_another)];
    store.keep_chunks(scope, shop, "another", one, false).await.unwrap();
    let of = async |models: &[&str], chunks: &[i64]| {
        let found = store.part_vectors(scope, shop, models, chunks).await.unwrap();
        let mut found: Vec<_> = found.into_iter().map(|read| (read.model, read.chunk, read.parts)).collect();
        found.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        found
    };
    let by = |model: &str, chunk: i64, parts: &[f32]| (model.to_owned(), chunk, parts.to_vec());
    let (ours, theirs) = ([by(MODEL, tea, &parts[0]), by(MODEL, milk, &[])], [by("another", tea, &[0.5])]);
    assert_eq!(of(&[MODEL], &[milk, i64::MAX, tea]).await, ours);
    assert_eq!(of(&["another"], &chunks).await, theirs);
    assert_eq!(of(&[MODEL, "a third", "another"], &[tea]).await, [ours[0].clone(), theirs[0].clone()]);
    assert_eq!((of(&[], &chunks).await, of(&[MODEL], &[]).await), (Vec::new(), Vec::new()));
    assert_eq!(store.part_vectors(super::world::scope("others"), shop, &[MODEL], &chunks).await.unwrap(), []);

    // The text moves to another place, and what was read of it with it; what is gone is forgotten.
    index_as(&world, "faq", "Changed", &[("Sugar", "two"), ("Tea", "at five. on sundays at four.")]).await;
    let new = unread(&world, MODEL, None).await;
    assert_eq!(texts(&new), ["two"]);
    let moved = store.chunk_vectors(scope, shop, MODEL, 0, 9).await.unwrap();
    assert_eq!(of(&[MODEL], &[moved[0].chunk]).await, [by(MODEL, moved[0].chunk, &parts[0])]);
    store.delete_source(scope, source.id).await.unwrap();
    settle(&world, &[MODEL]).await;
    index(&world, "again", &[("Tea", "at five. on sundays at four.")]).await;
    assert_eq!(unread(&world, MODEL, None).await.len(), 1, "nothing was left of it");
}

/// Neither reads nor writes reach over.
pub async fn another_workspace_reads_nothing(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let other = scope("others");
    index(&world, "faq", &[("Tea", "at five")]).await;
    let new = unread(&world, MODEL, None).await;
    let chunk = new[0].chunk;
    let (store, shop) = (&world.store, chatbot("shop"));
    assert_eq!(store.unread_chunks(other, shop, MODEL, None, (0, i64::MAX), 9).await.unwrap(), []);
    let stolen: Vec<_> = new.iter().map(|chunk| (chunk.clone(), stands_for("stolen"), whole(&[0.0]))).collect();
    store.keep_chunks(other, shop, MODEL, stolen, true).await.unwrap();
    assert!(vectors(&world).await.is_empty());
    keep(&world, new).await;
    assert_eq!(vectors(&world).await, [7.0]);
    assert_eq!(store.chunk_vectors(other, shop, MODEL, 0, 9).await.unwrap(), []);
    assert_eq!(store.passages(other, shop, &[chunk]).await.unwrap(), []);
    store.settle_chunks(other, shop, MODEL, &[]).await.unwrap();
    assert_eq!(vectors(&world).await, [7.0], "nothing was swept");

    store.keep_examples(other, shop, MODEL, vec![known("a", &[1.0])]).await.unwrap();
    assert_eq!(store.example_vectors(world.scope, shop, MODEL, None, 9).await.unwrap(), []);
    store.keep_examples(world.scope, shop, MODEL, vec![known("a", &[1.0])]).await.unwrap();
    assert_eq!(store.example_vectors(other, shop, MODEL, None, 9).await.unwrap(), []);
    store.forget_examples(other, shop, MODEL, vec![stands_for("a")]).await.unwrap();
    assert_eq!(store.example_vectors(world.scope, shop, MODEL, None, 9).await.unwrap().len(), 1);
}
