//! Thanks and greetings: words to which "I don't know" would be a strange answer.

/// Longest small talk, in words; what is longer holds a question.
const MOST_WORDS: usize = 5;

/// Lists of words with spaces between them; a script without spaces has whole phrases in them.
const THANKS: [&str; 4] = [
    "thanks thank thx ty cheers danke dankeschön vielen dank gracias muchas merci obrigado obrigada valeu grazie",
    "bedankt dankjewel dankuwel dziękuję dzięki спасибо благодарю дякую شكرا تسلم תודה धन्यवाद शुक्रिया dhanyavaad",
    "shukriya ơn 谢谢 谢谢你 谢谢您 多谢 謝謝 感谢 ありがとう ありがとうございます 감사합니다 감사해요 고마워요 고맙습니다",
    "teşekkürler teşekkür sağol kasih makasih tack",
];
const GREETINGS: [&str; 4] = [
    "hello hi hey morning evening afternoon hallo moin servus tag abend morgen hola buenas buenos bonjour bonsoir salut",
    "olá oi bom boa ciao salve buongiorno buonasera hoi goedemorgen goedemiddag goedenavond cześć dzień witam привет",
    "здравствуйте здравствуй добрый доброе привіт вітаю добрий доброго مرحبا صباح أهلا السلام שלום היי בוקר नमस्ते नमस्कार namaste chào",
    "你好 您好 嗨 こんにちは こんばんは おはよう おはようございます 안녕하세요 안녕 merhaba selam günaydın halo hai selamat hej hejsan god günler",
];
/// Words that may stand beside them.
const AROUND: [&str; 6] = [
    "you so much very a lot many there good guten schön sehr días dias tardes noches beaucoup bien ok okay great super",
    "perfect again all muito dia tarde noite tante mille dank u wel je heel veel erg bardzo dobry wieczór день утро",
    "вечер вечір ранку большое огромное дуже велике جزيلا لك عليكم وسهلا الخير טוב רבה לך बहुत आपका ji bahut xin cảm cám",
    "bye goodbye tschüss tschüs wiedersehen auf adiós hasta luego au revoir tchau arrivederci doei ziens widzenia свидания",
    "побачення السلامة مع להתראות tạm biệt 再见 さようなら güle hej då",
    "bạn shop nhiều ạ 정말 너무 ederim çok iyi terima banyak pagi siang sore malam kak så mycket dag morgon",
];

/// Words that ask nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SmallTalk {
    /// The visitor says thanks.
    Thanks,
    /// The visitor says hello.
    Greeting,
}

impl SmallTalk {
    /// What a message is, when it is nothing but small talk.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(is_between).filter(|word| word.chars().any(char::is_alphanumeric)).collect();
        let known = |word: &&str| [&THANKS[..], &GREETINGS, &AROUND].iter().any(|lists| holds(lists, word));
        if words.len() > MOST_WORDS || !words.iter().all(known) {
            return None;
        }
        let any = |lists: &[&str]| words.iter().any(|word| holds(lists, word));
        match (any(&THANKS), any(&GREETINGS)) {
            (true, _) => Some(Self::Thanks),
            (false, true) => Some(Self::Greeting),
            (false, false) => None,
        }
    }
}

fn holds(lists: &[&str], word: &str) -> bool {
    lists.iter().any(|list| list.split_whitespace().any(|known| known == word))
}

/// Not every sign within a word is alphanumeric: the vowels of Hindi are not.
fn is_between(c: char) -> bool {
    c.is_whitespace() || c.is_ascii_punctuation() || "¡¿…’。、！？，～।،؟".contains(c)
}

#[cfg(test)]
mod tests {
    use super::SmallTalk;

    #[test]
    fn a_question_is_no_small_talk() {
        for text in ["", "thanks, and how do I return it?", "hi can you help me", "morgen lieferung", "good", "ok"] {
            assert_eq!(SmallTalk::of(text), None, "{text}");
        }
        assert_eq!(SmallTalk::of("Thank you so much!"), Some(SmallTalk::Thanks));
        assert_eq!(SmallTalk::of("ok thanks bye"), Some(SmallTalk::Thanks));
        assert_eq!(SmallTalk::of("ok danke, tschüss"), Some(SmallTalk::Thanks));
        assert_eq!(SmallTalk::of("Guten Tag"), Some(SmallTalk::Greeting));
        assert_eq!(SmallTalk::of("thanks 🙂"), Some(SmallTalk::Thanks));
    }

    #[test]
    fn thanks_and_greetings_of_many_languages() {
        for text in ["muito obrigada", "grazie mille!", "dziękuję bardzo", "большое спасибо", "شكرا جزيلا", "धन्यवाद"]
            .into_iter()
            .chain([
                "cảm ơn nhiều",
                "谢谢！",
                "ありがとうございます",
                "감사합니다",
                "çok teşekkürler",
                "terima kasih",
                "tack så mycket",
            ])
        {
            assert_eq!(SmallTalk::of(text), Some(SmallTalk::Thanks), "{text}");
        }
        for text in ["Olá, bom dia", "buongiorno", "dzień dobry", "Здравствуйте!", "السلام عليكم", "नमस्ते", "xin chào"]
            .into_iter()
            .chain(["您好", "こんにちは", "안녕하세요", "merhaba", "selamat pagi", "hej", "שלום"])
        {
            assert_eq!(SmallTalk::of(text), Some(SmallTalk::Greeting), "{text}");
        }
        for text in ["bom preço", "mille", "dia 12"] {
            assert_eq!(SmallTalk::of(text), None, "{text}");
        }
    }
}
