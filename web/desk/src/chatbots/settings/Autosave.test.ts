import { ProblemError } from "@baton/client/http";
import { describe, expect, it } from "vitest";
import { Autosave } from "./Autosave";
import { merge, type Plain } from "./patch";

type Settings = { name: string; escalation: { enabled: boolean; text: string } };

/** Settings on a server that answers when the test says so, and a clock that the test moves. */
function scene() {
  let saved: Settings = { name: "Helper", escalation: { enabled: true, text: "One moment" } };
  const sent: Plain[] = [];
  let due: (() => void) | null = null;
  let fail: Error | null = null;
  const autosave = new Autosave<Settings>(
    saved,
    async (patch) => {
      sent.push(patch);
      if (fail) throw fail;
      saved = merge(saved, patch);
      return saved;
    },
    (_ms, run) => {
      due = run;
      return () => {
        due = null;
      };
    },
  );
  return {
    autosave,
    sent,
    state: () => autosave.store.get(),
    failWith: (error: Error | null) => {
      fail = error;
    },
    /** Lets the pause pass and everything that follows happen. */
    rest: async () => {
      due?.();
      await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
      await Promise.resolve();
    },
  };
}

const away = () => new ProblemError({ code: "network", title: "away", status: 0 });
const refused = () => new ProblemError({ code: "invalid", title: "Too long", status: 422 });

describe("saving as you go", () => {
  it("shows a change at once and saves it after a rest, together with the next ones", async () => {
    const { autosave, sent, state, rest } = scene();
    autosave.change({ escalation: { text: "A" } });
    autosave.change({ escalation: { text: "AB" } });
    autosave.change({ name: "Fern" });
    expect(state()).toMatchObject({
      value: { name: "Fern", escalation: { enabled: true, text: "AB" } },
      saving: { status: "saving" },
    });
    expect(sent).toEqual([]);
    await rest();
    expect(sent).toEqual([{ escalation: { text: "AB" }, name: "Fern" }]);
    expect(state().saving.status).toBe("saved");
  });

  it("sends nothing for a change that changes nothing", () => {
    const { autosave, state } = scene();
    autosave.change({ name: "Helper" });
    expect(state()).toMatchObject({ saving: { status: "idle" }, canUndo: false });
  });

  it("keeps the change and tries again while the server is away", async () => {
    const { autosave, sent, state, failWith, rest } = scene();
    failWith(away());
    autosave.change({ name: "Fern" });
    await rest();
    expect(state()).toMatchObject({ value: { name: "Fern" }, saving: { status: "waiting" } });
    autosave.change({ escalation: { enabled: false } });
    failWith(null);
    await rest();
    expect(sent.at(-1)).toEqual({ name: "Fern", escalation: { enabled: false } });
    expect(state().saving.status).toBe("saved");
  });

  it("says why something was refused, leaves it on screen and goes on with the rest", async () => {
    const { autosave, sent, state, failWith, rest } = scene();
    failWith(refused());
    autosave.change({ name: "x".repeat(90) });
    await rest();
    expect(state()).toMatchObject({
      value: { name: "x".repeat(90) },
      saving: { status: "refused", words: "Too long" },
    });
    failWith(null);
    autosave.change({ escalation: { enabled: false } });
    await rest();
    expect(sent.at(-1)).toEqual({ escalation: { enabled: false } });
  });

  it("undoes step by step", async () => {
    const { autosave, sent, state, rest } = scene();
    autosave.change({ name: "Fern" });
    autosave.change({ escalation: { text: "New" } });
    await rest();
    autosave.undo();
    expect(state()).toMatchObject({
      value: { name: "Fern", escalation: { text: "One moment" } },
      canUndo: true,
    });
    autosave.undo();
    await rest();
    expect(sent.at(-1)).toEqual({ escalation: { text: "One moment" }, name: "Helper" });
    expect(state().canUndo).toBe(false);
  });

  it("keeps what is being written when the server tells of something else", () => {
    const { autosave, state } = scene();
    autosave.change({ name: "Fern" });
    autosave.adopt({ name: "Helper", escalation: { enabled: false, text: "Theirs" } });
    expect(state().value).toEqual({ name: "Fern", escalation: { enabled: false, text: "Theirs" } });
  });

  it("sends at once when the page is left", async () => {
    const { autosave, sent } = scene();
    autosave.change({ name: "Fern" });
    await autosave.flush();
    await autosave.flush();
    expect(sent).toEqual([{ name: "Fern" }]);
  });

  it("keeps what is on its way on screen when an older state comes in", async () => {
    const { autosave, state } = scene();
    autosave.change({ name: "Fern" });
    const sending = autosave.flush();
    autosave.adopt({ name: "Helper", escalation: { enabled: true, text: "One moment" } });
    expect(state().value.name).toBe("Fern");
    await sending;
    expect(state()).toMatchObject({ value: { name: "Fern" }, saving: { status: "saved" } });
  });
});
