import type { EscalationSettings } from "@baton/client/types";
import { expect, it } from "vitest";
import { spokenIn } from "./translations";

const settings = {
  requested_message: "One moment.",
  start_announcement: "Here.",
  end_announcement: "Gone.",
  translations: [
    { language: "pt", requested_message: "Um momento.", start_announcement: "Chegou.", end_announcement: "" },
    { language: "pt-BR", requested_message: "Só um momento.", start_announcement: " ", end_announcement: "" },
  ],
} as unknown as EscalationSettings;

it.each([
  [null, "One moment.", "Here."],
  ["de", "One moment.", "Here."],
  ["pt", "Um momento.", "Chegou."],
  ["pt-PT", "Um momento.", "Chegou."],
  ["pt-BR", "Só um momento.", "Chegou."],
])("speaks %s as the server does", (language, requested, start) => {
  const spoken = spokenIn(settings, language);
  expect([spoken.requested_message, spoken.start_announcement, spoken.end_announcement]).toEqual([
    requested,
    start,
    "Gone.",
  ]);
});
