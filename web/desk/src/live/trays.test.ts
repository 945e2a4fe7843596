import type { FileView } from "@baton/client/types";
import { describe, expect, it, vi } from "vitest";
import { filesThere, isReady, Trays, type Upload } from "./trays";

const file = (id: string): FileView => ({
  id,
  name: `${id}.png`,
  mime: "image/png",
  bytes: 1,
  url: `/${id}`,
});

const upload = (key: string, state: Upload["state"]): Upload => ({
  key,
  name: key,
  bytes: 1,
  preview: null,
  state,
  drop: vi.fn(),
});

describe("a tray", () => {
  it("is ready when everything in it is on the server", () => {
    const there = upload("a", { is: "there", file: file("a") });
    const moving = upload("b", { is: "sending", part: 0.5 });
    expect(isReady([])).toBe(true);
    expect(isReady([there])).toBe(true);
    expect(isReady([there, moving])).toBe(false);
    expect(filesThere([moving, there])).toEqual([file("a")]);
  });

  it("lets go of what is taken out, and of all when it was sent", () => {
    const trays = new Trays();
    const [one, two] = [upload("a", { is: "sending", part: 0 }), upload("b", { is: "sending", part: 0 })];
    trays.of("chat").set([one, two]);
    trays.remove("chat", one);
    expect(one.drop).toHaveBeenCalled();
    expect(trays.of("chat").get()).toEqual([two]);
    trays.empty("chat");
    expect(two.drop).toHaveBeenCalled();
    expect(trays.of("chat").get()).toEqual([]);
    expect(trays.of("chat.note").get()).toEqual([]);
  });

  it("takes files back that could not be sent, before what was added since", () => {
    const trays = new Trays();
    const since = upload("c", { is: "sending", part: 0 });
    trays.of("chat").set([since]);
    trays.giveBack("chat", [file("a"), file("b")]);
    expect(filesThere(trays.of("chat").get())).toEqual([file("a"), file("b")]);
    expect(trays.of("chat").get().at(-1)).toBe(since);
  });
});
