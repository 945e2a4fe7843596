//! What the hand-over says by itself, before an owner has written texts of their own.

use crate::handover::HandoverTexts;

/// In English: the texts that the settings begin with.
pub const ENGLISH: HandoverTexts<'static> = HandoverTexts {
    requested_message: "Of course. I've called a colleague and passed on what you told me, so you won't have to repeat it. I'm still here meanwhile.",
    start_announcement: "{name} is here now. The assistant has stepped back.",
    end_announcement: "{name} has left the chat. The assistant is back and can help you further.",
    first_text: "I'm still looking for a colleague. You don't have to stay on this page: whatever they write will be here when you come back.",
    second_text: "It takes longer than I'd like, and I'm sorry. I keep calling.",
    nobody_text: "To be honest with you: nobody could come so far. Your request stays open. Leave your e-mail address, and a colleague will write to you.",
    away_text: "Nobody is here right now. I've noted that you would like to talk to a person. Leave your e-mail address, and a colleague will write to you.",
};

/// In other languages, by the code of each.
const OTHERS: [(&str, HandoverTexts<'static>); 9] = [
    (
        "ar",
        HandoverTexts {
            requested_message: "بكل سرور. لقد استدعيت أحد الزملاء ونقلت إليه ما كتبته، فلن تحتاج إلى تكراره. وأنا باق معك في هذه الأثناء.",
            start_announcement: "{name} معك الآن. لقد تنحى المساعد جانبا.",
            end_announcement: "غادر {name} المحادثة. عاد المساعد ويمكنه متابعة مساعدتك.",
            first_text: "ما زلت أبحث عن أحد الزملاء. لست مضطرا إلى البقاء في هذه الصفحة: كل ما يكتبونه ستجده هنا عند عودتك.",
            second_text: "الأمر يستغرق وقتا أطول مما أود، وأعتذر عن ذلك. ما زلت أحاول.",
            nobody_text: "بصراحة: لم يتمكن أحد من الحضور حتى الآن. يبقى طلبك مفتوحا. اترك بريدك الإلكتروني وسيكتب إليك أحد الزملاء.",
            away_text: "لا يوجد أحد هنا الآن. لقد سجلت أنك تود التحدث مع شخص. اترك بريدك الإلكتروني وسيكتب إليك أحد الزملاء.",
        },
    ),
    (
        "de",
        HandoverTexts {
            requested_message: "Gern. Ich habe jemanden aus dem Team gerufen und weitergegeben, was Sie mir geschrieben haben. Sie müssen also nichts wiederholen. Solange bin ich noch für Sie da.",
            start_announcement: "{name} ist jetzt für Sie da. Der Assistent hat sich zurückgezogen.",
            end_announcement: "{name} hat den Chat verlassen. Der Assistent ist wieder da und hilft Ihnen gern weiter.",
            first_text: "Ich suche noch jemanden aus dem Team. Sie müssen nicht auf dieser Seite bleiben: Was man Ihnen schreibt, finden Sie hier, wenn Sie wiederkommen.",
            second_text: "Es dauert länger, als mir lieb ist. Das tut mir leid. Ich rufe weiter.",
            nobody_text: "Ganz ehrlich: Bisher konnte niemand kommen. Ihre Anfrage bleibt offen. Hinterlassen Sie Ihre E-Mail-Adresse, dann schreibt Ihnen jemand aus dem Team.",
            away_text: "Gerade ist niemand da. Ich habe notiert, dass Sie mit einem Menschen sprechen möchten. Hinterlassen Sie Ihre E-Mail-Adresse, dann schreibt Ihnen jemand aus dem Team.",
        },
    ),
    (
        "es",
        HandoverTexts {
            requested_message: "Por supuesto. He avisado a una persona del equipo y le he pasado lo que me ha contado, así que no tendrá que repetirlo. Mientras tanto, sigo aquí.",
            start_announcement: "{name} ya está aquí. El asistente se ha retirado.",
            end_announcement: "{name} ha salido del chat. El asistente ha vuelto y puede seguir ayudándole.",
            first_text: "Sigo buscando a alguien del equipo. No hace falta que se quede en esta página: lo que le escriban estará aquí cuando vuelva.",
            second_text: "Está tardando más de lo que me gustaría, y lo siento. Sigo llamando.",
            nobody_text: "Para serle sincero: hasta ahora no ha podido venir nadie. Su solicitud sigue abierta. Deje su correo electrónico y una persona del equipo le escribirá.",
            away_text: "Ahora mismo no hay nadie. He anotado que quiere hablar con una persona. Deje su correo electrónico y alguien del equipo le escribirá.",
        },
    ),
    (
        "fr",
        HandoverTexts {
            requested_message: "Bien sûr. J’ai prévenu une personne de l’équipe et lui ai transmis ce que vous m’avez dit : vous n’aurez pas à le répéter. En attendant, je reste là.",
            start_announcement: "{name} est là maintenant. L’assistant s’est retiré.",
            end_announcement: "{name} a quitté la discussion. L’assistant est de retour et peut continuer à vous aider.",
            first_text: "Je cherche encore quelqu’un de l’équipe. Vous n’êtes pas obligé de rester sur cette page : ce que l’on vous écrira sera ici à votre retour.",
            second_text: "Cela prend plus de temps que je ne le voudrais, et j’en suis désolé. Je continue d’appeler.",
            nobody_text: "Pour être honnête : personne n’a pu venir jusqu’ici. Votre demande reste ouverte. Laissez votre adresse e-mail, et une personne de l’équipe vous écrira.",
            away_text: "Il n’y a personne en ce moment. J’ai noté que vous souhaitez parler à quelqu’un. Laissez votre adresse e-mail, et une personne de l’équipe vous écrira.",
        },
    ),
    (
        "it",
        HandoverTexts {
            requested_message: "Certo. Ho chiamato una persona del team e le ho riferito ciò che mi ha scritto, così non dovrà ripeterlo. Nel frattempo resto qui.",
            start_announcement: "{name} è qui adesso. L’assistente si è fatto da parte.",
            end_announcement: "{name} ha lasciato la chat. L’assistente è tornato e può aiutarla ancora.",
            first_text: "Sto ancora cercando qualcuno del team. Non deve restare su questa pagina: quello che le scriveranno sarà qui al suo ritorno.",
            second_text: "Ci vuole più tempo di quanto vorrei, e mi dispiace. Continuo a chiamare.",
            nobody_text: "In tutta onestà: finora nessuno è potuto venire. La sua richiesta resta aperta. Lasci il suo indirizzo e-mail e una persona del team le scriverà.",
            away_text: "In questo momento non c’è nessuno. Ho annotato che desidera parlare con una persona. Lasci il suo indirizzo e-mail e qualcuno del team le scriverà.",
        },
    ),
    (
        "nl",
        HandoverTexts {
            requested_message: "Natuurlijk. Ik heb een collega geroepen en doorgegeven wat u mij hebt verteld, zodat u het niet hoeft te herhalen. Ondertussen ben ik er nog.",
            start_announcement: "{name} is er nu. De assistent heeft zich teruggetrokken.",
            end_announcement: "{name} heeft de chat verlaten. De assistent is terug en kan u verder helpen.",
            first_text: "Ik zoek nog steeds een collega. U hoeft niet op deze pagina te blijven: wat er geschreven wordt, staat hier als u terugkomt.",
            second_text: "Het duurt langer dan ik zou willen, en dat spijt me. Ik blijf bellen.",
            nobody_text: "Eerlijk gezegd: tot nu toe kon er niemand komen. Uw verzoek blijft open. Laat uw e-mailadres achter, dan schrijft een collega u.",
            away_text: "Er is nu niemand aanwezig. Ik heb genoteerd dat u met een medewerker wilt spreken. Laat uw e-mailadres achter, dan schrijft een collega u.",
        },
    ),
    (
        "pl",
        HandoverTexts {
            requested_message: "Oczywiście. Wezwałem kogoś z zespołu i przekazałem to, co już zostało napisane, więc nie trzeba niczego powtarzać. Tymczasem nadal tu jestem.",
            start_announcement: "{name} jest już na czacie. Asystent ustąpił miejsca.",
            end_announcement: "{name} opuszcza czat. Asystent wrócił i może pomagać dalej.",
            first_text: "Nadal szukam kogoś z zespołu. Nie trzeba zostawać na tej stronie: wszystko, co ktoś napisze, będzie tu po powrocie.",
            second_text: "Trwa to dłużej, niż bym chciał, za co przepraszam. Wzywam dalej.",
            nobody_text: "Mówiąc szczerze: na razie nikt nie mógł przyjść. Prośba pozostaje otwarta. Proszę zostawić adres e-mail, a ktoś z zespołu napisze.",
            away_text: "W tej chwili nikogo tu nie ma. Zapisałem prośbę o rozmowę z człowiekiem. Proszę zostawić adres e-mail, a ktoś z zespołu napisze.",
        },
    ),
    (
        "pt",
        HandoverTexts {
            requested_message: "Claro. Chamei uma pessoa da equipe e passei adiante o que me contou, assim não precisa repetir. Enquanto isso, continuo aqui.",
            start_announcement: "{name} está aqui agora. O assistente se retirou.",
            end_announcement: "{name} saiu do chat. O assistente voltou e pode continuar ajudando.",
            first_text: "Ainda estou procurando alguém da equipe. Não precisa ficar nesta página: o que escreverem estará aqui quando voltar.",
            second_text: "Está demorando mais do que eu gostaria, e peço desculpas. Continuo chamando.",
            nobody_text: "Para ser sincero: até agora ninguém pôde vir. O seu pedido continua aberto. Deixe o seu e-mail, e alguém da equipe vai lhe escrever.",
            away_text: "Não há ninguém aqui neste momento. Anotei que deseja falar com uma pessoa. Deixe o seu e-mail, e alguém da equipe vai lhe escrever.",
        },
    ),
    (
        "sv",
        HandoverTexts {
            requested_message: "Självklart. Jag har kallat på en kollega och fört vidare det du berättade, så du behöver inte upprepa det. Under tiden är jag kvar här.",
            start_announcement: "{name} är här nu. Assistenten har dragit sig tillbaka.",
            end_announcement: "{name} har lämnat chatten. Assistenten är tillbaka och kan hjälpa dig vidare.",
            first_text: "Jag letar fortfarande efter en kollega. Du behöver inte stanna på den här sidan: det som skrivs finns här när du kommer tillbaka.",
            second_text: "Det tar längre tid än jag skulle vilja, och jag är ledsen för det. Jag fortsätter att ringa.",
            nobody_text: "Ärligt talat: hittills har ingen kunnat komma. Din förfrågan är fortfarande öppen. Lämna din e-postadress, så skriver en kollega till dig.",
            away_text: "Ingen är här just nu. Jag har noterat att du vill prata med en människa. Lämna din e-postadress, så skriver en kollega till dig.",
        },
    ),
];

/// The texts in a language, by its tag; nothing where they are not translated.
pub fn built_in(tag: &str) -> Option<&'static HandoverTexts<'static>> {
    let code = tag.split('-').next()?;
    OTHERS.iter().find(|(of, _)| *of == code).map(|(_, texts)| texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits;

    #[test]
    fn every_text_is_there_and_names_whom_the_english_one_names() {
        let texts = |of: &HandoverTexts<'static>| {
            let [said, starts, ends] = [of.requested_message, of.start_announcement, of.end_announcement];
            [said, starts, ends, of.first_text, of.second_text, of.nobody_text, of.away_text]
        };
        for (code, of) in &OTHERS {
            for (text, english) in texts(of).into_iter().zip(texts(&ENGLISH)) {
                assert!(!text.is_empty() && text.trim() == text, "{code}: {text}");
                assert_ne!(text, english, "{code}");
                assert_eq!(text.contains("{name}"), english.contains("{name}"), "{code}: {text}");
                assert!(text.chars().count() <= limits::SETTING_TEXT_CHARS, "{code}: {text}");
            }
        }
        assert_eq!(built_in("pt-BR"), built_in("pt"));
        assert_eq!(built_in("en"), None);
        assert_eq!(built_in(""), None);
    }
}
