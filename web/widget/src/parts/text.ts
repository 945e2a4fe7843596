/** Texts of the rare parts, all languages together: each of them is a few lines. */

/** One thing in every language that there is a catalogue for. */
export type InLanguages<T> = Record<"en" | "de" | "es" | "fr" | "ar", T>;

/** The texts of the visitor's language. */
export function inLanguage<T>(all: InLanguages<T>, tag: string): T {
  return all[tag.slice(0, 2) as keyof InLanguages<T>] ?? all.en;
}

/** Why there is no chat: a title and what to do. */
export interface ClosedTexts {
  private: [title: string, words: string];
  missing: [title: string, words: string];
  /** The chat belongs to other pages than this one. */
  elsewhere: [title: string, words: string];
  signIn: string;
}

/** While the visitor waits: the queue, and the form for an e-mail address. */
export interface WaitingTexts {
  /** The visitor is the first one in the queue. */
  next: string;
  /** With the place in its gap. */
  place: string;
  /** With how long others waited in its gap. */
  wait: string;
  /** With the day and the time in its gap. */
  opens: string;
  /** Opens the form. */
  leave: string;
  label: string;
  save: string;
  wrong: string;
  failed: string;
  /** With the address in its gap. */
  left: string;
  transcript: string;
  mailed: string;
}

/** Files in the tray and in messages; the name of a file in its gap. */
export interface FilesTexts {
  attach: string;
  tray: string;
  remove: string;
  onWay: string;
  waits: string;
  tooLarge: string;
  unfit: string;
  failed: string;
  again: string;
  open: string;
  save: string;
}

export const files: InLanguages<FilesTexts> = {
  en: {
    attach: "Attach files",
    tray: "Files to be sent",
    remove: "Remove {name}",
    onWay: "{name} is on its way",
    waits: "Your message goes out as soon as the files are there.",
    tooLarge: "Larger than 10 MB.",
    unfit: "This kind of file cannot be sent.",
    failed: "Not sent. Please try again.",
    again: "Try again",
    open: "Open {name}",
    save: "Save {name}",
  },
  de: {
    attach: "Dateien anhängen",
    tray: "Dateien zum Senden",
    remove: "{name} entfernen",
    onWay: "{name} ist unterwegs",
    waits: "Ihre Nachricht geht hinaus, sobald die Dateien da sind.",
    tooLarge: "Größer als 10 MB.",
    unfit: "Diese Art von Datei kann nicht gesendet werden.",
    failed: "Nicht gesendet. Bitte erneut versuchen.",
    again: "Erneut versuchen",
    open: "{name} öffnen",
    save: "{name} speichern",
  },
  es: {
    attach: "Adjuntar archivos",
    tray: "Archivos por enviar",
    remove: "Quitar {name}",
    onWay: "{name} está en camino",
    waits: "Su mensaje saldrá en cuanto lleguen los archivos.",
    tooLarge: "Más de 10 MB.",
    unfit: "Este tipo de archivo no se puede enviar.",
    failed: "No enviado. Por favor, inténtelo de nuevo.",
    again: "Reintentar",
    open: "Abrir {name}",
    save: "Guardar {name}",
  },
  fr: {
    attach: "Joindre des fichiers",
    tray: "Fichiers à envoyer",
    remove: "Retirer {name}",
    onWay: "{name} est en route",
    waits: "Votre message part dès que les fichiers sont là.",
    tooLarge: "Plus de 10 Mo.",
    unfit: "Ce type de fichier ne peut pas être envoyé.",
    failed: "Non envoyé. Merci de réessayer.",
    again: "Réessayer",
    open: "Ouvrir {name}",
    save: "Enregistrer {name}",
  },
  ar: {
    attach: "إرفاق ملفات",
    tray: "ملفات للإرسال",
    remove: "إزالة {name}",
    onWay: "{name} في الطريق",
    waits: "ستُرسل رسالتك حالما تصل الملفات.",
    tooLarge: "أكبر من 10 ميغابايت.",
    unfit: "لا يمكن إرسال هذا النوع من الملفات.",
    failed: "لم يُرسل. يُرجى المحاولة مرة أخرى.",
    again: "إعادة المحاولة",
    open: "فتح {name}",
    save: "حفظ {name}",
  },
};

export const waiting: InLanguages<WaitingTexts> = {
  en: {
    next: "You are next.",
    place: "You are number {n} in the queue.",
    wait: "Others waited {time} lately.",
    opens: "We are here again on {time}.",
    leave: "Leave your e-mail",
    label: "Your e-mail address, in case you cannot wait",
    save: "Save",
    wrong: "This is not an e-mail address yet. Please check it.",
    failed: "That did not work. Please try again.",
    left: "We have {email} and can write to you.",
    transcript: "Send me this chat",
    mailed: "The chat is on its way to you.",
  },
  de: {
    next: "Sie sind als Nächstes an der Reihe.",
    place: "Sie sind Nummer {n} in der Warteschlange.",
    wait: "Andere haben zuletzt {time} gewartet.",
    opens: "Wir sind wieder da: {time}.",
    leave: "E-Mail hinterlassen",
    label: "Ihre E-Mail-Adresse, falls Sie nicht warten können",
    save: "Speichern",
    wrong: "Das ist noch keine E-Mail-Adresse. Bitte prüfen Sie sie.",
    failed: "Das hat nicht geklappt. Bitte erneut versuchen.",
    left: "Wir haben {email} und können Ihnen schreiben.",
    transcript: "Diesen Chat zusenden",
    mailed: "Der Chat ist unterwegs zu Ihnen.",
  },
  es: {
    next: "Usted es el siguiente.",
    place: "Usted es el número {n} en la cola.",
    wait: "Otros han esperado últimamente {time}.",
    opens: "Volvemos el {time}.",
    leave: "Dejar su correo",
    label: "Su correo electrónico, por si no puede esperar",
    save: "Guardar",
    wrong: "Aún no es una dirección de correo. Por favor, revísela.",
    failed: "No ha funcionado. Por favor, inténtelo de nuevo.",
    left: "Tenemos {email} y podemos escribirle.",
    transcript: "Enviarme este chat",
    mailed: "El chat va en camino.",
  },
  fr: {
    next: "C’est bientôt à vous.",
    place: "Vous êtes numéro {n} dans la file.",
    wait: "D’autres ont attendu récemment {time}.",
    opens: "Nous revenons {time}.",
    leave: "Laisser votre e-mail",
    label: "Votre adresse e-mail, si vous ne pouvez pas attendre",
    save: "Enregistrer",
    wrong: "Ce n’est pas encore une adresse e-mail. Merci de la vérifier.",
    failed: "Cela n’a pas marché. Merci de réessayer.",
    left: "Nous avons {email} et pouvons vous écrire.",
    transcript: "M’envoyer ce chat",
    mailed: "Le chat est en route.",
  },
  ar: {
    next: "أنت التالي.",
    place: "رقمك في قائمة الانتظار {n}.",
    wait: "انتظر الآخرون مؤخرًا {time}.",
    opens: "نعود إليكم {time}.",
    leave: "اترك بريدك",
    label: "بريدك الإلكتروني، إن لم تستطع الانتظار",
    save: "حفظ",
    wrong: "هذا ليس عنوان بريد إلكتروني صحيحًا بعد. يُرجى التحقق منه.",
    failed: "لم ينجح ذلك. يُرجى المحاولة مرة أخرى.",
    left: "لدينا {email} ويمكننا مراسلتك.",
    transcript: "أرسل لي هذه المحادثة",
    mailed: "المحادثة في الطريق إليك.",
  },
};

/** What the visitor thinks of a live chat. */
export interface RatingTexts {
  /** With the person's name in its gap. */
  ask: string;
  /** What a score means, with it in its gap. */
  score: string;
  worst: string;
  best: string;
  comment: string;
  send: string;
  thanks: string;
  failed: string;
}

export const rating: InLanguages<RatingTexts> = {
  en: {
    ask: "How was the chat with {name}?",
    score: "{n} of 5",
    worst: "Not good",
    best: "Very good",
    comment: "What would you like to tell us?",
    send: "Send",
    thanks: "Thank you.",
    failed: "That did not work. Please try again.",
  },
  de: {
    ask: "Wie war das Gespräch mit {name}?",
    score: "{n} von 5",
    worst: "Nicht gut",
    best: "Sehr gut",
    comment: "Was möchten Sie uns sagen?",
    send: "Senden",
    thanks: "Vielen Dank.",
    failed: "Das hat nicht geklappt. Bitte erneut versuchen.",
  },
  es: {
    ask: "¿Qué tal la conversación con {name}?",
    score: "{n} de 5",
    worst: "Nada bien",
    best: "Muy bien",
    comment: "¿Qué le gustaría decirnos?",
    send: "Enviar",
    thanks: "Muchas gracias.",
    failed: "No ha funcionado. Por favor, inténtelo de nuevo.",
  },
  fr: {
    ask: "Comment s’est passée la discussion avec {name} ?",
    score: "{n} sur 5",
    worst: "Pas bien",
    best: "Très bien",
    comment: "Que souhaitez-vous nous dire ?",
    send: "Envoyer",
    thanks: "Merci.",
    failed: "Cela n’a pas marché. Merci de réessayer.",
  },
  ar: {
    ask: "كيف كانت المحادثة مع {name}؟",
    score: "{n} من 5",
    worst: "غير جيدة",
    best: "جيدة جدًا",
    comment: "ماذا تود أن تخبرنا؟",
    send: "إرسال",
    thanks: "شكرًا لك.",
    failed: "لم ينجح ذلك. يُرجى المحاولة مرة أخرى.",
  },
};

export const closed: InLanguages<ClosedTexts> = {
  en: {
    private: ["This assistant is for its own team", "Sign in to talk with it."],
    missing: ["This chat is not here", "The address may be old. Please ask for a new one."],
    elsewhere: ["This chat is not open on this page", "Please use it on the website that it belongs to."],
    signIn: "Sign in",
  },
  de: {
    private: ["Dieser Assistent ist für das eigene Team", "Melden Sie sich an, um mit ihm zu sprechen."],
    missing: [
      "Diesen Chat gibt es hier nicht",
      "Die Adresse ist vielleicht alt. Bitte fragen Sie nach einer neuen.",
    ],
    elsewhere: [
      "Dieser Chat ist auf dieser Seite nicht geöffnet",
      "Bitte nutzen Sie ihn auf der Website, zu der er gehört.",
    ],
    signIn: "Anmelden",
  },
  es: {
    private: ["Este asistente es para su propio equipo", "Inicie sesión para hablar con él."],
    missing: ["Este chat no está aquí", "La dirección puede ser antigua. Por favor, pida una nueva."],
    elsewhere: [
      "Este chat no está abierto en esta página",
      "Por favor, úselo en el sitio web al que pertenece.",
    ],
    signIn: "Iniciar sesión",
  },
  fr: {
    private: ["Cet assistant est réservé à son équipe", "Connectez-vous pour lui parler."],
    missing: [
      "Cette discussion n'est pas ici",
      "L'adresse est peut-être ancienne. Demandez-en une nouvelle.",
    ],
    elsewhere: [
      "Cette discussion n'est pas ouverte sur cette page",
      "Utilisez-la sur le site auquel elle appartient.",
    ],
    signIn: "Se connecter",
  },
  ar: {
    private: ["هذا المساعد مخصص لفريقه", "سجّل الدخول للتحدث معه."],
    missing: ["هذه المحادثة غير موجودة هنا", "قد يكون العنوان قديمًا. يُرجى طلب عنوان جديد."],
    elsewhere: ["هذه المحادثة غير متاحة في هذه الصفحة", "يُرجى استخدامها في الموقع الذي تنتمي إليه."],
    signIn: "تسجيل الدخول",
  },
};
