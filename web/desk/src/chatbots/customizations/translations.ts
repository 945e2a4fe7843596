import type { EscalationSettings } from "@baton/client/types";

/** Languages that can be chosen; any other tag that was set over the API stays. */
export const LANGUAGES = [
  "ar",
  "bg",
  "cs",
  "da",
  "de",
  "el",
  "en",
  "es",
  "et",
  "fa",
  "fi",
  "fr",
  "he",
  "hi",
  "hr",
  "hu",
  "id",
  "it",
  "ja",
  "ko",
  "lt",
  "lv",
  "nl",
  "no",
  "pl",
  "pt",
  "pt-BR",
  "ro",
  "ru",
  "sk",
  "sl",
  "sv",
  "th",
  "tr",
  "uk",
  "vi",
  "zh",
  "zh-TW",
] as const;

/** The texts that the preview shows. */
type Announced = "requested_message" | "start_announcement" | "end_announcement";

/** The texts that a visitor with this language reads: each one looked for under the tag, then under shorter ones. */
export function spokenIn(settings: EscalationSettings, language: string | null): EscalationSettings {
  const pick = (field: Announced): string => {
    for (let tag = language ?? ""; tag !== ""; tag = tag.slice(0, Math.max(0, tag.lastIndexOf("-")))) {
      const found = settings.translations.find((one) => one.language === tag)?.[field]?.trim();
      if (found) return found;
    }
    return settings[field];
  };
  return {
    ...settings,
    requested_message: pick("requested_message"),
    start_announcement: pick("start_announcement"),
    end_announcement: pick("end_announcement"),
  };
}
