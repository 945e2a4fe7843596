//! What the Supervisor itself says, in the visitor's language where it is one of ours.

/// "Shall I bring in a person?", for a wish that is near the threshold.
pub(crate) fn offer(language: Option<&str>) -> &'static str {
    in_language(&OFFERS, language)
}

/// When the offer of a person was declined.
pub(crate) fn all_right(language: Option<&str>) -> &'static str {
    in_language(&ALL_RIGHT, language)
}

/// When no AI could answer and nobody may be called.
pub(crate) fn sorry(language: Option<&str>) -> &'static str {
    in_language(&APOLOGIES, language)
}

/// When there are files and no words.
pub(crate) fn only_files(language: Option<&str>) -> &'static str {
    in_language(&ONLY_FILES, language)
}

/// The question for something that an AI agent needs to know: as its owner wrote it, or by its name.
pub(crate) fn ask_for(language: Option<&str>, variable: &domain::agents::Variable) -> String {
    let description = variable.description.trim();
    if description.ends_with(['?', '？', '؟']) {
        return description.to_owned();
    }
    let what = if description.is_empty() { variable.name.replace('_', " ") } else { description.to_owned() };
    in_language(&QUESTIONS, language).replace("{}", &what)
}

/// The text of the language, else the first one.
fn in_language(texts: &[(&str, &'static str)], language: Option<&str>) -> &'static str {
    let wanted = language.and_then(|tag| tag.split(['-', '_']).next());
    let found = texts.iter().find(|(code, _)| Some(*code) == wanted).or(texts.first());
    found.map_or("", |(_, text)| text)
}

const OFFERS: [(&str, &str); 20] = [
    ("en", "Shall I bring in a person? A short “yes” is enough."),
    ("de", "Soll ich jemanden aus dem Team dazuholen? Ein kurzes „Ja“ genügt."),
    ("es", "¿Quiere que avise a una persona del equipo? Basta con un «sí»."),
    ("fr", "Voulez-vous que je fasse venir une personne de l’équipe ? Un simple « oui » suffit."),
    ("pt", "Quer que eu chame uma pessoa da equipe? Basta um “sim”."),
    ("it", "Vuole che chiami una persona del team? Basta un «sì»."),
    ("nl", "Zal ik er iemand van het team bij halen? Een kort ‘ja’ is genoeg."),
    ("pl", "Czy mam zawołać kogoś z zespołu? Wystarczy krótkie „tak”."),
    ("ru", "Позвать человека из команды? Достаточно короткого «да»."),
    ("uk", "Покликати людину з команди? Достатньо короткого «так»."),
    ("ar", "هل أستدعي شخصا من الفريق؟ تكفي كلمة «نعم»."),
    ("he", "לקרוא לאדם מהצוות? מספיק לכתוב „כן”."),
    ("hi", "क्या मैं टीम से किसी व्यक्ति को बुलाऊँ? बस “हाँ” लिख दीजिए।"),
    ("vi", "Bạn có muốn tôi mời một người trong đội ngũ vào không? Chỉ cần trả lời “có”."),
    ("zh", "需要我请团队里的人来吗？回复“好”就可以。"),
    ("ja", "チームの者をお呼びしましょうか。「はい」とだけお返事ください。"),
    ("ko", "팀의 직원을 불러 드릴까요? “네”라고만 답해 주세요."),
    ("tr", "Ekipten birini çağırayım mı? Kısa bir “evet” yeterli."),
    ("id", "Mau saya panggilkan seseorang dari tim? Cukup jawab “ya”."),
    ("sv", "Ska jag hämta någon från teamet? Det räcker med ett ”ja”."),
];

const ALL_RIGHT: [(&str, &str); 20] = [
    ("en", "All right. I'm here if you need anything else."),
    ("de", "Alles klar. Ich bin da, wenn Sie noch etwas brauchen."),
    ("es", "De acuerdo. Aquí estoy si necesita algo más."),
    ("fr", "Très bien. Je suis là si vous avez besoin d’autre chose."),
    ("pt", "Tudo bem. Estou aqui se precisar de mais alguma coisa."),
    ("it", "Va bene. Sono qui se le serve altro."),
    ("nl", "Prima. Ik ben er als u nog iets nodig hebt."),
    ("pl", "Dobrze. Jestem tu, gdyby było jeszcze coś potrzebne."),
    ("ru", "Хорошо. Я здесь, если понадобится что-нибудь ещё."),
    ("uk", "Добре. Я тут, якщо знадобиться ще щось."),
    ("ar", "حسنا. أنا هنا إن احتجت إلى شيء آخر."),
    ("he", "בסדר. אני כאן אם יידרש עוד משהו."),
    ("hi", "ठीक है। और कुछ चाहिए तो मैं यहीं हूँ।"),
    ("vi", "Vâng. Tôi ở đây nếu bạn cần thêm điều gì."),
    ("zh", "好的。如果还需要什么，我就在这里。"),
    ("ja", "承知しました。ほかに何かありましたら、いつでもどうぞ。"),
    ("ko", "알겠습니다. 더 필요하신 것이 있으면 말씀해 주세요."),
    ("tr", "Tamam. Başka bir şeye ihtiyacınız olursa buradayım."),
    ("id", "Baik. Saya di sini kalau ada lagi yang diperlukan."),
    ("sv", "Okej. Jag finns här om du behöver något mer."),
];

const APOLOGIES: [(&str, &str); 20] = [
    ("en", "I couldn't answer that just now. Your message is saved; please try again in a moment."),
    (
        "de",
        "Das konnte ich gerade nicht beantworten. Ihre Nachricht ist gespeichert; bitte versuchen Sie es gleich noch einmal.",
    ),
    ("es", "Ahora mismo no he podido responder. Su mensaje está guardado; inténtelo de nuevo en un momento."),
    ("fr", "Je n’ai pas pu répondre à l’instant. Votre message est enregistré ; réessayez dans un moment."),
    ("pt", "Não consegui responder agora. A sua mensagem está guardada; tente de novo daqui a pouco."),
    ("it", "In questo momento non sono riuscito a rispondere. Il suo messaggio è salvato; riprovi tra poco."),
    ("nl", "Ik kon daar nu geen antwoord op geven. Uw bericht is bewaard; probeer het zo nog eens."),
    ("pl", "Nie udało mi się teraz odpowiedzieć. Wiadomość jest zapisana; proszę spróbować za chwilę."),
    ("ru", "Сейчас не получилось ответить. Ваше сообщение сохранено; попробуйте ещё раз чуть позже."),
    ("uk", "Зараз не вдалося відповісти. Ваше повідомлення збережено; спробуйте ще раз трохи згодом."),
    ("ar", "لم أتمكن من الرد الآن. رسالتك محفوظة؛ حاول مرة أخرى بعد قليل."),
    ("he", "לא הצלחתי לענות כרגע. ההודעה נשמרה; אפשר לנסות שוב בעוד רגע."),
    ("hi", "अभी मैं इसका उत्तर नहीं दे पाया। आपका संदेश सुरक्षित है; कृपया थोड़ी देर में फिर कोशिश करें।"),
    ("vi", "Hiện tôi chưa trả lời được. Tin nhắn của bạn đã được lưu; vui lòng thử lại sau giây lát."),
    ("zh", "刚才没能回答。您的消息已保存，请稍后再试。"),
    ("ja", "ただいまお答えできませんでした。メッセージは保存されています。少ししてからもう一度お試しください。"),
    ("ko", "지금은 답변을 드리지 못했습니다. 메시지는 저장되었으니 잠시 후 다시 시도해 주세요."),
    ("tr", "Şu anda yanıt veremedim. Mesajınız kaydedildi; lütfen biraz sonra yeniden deneyin."),
    ("id", "Saya belum bisa menjawab sekarang. Pesan Anda tersimpan; silakan coba lagi sebentar lagi."),
    ("sv", "Jag kunde inte svara just nu. Ditt meddelande är sparat; försök igen om en stund."),
];

const ONLY_FILES: [(&str, &str); 20] = [
    (
        "en",
        "Thank you, your file has arrived. I can't look into files: please tell me in a few words what it is about.",
    ),
    (
        "de",
        "Danke, Ihre Datei ist angekommen. Ich kann nicht in Dateien hineinsehen: Bitte sagen Sie mir in ein paar Worten, worum es geht.",
    ),
    ("es", "Gracias, su archivo ha llegado. No puedo ver archivos: dígame en pocas palabras de qué se trata."),
    (
        "fr",
        "Merci, votre fichier est bien arrivé. Je ne peux pas l’ouvrir : dites-moi en quelques mots de quoi il s’agit.",
    ),
    ("pt", "Obrigado, o seu ficheiro chegou. Não consigo abrir ficheiros: diga-me em poucas palavras do que se trata."),
    ("it", "Grazie, il suo file è arrivato. Non posso aprire file: mi dica in poche parole di che cosa si tratta."),
    (
        "nl",
        "Dank u, uw bestand is aangekomen. Ik kan niet in bestanden kijken: vertel me in een paar woorden waar het om gaat.",
    ),
    ("pl", "Dziękuję, plik dotarł. Nie mogę otwierać plików: proszę napisać w kilku słowach, o co chodzi."),
    ("ru", "Спасибо, файл получен. Я не могу открывать файлы: напишите в нескольких словах, о чём речь."),
    ("uk", "Дякую, файл отримано. Я не можу відкривати файли: напишіть кількома словами, про що йдеться."),
    ("ar", "شكرا، وصل ملفك. لا أستطيع فتح الملفات: أخبرني ببضع كلمات عن موضوعه."),
    ("he", "תודה, הקובץ הגיע. אינני יכול לפתוח קבצים: נא לכתוב בכמה מילים במה מדובר."),
    ("hi", "धन्यवाद, आपकी फ़ाइल मिल गई। मैं फ़ाइलें नहीं देख सकता: कृपया कुछ शब्दों में बताइए कि बात क्या है।"),
    ("vi", "Cảm ơn, tệp của bạn đã đến. Tôi không xem được tệp: hãy cho tôi biết vài lời về nội dung."),
    ("zh", "谢谢，文件已收到。我无法查看文件，请用几句话告诉我是什么事情。"),
    ("ja", "ファイルを受け取りました。ファイルの中身は見られませんので、どのようなご用件か一言お書きください。"),
    ("ko", "파일을 받았습니다. 저는 파일을 열어 볼 수 없으니 어떤 내용인지 몇 마디로 알려 주세요."),
    ("tr", "Teşekkürler, dosyanız ulaştı. Dosyaların içine bakamıyorum: lütfen konuyu birkaç kelimeyle yazın."),
    (
        "id",
        "Terima kasih, berkas Anda sudah diterima. Saya tidak bisa melihat isi berkas: tolong jelaskan dengan beberapa kata.",
    ),
    ("sv", "Tack, din fil har kommit fram. Jag kan inte öppna filer: berätta med några ord vad det gäller."),
];

const QUESTIONS: [(&str, &str); 20] = [
    ("en", "Could you also tell me this: {}?"),
    ("de", "Können Sie mir noch sagen: {}?"),
    ("es", "¿Me puede decir además: {}?"),
    ("fr", "Pouvez-vous aussi m’indiquer ceci : {} ?"),
    ("pt", "Pode dizer-me também: {}?"),
    ("it", "Può dirmi anche questo: {}?"),
    ("nl", "Kunt u mij ook dit zeggen: {}?"),
    ("pl", "Proszę jeszcze podać: {}?"),
    ("ru", "Подскажите ещё, пожалуйста: {}?"),
    ("uk", "Підкажіть ще, будь ласка: {}?"),
    ("ar", "هل يمكنك أن تخبرني أيضا بهذا: {}؟"),
    ("he", "אפשר לציין גם את זה: {}?"),
    ("hi", "कृपया यह भी बताइए: {}?"),
    ("vi", "Bạn cho tôi biết thêm: {}?"),
    ("zh", "请再告诉我：{}？"),
    ("ja", "こちらも教えていただけますか：{}？"),
    ("ko", "다음도 알려 주시겠어요: {}?"),
    ("tr", "Şunu da söyler misiniz: {}?"),
    ("id", "Boleh beri tahu juga: {}?"),
    ("sv", "Kan du också säga mig detta: {}?"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_in_every_language() {
        let codes = |texts: &[(&str, &str)]| texts.iter().map(|(code, _)| (*code).to_owned()).collect::<Vec<_>>();
        assert_eq!(codes(&OFFERS), codes(&APOLOGIES));
        assert_eq!(codes(&OFFERS), codes(&ONLY_FILES));
        assert_eq!(codes(&OFFERS), codes(&QUESTIONS));
        assert!(QUESTIONS.iter().all(|(_, text)| text.contains("{}")));
        assert!(offer(Some("pt-BR")).starts_with("Quer"));
        assert_eq!(offer(Some("xx")), offer(None));
    }

    #[test]
    fn an_offer_is_written_in_its_language_and_can_be_accepted() {
        for (code, text) in OFFERS {
            assert_eq!(supervisor::language::guess(text), Some(code), "{text}");
            assert!(supervisor::promises_person(text).is_none(), "an offer promises nobody: {text}");
            let yes = text.split(['“', '„', '«', '‘', '「', '”']).nth(1).unwrap_or_default();
            let yes = yes.trim_matches(|c: char| !c.is_alphanumeric()).split(['”', '“', '»', '’', '」']).next();
            assert!(supervisor::affirms(yes.unwrap_or_default()), "{text}");
        }
    }
}
