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

/** The form for an e-mail address. */
export interface EmailTexts {
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

export const email: InLanguages<EmailTexts> = {
  en: {
    label: "Your e-mail address, in case you cannot wait",
    save: "Save",
    wrong: "This is not an e-mail address yet. Please check it.",
    failed: "That did not work. Please try again.",
    left: "We have {email} and can write to you.",
    transcript: "Send me this chat",
    mailed: "The chat is on its way to you.",
  },
  de: {
    label: "Ihre E-Mail-Adresse, falls Sie nicht warten können",
    save: "Speichern",
    wrong: "Das ist noch keine E-Mail-Adresse. Bitte prüfen Sie sie.",
    failed: "Das hat nicht geklappt. Bitte erneut versuchen.",
    left: "Wir haben {email} und können Ihnen schreiben.",
    transcript: "Diesen Chat zusenden",
    mailed: "Der Chat ist unterwegs zu Ihnen.",
  },
  es: {
    label: "Su correo electrónico, por si no puede esperar",
    save: "Guardar",
    wrong: "Aún no es una dirección de correo. Por favor, revísela.",
    failed: "No ha funcionado. Por favor, inténtelo de nuevo.",
    left: "Tenemos {email} y podemos escribirle.",
    transcript: "Enviarme este chat",
    mailed: "El chat va en camino.",
  },
  fr: {
    label: "Votre adresse e-mail, si vous ne pouvez pas attendre",
    save: "Enregistrer",
    wrong: "Ce n’est pas encore une adresse e-mail. Merci de la vérifier.",
    failed: "Cela n’a pas marché. Merci de réessayer.",
    left: "Nous avons {email} et pouvons vous écrire.",
    transcript: "M’envoyer ce chat",
    mailed: "Le chat est en route.",
  },
  ar: {
    label: "بريدك الإلكتروني، إن لم تستطع الانتظار",
    save: "حفظ",
    wrong: "هذا ليس عنوان بريد إلكتروني صحيحًا بعد. يُرجى التحقق منه.",
    failed: "لم ينجح ذلك. يُرجى المحاولة مرة أخرى.",
    left: "لدينا {email} ويمكننا مراسلتك.",
    transcript: "أرسل لي هذه المحادثة",
    mailed: "المحادثة في الطريق إليك.",
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
