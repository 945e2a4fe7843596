// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { type Child, h, patch, type VNode } from "../src/dom.ts";

let root: HTMLElement;
let before: VNode[];

beforeEach(() => {
  root = document.createElement("div");
  before = [];
});

function draw(...children: Child[]): string {
  before = patch(root, before, children);
  return root.innerHTML;
}

describe("patch", () => {
  it("makes elements, texts and attributes", () => {
    const link = h("a", { href: "x", class: ["a", false, undefined, "b"], title: null }, "t", 0, null, false);
    expect(draw(link)).toBe('<a href="x" class="a b">t0</a>');
  });

  it("changes what has changed and keeps the element", () => {
    draw(h("p", { class: "a", id: "x" }, "one"));
    const element = root.firstChild;
    expect(draw(h("p", { class: "b" }, "two"))).toBe('<p class="b">two</p>');
    expect(root.firstChild).toBe(element);
  });

  it("keeps keyed elements through additions, removals and new orders", () => {
    const item = (key: string) => h("i", { key }, key);
    draw(["a", "b", "c"].map(item));
    const [, b, c] = [...root.children];
    expect(draw(["x", "b", "c", "d"].map(item))).toBe("<i>x</i><i>b</i><i>c</i><i>d</i>");
    expect(root.children[1]).toBe(b);
    expect(draw(["c", "b"].map(item))).toBe("<i>c</i><i>b</i>");
    expect([...root.children]).toEqual([c, b]);
  });

  it("does not move what stays in its place", () => {
    const box = h("input", { key: "box" });
    document.body.append(root);
    draw(h("i", { key: "gone" }), box);
    const input = root.querySelector("input");
    input?.focus();
    draw(h("b", { key: "new" }), h("input", { key: "box" }));
    expect(document.activeElement).toBe(input);
  });

  it("passes over a description that is the same object", () => {
    const same = h("p", { title: "1" }, "x");
    draw(same);
    root.querySelector("p")?.setAttribute("title", "changed outside");
    expect(draw(same)).toContain("changed outside");
  });

  it("replaces handlers and writes a value only when it differs", () => {
    const heard: string[] = [];
    const field = (name: string, value: string) => h("input", { value, onClick: () => heard.push(name) });
    draw(field("one", "a"));
    draw(field("two", "b"));
    const input = root.querySelector("input");
    input?.click();
    expect(heard).toEqual(["two"]);
    expect(input?.value).toBe("b");
  });

  it("gives a component's element the component's key", () => {
    const Part = ({ text }: { text: string }) => h("p", null, text);
    const made = h(Part, { key: "k", text: "hi" }) as VNode;
    expect(made.props.key).toBe("k");
    expect(draw(made)).toBe("<p>hi</p>");
  });

  it("writes texts as texts", () => {
    expect(draw(h("p", null, "<img src=x>"))).toBe("<p>&lt;img src=x&gt;</p>");
  });
});
