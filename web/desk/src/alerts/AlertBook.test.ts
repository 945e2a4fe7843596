import { describe, expect, it } from "vitest";
import { AlertBook, type BookStorage, type Exclusive } from "./AlertBook";

/** One device: a storage and locks that all of its tabs share. */
function device(storage: BookStorage = memory()) {
  let last = Promise.resolve();
  const exclusive: Exclusive = (_name, work) => {
    last = last.then(work);
    return last;
  };
  return { tab: (person = "ada", now = () => 0) => new AlertBook(person, storage, exclusive, now) };
}

function memory(): BookStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    key: (at) => [...values.keys()][at] ?? null,
    get length() {
      return values.size;
    },
  };
}

describe("the book of alerts", () => {
  it("lets one of several tabs act, once", async () => {
    const { tab } = device();
    const shown: string[] = [];
    const one = tab();
    const two = tab();
    await Promise.all([one.once("c1:9", () => shown.push("one")), two.once("c1:9", () => shown.push("two"))]);
    await one.once("c1:9", () => shown.push("one again"));
    expect(shown).toEqual(["one"]);
  });

  it("books with a further call the request that it is for, and tells a further call nevertheless", async () => {
    const book = device().tab();
    const shown: string[] = [];
    await book.once("c1:11", () => shown.push("11"), "c1:9");
    expect([book.has("c1:9"), book.has("c1:11"), book.has("c1:14")]).toEqual([true, true, false]);
    await book.once("c1:14", () => shown.push("14"), "c1:9");
    expect(shown).toEqual(["11", "14"]);
  });

  it("keeps what another tab has written in the same moment", async () => {
    const shared = memory();
    // The process of a tab sees what another one has written only when it has got round to it.
    const late = memory();
    const behind: BookStorage = {
      ...late,
      getItem: late.getItem,
      setItem: (key, value) => {
        shared.setItem(key, value);
        late.setItem(key, value);
      },
    };
    await device(shared)
      .tab()
      .once("c1:9", () => undefined);
    await device(behind)
      .tab()
      .once("c1:9 sound", () => undefined);
    const third = device(shared).tab();
    expect([third.has("c1:9"), third.has("c1:9 sound")]).toEqual([true, true]);
  });

  it("tells different events and different people apart", async () => {
    const { tab } = device();
    const shown: string[] = [];
    await tab("ada").once("c1:9", () => shown.push("ada 9"));
    await tab("ada").once("c1:12", () => shown.push("ada 12"));
    await tab("sofia").once("c1:9", () => shown.push("sofia 9"));
    expect(shown).toEqual(["ada 9", "ada 12", "sofia 9"]);
  });

  it("remembers across a reload, and forgets after a week", async () => {
    const storage = memory();
    await device(storage)
      .tab()
      .once("old", () => undefined);
    expect(device(storage).tab().has("old")).toBe(true);
    const later = device(storage).tab("ada", () => 8 * 24 * 3600 * 1000);
    await later.once("new", () => undefined);
    expect([later.has("old"), later.has("new")]).toEqual([false, true]);
    expect(storage.length).toBe(1);
  });

  it("still alerts when the storage is closed or holds nonsense", async () => {
    const shown: string[] = [];
    const closed: BookStorage = {
      ...memory(),
      getItem: () => "not json",
      setItem: () => {
        throw new Error("full");
      },
    };
    await device(closed)
      .tab()
      .once("c1:9", () => shown.push("shown"));
    expect(shown).toEqual(["shown"]);
  });
});
