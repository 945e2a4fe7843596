//! Owner's intents from five examples each: unseen paraphrases match, unrelated sentences do not.

use supervisor::{Intent, IntentIndex};

#[test]
fn five_examples_find_paraphrases_and_leave_the_rest() {
    let mut intents: Vec<Intent> = Vec::new();
    let mut cases: Vec<(String, String)> = Vec::new();
    let mut header = String::new();
    for line in include_str!("../data/intents.cases.txt").lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix("== ") {
            header = name.to_owned();
            if let Some(name) = name.strip_prefix("intent ") {
                intents.push(Intent { name: name.to_owned(), examples: Vec::new() });
            }
        } else if let Some(name) = header.strip_prefix("means ") {
            cases.push((name.to_owned(), line.to_owned()));
        } else if let Some(intent) = intents.last_mut() {
            intent.examples.push(line.to_owned());
        }
    }
    let index = IntentIndex::build(&intents);
    let (mut found, mut wanted, mut alarms, mut others) = (0, 0, 0, 0);
    for (expect, text) in &cases {
        let best = index.ranked(text).into_iter().next();
        let matched = index.nearest(text).map(|m| m.name);
        let right = matched.as_deref() == Some(expect);
        if expect == "nothing" {
            others += 1;
            alarms += usize::from(matched.is_some());
        } else {
            wanted += 1;
            found += usize::from(right);
        }
        let score = best.as_ref().map_or(0.0, |m| m.score);
        println!("{} {score:.2} {expect:<16} {text:?} <- {:?}", if right { ' ' } else { '!' }, best.map(|b| b.example));
    }
    println!("paraphrases {found} of {wanted}, false matches {alarms} of {others}");
    assert!(found * 10 >= wanted * 8, "only {found} of {wanted} paraphrases found");
    assert!(alarms * 20 <= others, "{alarms} of {others} unrelated sentences matched");
}
