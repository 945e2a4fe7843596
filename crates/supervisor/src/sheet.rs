//! The one text format of the data files: named lists, sections, lines.
//!
//! ```text
//! # a comment
//! @person = a human | a real person      named list; naming it again adds to it
//! == yes explicit                         starts a section
//! connect me to {person} {now|today|}     a line of that section
//! ```

use std::collections::BTreeMap;

/// A data file, read.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sheet {
    /// Named lists in the order written.
    pub lists: BTreeMap<String, Vec<String>>,
    /// Sections in file order: header words, then lines.
    pub sections: Vec<Section>,
}

/// The lines below one `==` header.
#[derive(Debug, Default, Clone)]
pub(crate) struct Section {
    /// The header, e.g. `yes explicit`.
    pub header: String,
    /// Lines, trimmed, without comments.
    pub lines: Vec<String>,
}

/// Reads a data file. Lines that make no sense become lines of the section: the data is ours and
/// tested, so there is nothing to report to anybody.
pub(crate) fn read(text: &str) -> Sheet {
    let mut sheet = Sheet::default();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix("==") {
            sheet.sections.push(Section { header: header.trim().to_owned(), lines: Vec::new() });
        } else if let Some((name, list)) = line.strip_prefix('@').and_then(|l| l.split_once('=')) {
            sheet
                .lists
                .entry(name.trim().to_owned())
                .or_default()
                .extend(list.split('|').map(|item| item.trim().to_owned()));
        } else if let Some(section) = sheet.sections.last_mut() {
            section.lines.push(line.to_owned());
        }
    }
    sheet
}

impl Sheet {
    /// Writes out a template: `{name}` is one item of that list, `{a|b|}` one of those written.
    /// All combinations if there are at most `limit`, else `limit` of them spread evenly.
    pub(crate) fn expand(&self, template: &str, limit: usize) -> Vec<String> {
        let parts = self.parts(template);
        let total = parts.iter().fold(1_usize, |n, p| n.saturating_mul(p.len().max(1)));
        let count = total.min(limit.max(1));
        let mut out: Vec<String> = Vec::with_capacity(count);
        let mut seed =
            template.bytes().fold(0x9e37_79b9_7f4a_7c15_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        for n in 0..count {
            let mut choice = if total <= limit { n } else { usize::MAX };
            let mut text = String::new();
            for part in &parts {
                let pick = if choice == usize::MAX {
                    seed = next_random(seed);
                    usize::try_from(seed >> 33).unwrap_or(0) % part.len().max(1)
                } else {
                    let pick = choice % part.len().max(1);
                    choice /= part.len().max(1);
                    pick
                };
                text.push_str(part.get(pick).map_or("", String::as_str));
            }
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",");
            if !text.is_empty() && !out.contains(&text) {
                out.push(text);
            }
        }
        out
    }

    fn parts(&self, template: &str) -> Vec<Vec<String>> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((before, tail)) = rest.split_once('{') {
            let Some((slot, after)) = tail.split_once('}') else { break };
            parts.push(vec![before.to_owned()]);
            parts.push(match self.lists.get(slot) {
                Some(list) => list.clone(),
                None => slot.split('|').map(str::to_owned).collect(),
            });
            rest = after;
        }
        parts.push(vec![rest.to_owned()]);
        parts
    }
}

/// Next state of a small generator (splitmix64): training must give the same bytes everywhere.
pub(crate) fn next_random(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_expand_to_all_or_to_the_limit() {
        let sheet = read("@who = a human | a person\n== yes explicit\nget me {who} {now|}\n");
        assert_eq!(sheet.sections[0].header, "yes explicit");
        let line = &sheet.sections[0].lines[0];
        assert_eq!(
            sheet.expand(line, 10),
            ["get me a human now", "get me a person now", "get me a human", "get me a person"]
        );
        assert!(sheet.expand(line, 3).len() <= 3);
        assert_eq!(sheet.expand(line, 3), sheet.expand(line, 3));
    }
}
