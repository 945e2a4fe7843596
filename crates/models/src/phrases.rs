//! What the built-in answerer says by itself, in the visitor's language where it is one of ours.

use crate::small_talk::SmallTalk;

/// An answer to thanks or a greeting.
pub(crate) fn small_talk(kind: SmallTalk, language: Option<&str>) -> &'static str {
    match kind {
        SmallTalk::Thanks => own(language).thanks,
        SmallTalk::Greeting => own(language).greeting,
    }
}

/// It does not know and says so.
pub(crate) fn unknown(language: Option<&str>, may_offer_person: bool) -> &'static str {
    if may_offer_person { own(language).unknown_offer } else { own(language).unknown }
}

struct Phrases {
    language: &'static str,
    thanks: &'static str,
    greeting: &'static str,
    unknown_offer: &'static str,
    unknown: &'static str,
}

/// The phrases of the language, else the first ones.
fn own(language: Option<&str>) -> &'static Phrases {
    let wanted = language.and_then(|tag| tag.split(['-', '_']).next());
    PHRASES.iter().find(|phrases| Some(phrases.language) == wanted).unwrap_or(&PHRASES[0])
}

static PHRASES: [Phrases; 20] = [
    Phrases {
        language: "en",
        thanks: "You're welcome. Is there anything else I can help with?",
        greeting: "Hello. What can I do for you?",
        unknown_offer: "I don't have anything about that in what I know. Shall I bring in a person from the team?",
        unknown: "I don't have anything about that in what I know. Could you put it another way?",
    },
    Phrases {
        language: "de",
        thanks: "Gern geschehen. Kann ich sonst noch etwas für Sie tun?",
        greeting: "Hallo. Was kann ich für Sie tun?",
        unknown_offer: "Dazu habe ich leider nichts in meinen Unterlagen. Soll ich jemanden aus dem Team dazuholen?",
        unknown: "Dazu habe ich leider nichts in meinen Unterlagen. Mögen Sie es anders formulieren?",
    },
    Phrases {
        language: "es",
        thanks: "De nada. ¿Puedo ayudarle en algo más?",
        greeting: "Hola. ¿En qué puedo ayudarle?",
        unknown_offer: "No he encontrado nada sobre eso en lo que sé. ¿Quiere que avise a una persona del equipo?",
        unknown: "No he encontrado nada sobre eso en lo que sé. ¿Puede decirlo de otra manera?",
    },
    Phrases {
        language: "fr",
        thanks: "Je vous en prie. Puis-je vous aider pour autre chose ?",
        greeting: "Bonjour. Que puis-je faire pour vous ?",
        unknown_offer: "Je n’ai rien trouvé à ce sujet dans ce que je sais. Voulez-vous que je fasse venir une personne de l’équipe ?",
        unknown: "Je n’ai rien trouvé à ce sujet dans ce que je sais. Pouvez-vous le dire autrement ?",
    },
    Phrases {
        language: "pt",
        thanks: "De nada. Posso ajudar em mais alguma coisa?",
        greeting: "Olá. Em que posso ajudar?",
        unknown_offer: "Não encontrei nada sobre isso no que sei. Quer que eu chame uma pessoa da equipe?",
        unknown: "Não encontrei nada sobre isso no que sei. Pode dizer de outra forma?",
    },
    Phrases {
        language: "it",
        thanks: "Prego. Posso aiutarla in altro?",
        greeting: "Salve. Che cosa posso fare per lei?",
        unknown_offer: "Non ho trovato nulla al riguardo in quello che so. Vuole che chiami una persona del team?",
        unknown: "Non ho trovato nulla al riguardo in quello che so. Può dirlo in un altro modo?",
    },
    Phrases {
        language: "nl",
        thanks: "Graag gedaan. Kan ik u nog ergens mee helpen?",
        greeting: "Hallo. Wat kan ik voor u doen?",
        unknown_offer: "Daarover heb ik niets gevonden in wat ik weet. Zal ik er iemand van het team bij halen?",
        unknown: "Daarover heb ik niets gevonden in wat ik weet. Kunt u het anders zeggen?",
    },
    Phrases {
        language: "pl",
        thanks: "Nie ma za co. Czy mogę jeszcze w czymś pomóc?",
        greeting: "Dzień dobry. W czym mogę pomóc?",
        unknown_offer: "Nie mam nic na ten temat w tym, co wiem. Czy mam zawołać kogoś z zespołu?",
        unknown: "Nie mam nic na ten temat w tym, co wiem. Czy można zapytać inaczej?",
    },
    Phrases {
        language: "ru",
        thanks: "Пожалуйста. Могу ещё чем-нибудь помочь?",
        greeting: "Здравствуйте. Чем могу помочь?",
        unknown_offer: "В том, что я знаю, об этом ничего нет. Позвать человека из команды?",
        unknown: "В том, что я знаю, об этом ничего нет. Можете сказать иначе?",
    },
    Phrases {
        language: "uk",
        thanks: "Прошу. Можу ще чимось допомогти?",
        greeting: "Добрий день. Чим можу допомогти?",
        unknown_offer: "У тому, що я знаю, про це нічого немає. Покликати людину з команди?",
        unknown: "У тому, що я знаю, про це нічого немає. Можете сказати інакше?",
    },
    Phrases {
        language: "ar",
        thanks: "على الرحب والسعة. هل يمكنني المساعدة في شيء آخر؟",
        greeting: "مرحبا. كيف يمكنني مساعدتك؟",
        unknown_offer: "لم أجد شيئا عن ذلك في ما أعرفه. هل أستدعي شخصا من الفريق؟",
        unknown: "لم أجد شيئا عن ذلك في ما أعرفه. هل يمكنك قولها بطريقة أخرى؟",
    },
    Phrases {
        language: "he",
        thanks: "בשמחה. אפשר לעזור בעוד משהו?",
        greeting: "שלום. במה אפשר לעזור?",
        unknown_offer: "לא מצאתי על זה דבר במה שידוע לי. לקרוא לאדם מהצוות?",
        unknown: "לא מצאתי על זה דבר במה שידוע לי. אפשר לנסח את זה אחרת?",
    },
    Phrases {
        language: "hi",
        thanks: "आपका स्वागत है। क्या मैं और कुछ मदद कर सकता हूँ?",
        greeting: "नमस्ते। मैं आपकी क्या मदद कर सकता हूँ?",
        unknown_offer: "मेरी जानकारी में इसके बारे में कुछ नहीं है। क्या मैं टीम से किसी व्यक्ति को बुलाऊँ?",
        unknown: "मेरी जानकारी में इसके बारे में कुछ नहीं है। क्या आप इसे दूसरे शब्दों में कह सकते हैं?",
    },
    Phrases {
        language: "vi",
        thanks: "Không có gì ạ. Tôi có thể giúp gì thêm không?",
        greeting: "Xin chào. Tôi có thể giúp gì cho bạn?",
        unknown_offer: "Tôi không tìm thấy điều này trong những gì tôi biết. Bạn có muốn tôi mời một người trong đội ngũ vào không?",
        unknown: "Tôi không tìm thấy điều này trong những gì tôi biết. Bạn có thể nói cách khác được không?",
    },
    Phrases {
        language: "zh",
        thanks: "不客气。还有什么可以帮您的吗？",
        greeting: "您好。有什么可以帮您？",
        unknown_offer: "我知道的内容里没有这方面的信息。需要我请团队里的人来吗？",
        unknown: "我知道的内容里没有这方面的信息。可以换个说法吗？",
    },
    Phrases {
        language: "ja",
        thanks: "どういたしまして。ほかにお手伝いできることはありますか。",
        greeting: "こんにちは。ご用件をお聞かせください。",
        unknown_offer: "その件についての情報が見つかりませんでした。チームの者をお呼びしましょうか。",
        unknown: "その件についての情報が見つかりませんでした。別の言い方でお聞かせいただけますか。",
    },
    Phrases {
        language: "ko",
        thanks: "천만에요. 더 도와드릴 일이 있을까요?",
        greeting: "안녕하세요. 무엇을 도와드릴까요?",
        unknown_offer: "제가 아는 내용에는 관련 정보가 없습니다. 팀의 직원을 불러 드릴까요?",
        unknown: "제가 아는 내용에는 관련 정보가 없습니다. 다르게 말씀해 주시겠어요?",
    },
    Phrases {
        language: "tr",
        thanks: "Rica ederim. Başka bir konuda yardımcı olabilir miyim?",
        greeting: "Merhaba. Size nasıl yardımcı olabilirim?",
        unknown_offer: "Bildiklerim arasında bununla ilgili bir şey bulamadım. Ekipten birini çağırayım mı?",
        unknown: "Bildiklerim arasında bununla ilgili bir şey bulamadım. Başka türlü söyleyebilir misiniz?",
    },
    Phrases {
        language: "id",
        thanks: "Sama-sama. Ada lagi yang bisa saya bantu?",
        greeting: "Halo. Apa yang bisa saya bantu?",
        unknown_offer: "Saya tidak menemukan hal itu dalam yang saya ketahui. Mau saya panggilkan seseorang dari tim?",
        unknown: "Saya tidak menemukan hal itu dalam yang saya ketahui. Bisa dikatakan dengan cara lain?",
    },
    Phrases {
        language: "sv",
        thanks: "Varsågod. Kan jag hjälpa till med något mer?",
        greeting: "Hej. Vad kan jag hjälpa till med?",
        unknown_offer: "Jag hittar inget om det i det jag vet. Ska jag hämta någon från teamet?",
        unknown: "Jag hittar inget om det i det jag vet. Kan du säga det på ett annat sätt?",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_with_a_region_finds_its_language_and_another_one_gets_english() {
        assert!(small_talk(SmallTalk::Greeting, Some("pt-BR")).starts_with("Olá"));
        assert_eq!(unknown(Some("xx"), true), unknown(None, true));
        assert_ne!(unknown(Some("ja"), true), unknown(Some("ja"), false));
    }
}
