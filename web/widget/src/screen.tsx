/**
 * The screen: draws the session's state into an element, and looks after what a description cannot hold: where the
 * transcript is scrolled to, how high the text box is, where the focus goes.
 */
import type { VisitorAction } from "@baton/client/types";
import { adopt } from "./adopt.ts";
import { type Child, h, patch, type VNode } from "./dom.ts";
import { loadPart, type Parts } from "./parts/index.ts";
import type { Session } from "./session.ts";
import { type ChatState, isShut, shownControl } from "./state.ts";
import type { Language } from "./text/index.ts";
import { Composer, growBox } from "./view/composer.tsx";
import { Header, LinkLine, Standing } from "./view/frame.tsx";
import { Log } from "./view/log.tsx";
import type { Opened, View } from "./view/view.ts";

/** What the screen needs to know besides the session. */
export interface ScreenOptions {
  element: HTMLElement;
  session: Session;
  language: Language;
  /** A page of its own, or a panel over somebody's page. */
  page: boolean;
  /** Where a collaborator signs in, for private chatbots. */
  signIn: string;
  close(): void;
  /** Whether the chat is on screen, in a page that is in front. */
  visible(): boolean;
}

/** This close to the end counts as being there. */
const NEAR_PX = 48;

export class Screen {
  readonly #options: ScreenOptions;
  #described: VNode[] = [];
  #before: ChatState;
  #box: HTMLTextAreaElement | null = null;
  #opened: Opened | null = null;
  /** Somebody who reads back is left alone; whoever is at the end stays there. */
  #atEnd = true;
  #behind = false;
  #drawing = false;
  /** Parts that are here; those on their way are undefined. */
  readonly #parts: Record<string, unknown> = {};

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#before = options.session.state;
    // Keyboards and turned phones change the height.
    new ResizeObserver(() => this.#stick()).observe(options.element);
  }

  /** Draws with the next frame; what changes until then is drawn once, as when an earlier chat comes in. */
  readonly redraw = (): void => {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.draw();
    });
  };

  /** Puts the cursor into the text box, unless that would raise a touch keyboard over the greeting. */
  focus(): void {
    if (matchMedia("(pointer: fine)").matches) this.#box?.focus({ preventScroll: true });
  }

  /** Draws now. */
  draw(): void {
    const before = this.#before;
    const { element, session } = this.#options;
    const { state } = session;
    const log = this.#find(".log");
    const bubble = this.#find(".growing");
    const asked = before.transcript.control.control === "requested";
    const dissolve = asked && log && bubble && this.#part("ghost")?.dissolver(log, bubble);
    this.#before = state;
    this.#follow(before, state);
    this.#described = patch(element, this.#described, this.#describe(state));
    // From the first answer on there may be files.
    if (state.transcript.events[1]) this.#part("files")?.drawn(element, session, state.transcript.events);
    if (dissolve && state.transcript.control.control === "live") dissolve();
    if (this.#box && (before.draft !== state.draft || !this.#box.style.height)) growBox(this.#box);
    this.#stick();
    this.#look();
  }

  #describe(state: ChatState) {
    const { session, language, page, close, signIn } = this.#options;
    const view: View = {
      state,
      t: language.texts,
      tag: language.tag,
      opened: this.#opened,
      open: (opened) => {
        this.#opened = opened;
        this.redraw();
      },
      source: this.#opened && this.#part("source")?.draw,
      retry: (clientId, text) => session.sendText(clientId, text),
      redraw: this.redraw,
    };
    const children = [
      <Header view={view} page={page} close={close} />,
      isShut(state.load)
        ? this.#part("closed")?.draw(h, language.tag, state.load, signIn)
        : [
            <Log
              key="log"
              view={view}
              behind={this.#behind}
              ask={(question) => session.send(question)}
              scrolled={this.#scrolled}
              toEnd={this.#toEnd}
            />,
            <div key="foot" class="foot column">
              <div class="status" tabindex="-1">
                <Standing view={view} act={this.#act} late={this.#late(state)} />
              </div>
              <Composer
                view={view}
                write={(draft) => session.write(draft)}
                send={() => {
                  session.send();
                  // At once: the box has to be empty before the next key.
                  this.draw();
                }}
                made={(box) => {
                  this.#box = box;
                }}
              />
              <LinkLine view={view} />
            </div>,
          ],
    ];
    return h(page ? "main" : "div", { class: "chat" }, children);
  }

  /** While a person is wanted: the waiting room. After one was there: the question what it was like. */
  #late({ bot, transcript }: ChatState): Child {
    const { session, language } = this.#options;
    const { events, control: told } = transcript;
    const control = shownControl(session.state);
    if (control === "requested") {
      const come = told.control === control && events;
      return this.#part("waiting")?.draw(h, language.tag, session, come, this.redraw, this.#hold);
    }
    if (!bot?.asks_rating || control === "live") return null;
    if (!events.some(({ kind }) => kind === "taken_over")) return null;
    return this.#part("rating")?.draw(h, language.tag, session, events, this.redraw);
  }

  /** Puts the focus where it stays while what had it goes away. */
  readonly #hold = (): void => this.#find(".status")?.focus({ preventScroll: true });

  /** A part, once it is here. One that did not come is asked for again by the next drawing. */
  #part<Name extends keyof Parts>(name: Name): Parts[Name] | undefined {
    const parts = this.#parts;
    if (!(name in parts)) {
      parts[name] = undefined;
      loadPart(name).then(
        (part) => {
          parts[name] = part;
          adopt(this.#options.element.getRootNode() as ShadowRoot, part.styles);
          this.redraw();
        },
        () => delete parts[name],
      );
    }
    return parts[name] as Parts[Name] | undefined;
  }

  /** Something came: go along, or say so to who reads back. */
  #follow(before: ChatState, { transcript, settled }: ChatState): void {
    if (transcript.pending.length > before.transcript.pending.length) this.#atEnd = true;
    if (this.#atEnd) this.#behind = false;
    else if (before.settled && settled && transcript.events.length > before.transcript.events.length) {
      this.#behind = true;
    }
  }

  #find(selector: string): HTMLElement | null {
    return this.#options.element.querySelector<HTMLElement>(selector);
  }

  #stick(): void {
    const log = this.#find(".log");
    if (log && this.#atEnd) log.scrollTop = log.scrollHeight;
  }

  #look(): void {
    if (this.#atEnd && this.#options.visible()) this.#options.session.look();
  }

  readonly #scrolled = (): void => {
    const log = this.#find(".log");
    if (!log) return;
    this.#atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
    if (this.#atEnd && this.#behind) this.redraw();
    this.#look();
  };

  readonly #toEnd = (): void => {
    this.#atEnd = true;
    this.redraw();
    this.#find(".log")?.focus();
  };

  /** The pressed button goes away with what it did; the focus goes to the line that says so. */
  readonly #act = (action: VisitorAction): void => {
    this.#hold();
    this.#options.session.act(action);
  };
}
