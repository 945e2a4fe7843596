import { expect, test } from "vitest";
import { decide, type PushMessage, readMessage } from "./message";

const ALERT: PushMessage = {
  type: "alert",
  id: "one:12",
  tag: "one:12",
  conversation: "one",
  title: "Ada asks for a person",
  body: "A human, please",
  sound: true,
  stays: true,
};
const SHOWN = [{ tag: "one:12", id: "one:12" }];
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
      renotify: false,
      data: { conversation: "one", id: "one:12" },
    },
  });
  expect(decide({ ...ALERT, sound: false }, [], [])).toMatchObject({ options: { silent: true } });
});

test("a test is told to the page that asked, and shown where none is open", () => {
  const asked: PushMessage = { type: "test", id: "t1", title: "This is a test" };
  expect(readMessage(asked)).toEqual(asked);
  expect(decide(asked, [{ visible: false, played: false }], [])).toEqual({ do: "tell", id: "t1" });
  expect(decide(asked, [], [])).toMatchObject({
    do: "show",
    title: "This is a test",
    options: { silent: true },
  });
});

const ASLEEP = { visible: false, played: false };
const BEHIND = { visible: false, played: true };

test("a page in front tells by itself, one behind that has rung gets no second sound, and nothing comes twice", () => {
  expect(decide(ALERT, [ASLEEP, { visible: true, played: false }], []).do).toBe("nothing");
  expect(decide(ALERT, [ASLEEP, BEHIND], [])).toMatchObject({ do: "show", options: { silent: true } });
  expect(decide(ALERT, [], SHOWN).do).toBe("nothing");
});

test("a page that is asleep has played nothing: the system's own sound is left on", () => {
  expect(decide(ALERT, [ASLEEP], [])).toMatchObject({ do: "show", options: { silent: false } });
  const again: PushMessage = { ...ALERT, id: "one:15" };
  expect(decide(again, [ASLEEP], SHOWN)).toMatchObject({ options: { renotify: true } });
  expect(decide(again, [BEHIND], SHOWN)).toMatchObject({ options: { renotify: false } });
});

test("a further call rings in the place of the first one, once", () => {
  const again: PushMessage = { ...ALERT, id: "one:15" };
  const options = { tag: "one:12", renotify: true, data: { conversation: "one", id: "one:15" } };
  expect(decide(again, [], SHOWN)).toMatchObject({ do: "show", options });
  expect(decide(again, [], [{ tag: "one:12", id: "one:15" }]).do).toBe("nothing");
  expect(decide({ ...again, sound: false }, [], SHOWN)).toMatchObject({ options: { renotify: false } });
});

test("what is over is taken back where it was shown", () => {
  expect(decide(WITHDRAW, [], [...SHOWN, { tag: "two:3", id: "two:3" }])).toEqual({
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
