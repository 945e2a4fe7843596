import { describe, expect, it } from "vitest";
import { aRow } from "../testing/row";
import { actorName, holderOf, lastWords, matchedExample, reasonWords } from "./words";

const ada = { id: "ada", name: "Ada", avatar_url: null };
const sofia = { id: "sofia", name: "Sofia", avatar_url: null };

describe("the last words of a row", () => {
  it("are the newest text, with who wrote it", () => {
    expect(lastWords(aRow({ last: { author: "visitor", name: null, text: "Hello", at: 0 } }), "Ada")).toBe(
      "Hello",
    );
    expect(lastWords(aRow({ last: { author: "ai", name: null, text: "Hi", at: 0 } }), "Ada")).toBe("AI: Hi");
    expect(lastWords(aRow({ last: { author: "human", name: "Ada", text: "Hi", at: 0 } }), "Ada")).toBe(
      "You: Hi",
    );
    expect(lastWords(aRow({ last: { author: "human", name: "Sofia", text: "Hi", at: 0 } }), "Ada")).toBe(
      "Sofia: Hi",
    );
  });

  it("are the visitor's own while a request waits", () => {
    const last = { author: "ai", name: null, text: "I have called a colleague.", at: 0 } as const;
    const row = aRow({ control: "requested", visitor_words: "I want a person", last });
    expect(lastWords(row, "Ada")).toBe("I want a person");
  });

  it("say so when nothing was written yet", () => {
    expect(lastWords(aRow(), "Ada")).toBe("No messages yet");
  });
});

describe("who has it", () => {
  const live = (...participants: (typeof ada)[]) =>
    aRow({ control: "live", live: { since: 0, participants } });

  it("is you before anybody else", () => {
    expect(holderOf(live(ada), "ada")).toBe("with you");
    expect(holderOf(live(sofia, ada), "ada")).toBe("with you and Sofia");
    expect(holderOf(live(sofia, ada, { ...ada, id: "x" }), "ada")).toBe("with you and 2 more");
    expect(holderOf(live(sofia), "ada")).toBe("with Sofia");
    expect(holderOf(live(sofia, { ...ada, id: "x" }), "ada")).toBe("with Sofia and 1 more");
  });

  it("is the assignee while nobody is in it", () => {
    expect(holderOf(aRow({ assignee: sofia }), "ada")).toBe("for Sofia");
    expect(holderOf(aRow({ assignee: ada }), "ada")).toBe("for you");
    expect(holderOf(aRow(), "ada")).toBeNull();
  });
});

it("puts reasons and people into words", () => {
  const asked = { type: "visitor_asked", words: "a human please", matched: "talk to a human" } as const;
  expect(reasonWords(asked)).toBe("Asked for a person: “a human please”");
  expect(matchedExample(asked)).toBe("close to “talk to a human”");
  expect(matchedExample({ type: "button" })).toBeNull();
  expect(reasonWords({ type: "no_answer", times: 3 })).toBe("The AI had no answer 3 times");
  expect(actorName({ type: "person", person: ada }, "ada")).toBe("You");
  expect(actorName({ type: "visitor" }, "ada")).toBe("The visitor");
});
