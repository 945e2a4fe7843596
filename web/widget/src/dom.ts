/**
 * The smallest way to keep a page in step with a description of it: `h` describes (TSX compiles to it), `patch`
 * makes the page so. Components are plain functions that are called at once; there is no state in here. A
 * description that is the same object as last time is passed over, which is how long transcripts stay cheap.
 *
 * It is here because of the size: a visitor loads at most 15 kB, and a general view library is a third of that.
 */

/** What may stand between tags. */
export type Child = VNode | string | number | false | null | undefined | readonly Child[];

/** Attributes, `on..` handlers, `key` and `made` (called with the new element). */
export interface Props {
  key?: string | undefined;
  // biome-ignore lint/suspicious/noConfusingVoidType: handlers return nothing.
  [name: string]: unknown | void;
}

/** A described element; a text when `tag` is empty. */
export interface VNode {
  tag: string;
  props: Props;
  children: VNode[];
  text: string;
  node?: Element | Text;
}

type Component = (props: never) => Child;

/** Describes an element, or calls a component. */
export function h(tag: string | Component, props: Props | null, ...children: Child[]): Child {
  if (typeof tag === "string") return { tag, props: props ?? {}, children: flatten(children), text: "" };
  const made = tag({ ...props, children } as never);
  if (props?.key && isNode(made)) made.props = { ...made.props, key: props.key };
  return made;
}

/** Makes the inside of `parent` as described; `before` is what it was described as last time. */
export function patch(parent: Element, before: readonly VNode[], children: Child): VNode[] {
  const next = flatten([children]);
  patchChildren(parent, before, next);
  return next;
}

function flatten(children: readonly Child[]): VNode[] {
  const result: VNode[] = [];
  for (const child of children) {
    if (Array.isArray(child)) result.push(...flatten(child));
    else if (isNode(child)) result.push(child);
    else if (child || child === 0) result.push({ tag: "", props: {}, children: [], text: String(child) });
  }
  return result;
}

function isNode(child: Child): child is VNode {
  return typeof child === "object" && child !== null && "tag" in child;
}

function patchChildren(parent: Element, before: readonly VNode[], next: readonly VNode[]): void {
  const old = new Map<string | number, VNode>();
  before.forEach((node, index) => {
    old.set(node.props.key ?? index, node);
  });
  next.forEach((node, index) => {
    const key = node.props.key ?? index;
    const match = old.get(key);
    if (match?.node && match.tag === node.tag) {
      old.delete(key);
      node.node = match.node;
      if (match !== node) update(match, node);
    } else {
      node.node = make(node);
    }
  });
  for (const node of old.values()) node.node?.remove();
  // Whoever stands in the right place is not moved: moving would take focus and start animations again.
  let place = parent.firstChild;
  for (const { node } of next) {
    if (node === place) place = place?.nextSibling ?? null;
    else if (node) parent.insertBefore(node, place);
  }
}

function make(node: VNode): Element | Text {
  if (!node.tag) return document.createTextNode(node.text);
  const svg = node.tag === "svg" || node.tag === "path";
  const element = document.createElementNS(`http://www.w3.org/${svg ? "2000/svg" : "1999/xhtml"}`, node.tag);
  setProps(element, {}, node.props);
  patchChildren(element, [], node.children);
  (node.props.made as ((element: Element) => void) | undefined)?.(element);
  return element;
}

function update(before: VNode, next: VNode): void {
  const { node } = next;
  if (!(node instanceof Element)) {
    if (node && before.text !== next.text) node.data = next.text;
    return;
  }
  setProps(node, before.props, next.props);
  patchChildren(node, before.children, next.children);
}

function setProps(element: Element, before: Props, next: Props): void {
  for (const name of Object.keys({ ...before, ...next })) {
    const value = next[name];
    if (name === "key" || name === "made") continue;
    if (name === "value") {
      // The box may hold more than the description that is on its way.
      if ((element as HTMLTextAreaElement).value !== value)
        (element as HTMLTextAreaElement).value = String(value);
    } else if (value === before[name]) {
      // As it was.
    } else if (name.startsWith("on")) {
      Object.assign(element, { [name.toLowerCase()]: value ?? null });
    } else if (value === undefined || value === null || value === false) {
      element.removeAttribute(name);
    } else {
      // Of a list, as for classes, what is there counts.
      element.setAttribute(name, Array.isArray(value) ? value.filter(Boolean).join(" ") : String(value));
    }
  }
}

declare global {
  namespace JSX {
    type Element = Child;
    interface IntrinsicElements {
      [tag: string]: Props;
    }
    interface ElementChildrenAttribute {
      children: unknown;
    }
    interface IntrinsicAttributes {
      key?: string | undefined;
    }
  }
}
