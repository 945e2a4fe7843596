//! A model that reads a talk between people may begin its answer like a line of it: "Sofia: ..". Whoever speaks is shown
//! by the desk, and it is the AI: the beginning goes.

/// Names of itself that a model puts before its words.
const OWN: [&str; 3] = ["assistant", "ai", "ai assistant"];
/// Signs around a name.
const SIGNS: [char; 5] = ['*', '[', ']', '_', '#'];

/// Lets an answer through, without a name before it.
#[derive(Debug)]
pub(crate) struct Beginning {
    names: Vec<String>,
    held: Option<String>,
}

impl Beginning {
    /// Looks for these names and the usual ones.
    pub(crate) fn without<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let own = OWN.iter().copied().map(str::to_owned);
        let names = names.into_iter().map(str::to_lowercase).filter(|name| !name.is_empty());
        Self { names: own.chain(names).collect(), held: Some(String::new()) }
    }

    /// What can be shown after this piece.
    pub(crate) fn pass(&mut self, piece: &str) -> String {
        let Some(held) = &mut self.held else { return piece.to_owned() };
        held.push_str(piece);
        match self.judge() {
            Judgement::Open => String::new(),
            Judgement::Shown(text) => {
                self.held = None;
                text
            }
        }
    }

    /// What was still held back when the answer ended.
    pub(crate) fn rest(&mut self) -> String {
        self.held.take().unwrap_or_default()
    }

    fn judge(&self) -> Judgement {
        let held = self.held.as_deref().unwrap_or_default();
        let bare = held.trim_start().trim_start_matches(SIGNS);
        let plain = bare.to_lowercase();
        for name in &self.names {
            if let Some(after) = plain.strip_prefix(name.as_str()) {
                let end = after.trim_start_matches(SIGNS);
                if end.trim_start().is_empty() {
                    return Judgement::Open;
                }
                if end.trim_start().starts_with([':', '：']) {
                    // The length of what is dropped is told from the end: small letters may be longer.
                    let behind = bare.split_once([':', '：']).map_or("", |(_, behind)| behind);
                    let text = behind.trim_start_matches(SIGNS).trim_start();
                    return if text.is_empty() { Judgement::Open } else { Judgement::Shown(text.to_owned()) };
                }
            } else if name.starts_with(plain.as_str()) {
                return Judgement::Open;
            }
        }
        Judgement::Shown(held.to_owned())
    }
}

enum Judgement {
    Open,
    Shown(String),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(pieces: &[&str], expected: &str) {
        let mut beginning = Beginning::without(["Sofia", "Ana Maria"]);
        let mut out: String = pieces.iter().map(|piece| beginning.pass(piece)).collect();
        out.push_str(&beginning.rest());
        assert_eq!(out, expected, "{pieces:?}");
    }

    #[test]
    fn a_name_before_the_answer_goes() {
        check(&["Sofia: I approve it."], "I approve it.");
        check(&["So", "fi", "a", ":", " ", "I approve: yes."], "I approve: yes.");
        check(&["**Ana Maria:** Yes."], "Yes.");
        check(&["[SOFIA]: Yes."], "Yes.");
        check(&["assistant: Yes."], "Yes.");
    }

    #[test]
    fn anything_else_stays() {
        check(&["Sofia will see your message."], "Sofia will see your message.");
        check(&["Sofi"], "Sofi");
        check(&["Note: it is open."], "Note: it is open.");
        check(&["**Open** until", " six: daily."], "**Open** until six: daily.");
        check(&["  - one\n", "- two"], "  - one\n- two");
        check(&["AI can err: check it."], "AI can err: check it.");
    }

    proptest! {
        #[test]
        fn however_it_is_cut_it_comes_out_the_same(text in "(Sofia|sofia|Ana|AI)?[:* a-zß]{0,12}", cut in 0usize..12) {
            let whole = { let mut b = Beginning::without(["Sofia"]); let mut out = b.pass(&text); out.push_str(&b.rest()); out };
            let at = text.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(text.len());
            let mut b = Beginning::without(["Sofia"]);
            let mut out = b.pass(&text[..at]);
            out.push_str(&b.pass(&text[at..]));
            out.push_str(&b.rest());
            prop_assert_eq!(out, whole);
        }
    }
}
