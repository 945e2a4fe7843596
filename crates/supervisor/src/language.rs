//! A cheap guess at the language of a message: its script, else its small words.

use crate::normal;

/// Small words that few other languages share; ties go to the language listed first.
const SMALL_WORDS: [(&str, &str); 11] = [
    ("en", "the is to you i my and can what how please with a of it want someone i'm don't your have do are"),
    (
        "de",
        "ich und der die das nicht mit ist ein eine einen einem bitte wie mein meine kann sie mich mir zu wo fur auf \
         haben sind wann mochte jemand",
    ),
    (
        "es",
        "el los quiero con que mi por favor como una un puedo hola es para me necesito donde cuando no de la del hay \
         gracias su estoy alguien",
    ),
    (
        "fr",
        "je le les avec est vous pas une un mon ma pour bonjour comment voudrais veux des de la s'il plait au du qui \
         quelqu'un j'ai merci",
    ),
    (
        "pt",
        "eu nao com uma um voce meu minha por quero falar ola preciso obrigado obrigada de o os do da em isso pra \
         alguem queria onde",
    ),
    (
        "it",
        "il che non con sono mio mia vorrei ciao un una di posso per come grazie la del ho mi qualcuno voglio dove \
         quando",
    ),
    ("nl", "ik het een niet met mijn kan wil graag hoe naar van de je iemand is er jullie u mij waar dank"),
    ("pl", "nie chce prosze jak moje jest czy na moge do sie rozmawiac z mi kims gdzie kiedy dziekuje mam moja dzien"),
    ("tr", "bir ve istiyorum nasil mi icin benim lutfen ile bu var beni ne nerede merhaba kadar biri"),
    (
        "id",
        "saya mau bisa yang tidak dengan di ini apa aku gak nggak tolong ke dan ada kamu terima kasih berapa kapan \
         orang",
    ),
    ("sv", "jag att och det ar vill med en inte kan min mitt hur pa ni har nagon tack hej er ett var"),
];

/// Letters that only one of these languages writes; one of them says as much as two small words.
const LETTERS: [(&str, &str); 7] =
    [("es", "ñ¿¡"), ("pt", "ãõ"), ("de", "ß"), ("pl", "łąęśżźćń"), ("tr", "ğşı"), ("sv", "å"), ("fr", "œêë")];

/// Ukrainian words without a letter that Russian lacks.
const UKRAINIAN: [&str; 12] =
    ["дякую", "будь", "ласка", "треба", "людину", "людиною", "щоб", "чи", "як", "що", "хтось", "замовлення"];

/// ISO 639-1 code, or nothing when the text does not give it away.
pub fn guess(text: &str) -> Option<&'static str> {
    let lower = normal::plain(text);
    if let Some(by_script) = by_script(&lower) {
        return Some(by_script);
    }
    if lower.contains(['ơ', 'ư', 'ạ', 'ế', 'ệ', 'ộ', 'ữ', 'ầ', 'ấ', 'ề', 'ể', 'ố', 'ợ', 'ị', 'ủ', 'ả', 'ọ'])
    {
        return Some("vi");
    }
    let folded = normal::without_accents(&lower);
    let words = normal::words(&folded);
    let mut best = (0, None);
    for (code, list) in SMALL_WORDS {
        let letters = LETTERS.iter().find(|(of, _)| *of == code).map_or("", |(_, letters)| letters);
        let small = words.iter().filter(|word| list.split_whitespace().any(|small| small == **word)).count();
        let own = lower.chars().filter(|c| letters.contains(*c)).count();
        if small + 2 * own > best.0 {
            best = (small + 2 * own, Some(code));
        }
    }
    best.1
}

/// Languages that are told apart here.
const CODES: [&str; 20] = [
    "en", "de", "es", "fr", "pt", "it", "nl", "pl", "ru", "uk", "ar", "he", "hi", "vi", "zh", "ja", "ko", "tr", "id",
    "sv",
];
/// Words that several languages share so evenly that alone they say nothing.
const SHARED: [&str; 1] = ["no"];

/// The language that somebody writes in: of their newest message that gives one away, else that of their browser (a tag
/// after BCP 47), as far as it is one of ours.
pub fn spoken<'m>(newest_first: impl IntoIterator<Item = &'m str>, browser: Option<&str>) -> Option<&'static str> {
    let given_away = newest_first.into_iter().find_map(|message| {
        let plain = normal::plain(message);
        // A number of an order is no word, whatever letters it has.
        let is_word = |word: &&str| {
            !word.contains(|c: char| c.is_ascii_digit())
                && !SHARED.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()))
        };
        guess(&plain.split(' ').filter(is_word).collect::<Vec<_>>().join(" "))
    });
    given_away.or_else(|| {
        let code = browser?.split(['-', '_']).next()?.to_ascii_lowercase();
        CODES.into_iter().find(|known| *known == code)
    })
}

fn by_script(text: &str) -> Option<&'static str> {
    let mut han = false;
    for c in text.chars() {
        match c {
            '\u{3040}'..='\u{30ff}' => return Some("ja"),
            '\u{ac00}'..='\u{d7af}' => return Some("ko"),
            '\u{0e00}'..='\u{0e7f}' => return Some("th"),
            '\u{0590}'..='\u{05ff}' => return Some("he"),
            // Persian writes letters that Arabic has not.
            '\u{0600}'..='\u{06ff}' => return Some(if text.contains(['پ', 'چ', 'ژ', 'گ']) { "fa" } else { "ar" }),
            '\u{0900}'..='\u{097f}' => return Some("hi"),
            '\u{0370}'..='\u{03ff}' => return Some("el"),
            '\u{0400}'..='\u{04ff}' => return Some(cyrillic(text)),
            '\u{4e00}'..='\u{9fff}' => han = true,
            _ => {}
        }
    }
    han.then_some("zh")
}

fn cyrillic(text: &str) -> &'static str {
    let words = normal::words(text);
    let ukrainian = text.contains(['і', 'ї', 'є', 'ґ']) || words.iter().any(|word| UKRAINIAN.contains(word));
    if ukrainian && !text.contains(['ы', 'э', 'ё', 'ъ']) { "uk" } else { "ru" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_word_is_heard_in_the_language_of_the_talk() {
        let german = ["Wo ist mein Paket?", "Hallo"];
        assert_eq!(spoken(["no"].into_iter().chain(german), Some("en-GB")), Some("de"));
        assert_eq!(spoken(["nein danke"].into_iter().chain(german), Some("en")), Some("de"));
        for text in ["no", "no thanks", "ok no", "No!", "no internet", "42", ""] {
            assert_eq!(spoken([text], Some("en-GB")), Some("en"), "{text}");
            assert_eq!(spoken([text], Some("DE")), Some("de"), "{text}");
            assert_eq!(spoken([text], Some("xx")), None, "{text}");
        }
        assert_eq!(spoken(["no quiero nada"], Some("en")), Some("es"));
        assert_eq!(spoken(["谢谢", "Hello there, how do I return it?"], None), Some("zh"));
    }

    #[test]
    fn plain_sentences_give_their_language_away() {
        for (text, expect) in [
            ("I want to talk to someone", Some("en")),
            ("Ich möchte mit einem Menschen sprechen", Some("de")),
            ("Quiero hablar con una persona", Some("es")),
            ("Je voudrais parler à quelqu'un s'il vous plaît", Some("fr")),
            ("Quero falar com uma pessoa", Some("pt")),
            ("人と話したい", Some("ja")),
            ("转人工", Some("zh")),
            ("Хочу поговорить с человеком", Some("ru")),
            ("Cho tôi gặp nhân viên tư vấn ạ", Some("vi")),
            ("Preciso de ajuda com a encomenda", Some("pt")),
            ("não consigo entrar", Some("pt")),
            ("¿Dónde está mi pedido?", Some("es")),
            ("Vorrei parlare con qualcuno", Some("it")),
            ("kan ik iemand van jullie spreken", Some("nl")),
            ("chcę rozmawiać z konsultantem", Some("pl")),
            ("bir insanla görüşmek istiyorum", Some("tr")),
            ("saya mau bicara dengan orang", Some("id")),
            ("jag vill prata med någon", Some("sv")),
            ("хочу поговорити з людиною", Some("uk")),
            ("мне нужен оператор", Some("ru")),
            ("это что такое", Some("ru")),
            ("אני רוצה לדבר עם נציג", Some("he")),
            ("أريد التحدث مع موظف", Some("ar")),
            ("می‌خواهم با یک نفر گفتگو کنم", Some("fa")),
            ("상담원 연결해 주세요", Some("ko")),
            ("मुझे एजेंट चाहिए", Some("hi")),
            ("12345", None),
        ] {
            assert_eq!(guess(text), expect, "{text}");
        }
    }
}
