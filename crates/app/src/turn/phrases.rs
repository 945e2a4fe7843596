//! What the Supervisor itself says, in the visitor's language where it is one of ours.

/// "Shall I bring in a person?", for a wish that is near the threshold.
pub(crate) fn offer(language: Option<&str>) -> &'static str {
    match primary(language) {
        "de" => "Soll ich jemanden aus dem Team dazuholen? Ein kurzes „Ja“ genügt.",
        "es" => "¿Quiere que avise a una persona del equipo? Basta con un «sí».",
        "fr" => "Voulez-vous que je fasse venir une personne de l’équipe ? Un simple « oui » suffit.",
        _ => "Shall I bring in a person? A short “yes” is enough.",
    }
}

/// When no AI could answer and nobody may be called.
pub(crate) fn sorry(language: Option<&str>) -> &'static str {
    match primary(language) {
        "de" => {
            "Das konnte ich gerade nicht beantworten. Ihre Nachricht ist gespeichert; bitte versuchen Sie es gleich noch einmal."
        }
        "es" => "Ahora mismo no he podido responder. Su mensaje está guardado; inténtelo de nuevo en un momento.",
        "fr" => "Je n’ai pas pu répondre à l’instant. Votre message est enregistré ; réessayez dans un moment.",
        _ => "I couldn't answer that just now. Your message is saved; please try again in a moment.",
    }
}

fn primary(language: Option<&str>) -> &str {
    language.and_then(|tag| tag.split(['-', '_']).next()).unwrap_or("en")
}
