//! What a mail to a visitor says around what people wrote, in the languages that the chat itself speaks.

/// The words of mails in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The line above which an answer is written. It begins with [`super::quotes::MARK`], short enough that no mail program
    /// breaks it.
    pub above: &'static str,
    /// Answers are read by nobody.
    pub unread: &'static str,
    /// Where the chat goes on; the address follows.
    pub go_on: &'static str,
    /// Why this mail came; `{place}` is the chatbot.
    pub why: &'static str,
    /// Subject of replies; `{place}` is the chatbot.
    pub subject: &'static str,
    /// Subject of a transcript; `{place}` is the chatbot.
    pub transcript: &'static str,
    /// What was attached to a mail and not taken; the names follow.
    pub not_taken: &'static str,
}

/// Every language with its tag, English first.
pub(super) const ALL: [(&str, Words); 5] = [
    (
        "en",
        Words {
            above: "##- Please write your answer above this line -##",
            unread: "Nobody reads answers to this mail: please go on in the chat.",
            go_on: "To go on in the chat, open this page in the browser that you used before:",
            why: "You get this mail because you left your address in the chat with {place}.",
            subject: "Your chat with {place}",
            transcript: "Transcript of your chat with {place}",
            not_taken: "Not taken from the mail:",
        },
    ),
    (
        "de",
        Words {
            above: "##- Bitte antworten Sie oberhalb dieser Zeile -##",
            unread: "Antworten auf diese Mail liest niemand: Bitte schreiben Sie im Chat weiter.",
            go_on: "Weiter im Chat geht es auf dieser Seite, im selben Browser wie zuvor:",
            why: "Sie bekommen diese Mail, weil Sie im Chat mit {place} Ihre Adresse hinterlassen haben.",
            subject: "Ihr Chat mit {place}",
            transcript: "Verlauf Ihres Chats mit {place}",
            not_taken: "Nicht aus der Mail übernommen:",
        },
    ),
    (
        "es",
        Words {
            above: "##- Escriba su respuesta encima de esta línea -##",
            unread: "Nadie lee las respuestas a este correo: continúe en el chat.",
            go_on: "Para continuar en el chat, abra esta página en el navegador que usó antes:",
            why: "Recibe este correo porque dejó su dirección en el chat con {place}.",
            subject: "Su chat con {place}",
            transcript: "Transcripción de su chat con {place}",
            not_taken: "No se ha tomado del correo:",
        },
    ),
    (
        "fr",
        Words {
            above: "##- Écrivez votre réponse au-dessus de cette ligne -##",
            unread: "Personne ne lit les réponses à ce message : continuez dans le chat.",
            go_on: "Pour continuer dans le chat, ouvrez cette page dans le navigateur déjà utilisé :",
            why: "Vous recevez ce message parce que vous avez laissé votre adresse dans le chat avec {place}.",
            subject: "Votre chat avec {place}",
            transcript: "Transcription de votre chat avec {place}",
            not_taken: "Non repris du message :",
        },
    ),
    (
        "ar",
        Words {
            above: "##- يرجى كتابة ردك فوق هذا السطر -##",
            unread: "لا يقرأ أحد الردود على هذه الرسالة: يرجى المتابعة في الدردشة.",
            go_on: "للمتابعة في الدردشة، افتح هذه الصفحة في المتصفح الذي استخدمته من قبل:",
            why: "وصلتك هذه الرسالة لأنك تركت عنوانك في الدردشة مع {place}.",
            subject: "دردشتك مع {place}",
            transcript: "نص دردشتك مع {place}",
            not_taken: "لم يؤخذ من الرسالة:",
        },
    ),
];

/// The words for a visitor's language; English where it is none of these.
pub fn words(language: Option<&str>) -> &'static Words {
    let tag = language.unwrap_or_default().trim();
    let main = tag.split(['-', '_']).next().unwrap_or_default();
    let found = ALL.iter().find(|(language, _)| main.eq_ignore_ascii_case(language));
    &found.unwrap_or(&ALL[0]).1
}

impl Words {
    /// Words with the name of the chatbot in them.
    pub fn named(text: &str, place: &str) -> String {
        text.replace("{place}", place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_language_counts() {
        for (tag, expected) in [("de-AT", 1), ("ES", 2), ("fr_CA", 3), ("ar-EG", 4), ("en-GB", 0), ("pt", 0), ("", 0)] {
            assert_eq!(words(Some(tag)), &ALL[expected].1, "{tag}");
        }
        assert_eq!(words(None), &ALL[0].1);
    }

    #[test]
    fn the_line_is_short_and_every_text_names_the_place() {
        for (language, words) in ALL {
            assert!(words.above.starts_with("##- ") && words.above.ends_with(" -##"), "{language}");
            assert!(words.above.chars().count() <= 60, "{language}");
            for text in [words.why, words.subject, words.transcript] {
                assert_eq!(text.matches("{place}").count(), 1, "{language}: {text}");
            }
        }
    }
}
