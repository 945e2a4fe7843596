import type { ModelsView } from "@baton/client/types";
import { expect, test } from "vitest";
import { formOf, isNumber, keepsKey, NEW_MODEL, wantedOf } from "./draft";

const view: ModelsView = {
  choice: "own",
  models: [
    {
      provider: "compatible",
      address: "https://a.example/v1/",
      model: "small",
      temperature: 40,
      input_price: 250,
      output_price: 0,
      has_key: true,
    },
  ],
  version: 3,
  level: "chatbot",
  answering: ["compatible/small"],
  servers: [],
  troubles: [],
};

test("what is saved comes back as it is", () => {
  const [form] = formOf(view).models;
  expect(form).toMatchObject({ temperature: "0.4", inputPrice: "2.50", outputPrice: "", key: "", was: 0 });
  expect(wantedOf(form ?? NEW_MODEL)).toEqual({
    provider: "compatible",
    address: "https://a.example/v1/",
    model: "small",
    temperature: 40,
    input_price: 250,
    output_price: 0,
    was: 0,
  });
});

test("a key is named only when it changes", () => {
  const [form = NEW_MODEL] = formOf(view).models;
  expect(wantedOf({ ...form, key: " new " }).key).toBe("new");
  expect(wantedOf({ ...form, forgetKey: true }).key).toBe(null);
  expect("key" in wantedOf(form)).toBe(false);
});

test("a key stays with its address", () => {
  const [form = NEW_MODEL] = formOf(view).models;
  expect(keepsKey(view, form)).toBe(true);
  expect(keepsKey(view, { ...form, address: "https://a.example/v1" })).toBe(true);
  expect(keepsKey(view, { ...form, address: "https://b.example/v1/" })).toBe(false);
  expect(keepsKey(view, { ...form, provider: "openai" })).toBe(false);
  expect(keepsKey(view, NEW_MODEL)).toBe(false);
});

test("numbers are what people write", () => {
  expect(["", "0", "0.5", "1,25", "2"].map((text) => isNumber(text, 2))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(["x", "2.01", "-1", "1.234", "1e3"].map((text) => isNumber(text, 2))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
