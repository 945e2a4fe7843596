import { describe, expect, it } from "vitest";
import { texts as ar } from "../src/text/ar.ts";
import { texts as de } from "../src/text/de.ts";
import { texts as en } from "../src/text/en.ts";
import { texts as es } from "../src/text/es.ts";
import { texts as fr } from "../src/text/fr.ts";
import { fill } from "../src/text/index.ts";

describe("catalogues", () => {
  it.each(Object.entries({ ar, de, es, fr }))("%s has the texts and gaps of English", (_language, texts) => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
    for (const [name, text] of Object.entries(texts)) {
      expect(text.trim(), name).not.toBe("");
      expect(text.match(/\{\w+\}/g), name).toEqual(en[name as keyof typeof en].match(/\{\w+\}/g));
    }
  });

  it("keeps the names that outsiders rely on", () => {
    expect([en.messageBox, en.sendIt, en.talkToPerson, en.endChat, en.goOn]).toEqual([
      "Message",
      "Send",
      "Talk to a person",
      "End chat",
      "Continue with the assistant",
    ]);
  });
});

it("fills a gap with the value as it is", () => {
  expect(fill("{name} joined", "$& {n}")).toBe("$& {n} joined");
});
