import { expect, test } from "vitest";
import { decide, type PushMessage, readMessage } from "./message";

const ALERT: PushMessage = {
  type: "alert",
  id: "one:12",
  conversation: "one",
  title: "Ada asks for a person",
  body: "A human, please",
  sound: true,
  stays: true,
};
const WITHDRAW: PushMessage = { type: "withdraw", id: "one:12", title: "Sofia answers" };

test("with no page open it is shown with a sound, and stays", () => {
  expect(decide(ALERT, [], [])).toEqual({
    do: "show",
    id: "one:12",
    title: "Ada asks for a person",
    options: {
      body: "A human, please",
      tag: "one:12",
      silent: false,
      requireInteraction: true,
      data: { conversation: "one" },
    },
  });
  expect(decide({ ...ALERT, sound: false }, [], [])).toMatchObject({ options: { silent: true } });
});

test("a page in front tells by itself, one behind gets no second sound, and nothing comes twice", () => {
  expect(decide(ALERT, [{ visible: false }, { visible: true }], []).do).toBe("nothing");
  expect(decide(ALERT, [{ visible: false }], [])).toMatchObject({ do: "show", options: { silent: true } });
  expect(decide(ALERT, [], ["one:12"]).do).toBe("nothing");
});

test("what is over is taken back where it was shown", () => {
  expect(decide(WITHDRAW, [], ["one:12", "two:3"])).toEqual({
    do: "replace",
    id: "one:12",
    title: "Sofia answers",
  });
  expect(decide(WITHDRAW, [], []).do).toBe("nothing");
});

test("what this version does not know is left alone", () => {
  expect(readMessage(ALERT)).toEqual(ALERT);
  expect(readMessage(WITHDRAW)).toEqual(WITHDRAW);
  for (const wrong of [
    null,
    "text",
    {},
    { type: "party", id: "1", title: "x" },
    { type: "alert", id: 1, title: "x" },
  ]) {
    expect(readMessage(wrong)).toBeNull();
  }
});
