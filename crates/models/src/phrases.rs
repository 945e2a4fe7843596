//! What the built-in answerer says by itself, in the visitor's language where it is one of ours.

use crate::small_talk::SmallTalk;

/// An answer to thanks or a greeting.
pub(crate) fn small_talk(kind: SmallTalk, language: Option<&str>) -> &'static str {
    match (kind, primary(language)) {
        (SmallTalk::Thanks, "de") => "Gern geschehen. Kann ich sonst noch etwas für Sie tun?",
        (SmallTalk::Thanks, "es") => "De nada. ¿Puedo ayudarle en algo más?",
        (SmallTalk::Thanks, "fr") => "Je vous en prie. Puis-je vous aider pour autre chose ?",
        (SmallTalk::Thanks, _) => "You're welcome. Is there anything else I can help with?",
        (SmallTalk::Greeting, "de") => "Hallo. Was kann ich für Sie tun?",
        (SmallTalk::Greeting, "es") => "Hola. ¿En qué puedo ayudarle?",
        (SmallTalk::Greeting, "fr") => "Bonjour. Que puis-je faire pour vous ?",
        (SmallTalk::Greeting, _) => "Hello. What can I do for you?",
    }
}

/// It does not know and says so.
pub(crate) fn unknown(language: Option<&str>, may_offer_person: bool) -> &'static str {
    match (primary(language), may_offer_person) {
        ("de", true) => "Dazu habe ich leider nichts in meinen Unterlagen. Soll ich jemanden aus dem Team dazuholen?",
        ("de", false) => "Dazu habe ich leider nichts in meinen Unterlagen. Mögen Sie es anders formulieren?",
        ("es", true) => "No he encontrado nada sobre eso en lo que sé. ¿Quiere que avise a una persona del equipo?",
        ("es", false) => "No he encontrado nada sobre eso en lo que sé. ¿Puede decirlo de otra manera?",
        ("fr", true) => {
            "Je n’ai rien trouvé à ce sujet dans ce que je sais. Voulez-vous que je fasse venir une personne de l’équipe ?"
        }
        ("fr", false) => "Je n’ai rien trouvé à ce sujet dans ce que je sais. Pouvez-vous le dire autrement ?",
        (_, true) => "I don't have anything about that in what I know. Shall I bring in a person from the team?",
        (_, false) => "I don't have anything about that in what I know. Could you put it another way?",
    }
}

fn primary(language: Option<&str>) -> &str {
    language.and_then(|tag| tag.split(['-', '_']).next()).unwrap_or("en")
}
