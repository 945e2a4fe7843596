import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { chatbotQuery } from "../chatbots/queries";
import { inboxTexts } from "../inbox/inboxTexts";
import { useStore } from "../lib/store";
import { useDesk } from "../live/DeskProvider";
import { isAdmin, useMe } from "../session/useSession";
import { texts } from "../texts";
import { Icon, type IconName } from "../ui/Icon";
import css from "./Nav.module.css";

const t = texts.nav;

const CHATBOT_PAGES = [
  { to: "/chatbots/$chatbot/agents", icon: "agent", label: t.agents },
  { to: "/chatbots/$chatbot/ai-model", icon: "model", label: t.model, admins: true },
  { to: "/chatbots/$chatbot/knowledge", icon: "book", label: t.knowledge },
  { to: "/chatbots/$chatbot/customizations", icon: "sliders", label: t.customizations },
  { to: "/chatbots/$chatbot/preview", icon: "quote", label: t.preview },
  { to: "/chatbots/$chatbot/go-live", icon: "share", label: t.goLive },
  { to: "/chatbots/$chatbot/analytics", icon: "chart", label: t.analytics },
  { to: "/chatbots/$chatbot/collaborators", icon: "people", label: t.collaborators },
] as const;

/** The way around: the desk's places, and inside a chatbot its pages. */
export function Nav() {
  const { chatbot } = useParams({ strict: false });
  const desk = useDesk();
  const admin = isAdmin(useMe().role ?? undefined);
  const waiting = useStore(desk.rows.store, (inbox) => inbox.counts?.waiting ?? 0);
  return (
    <nav className={css.nav} aria-label={t.label}>
      <ul className={css.places}>
        <li>
          <Link to="/inbox" className={css.link} aria-describedby={waiting > 0 ? "waiting-count" : undefined}>
            <Label icon="inbox" text={t.inbox} />
          </Link>
          {waiting > 0 && (
            <span className={css.badge}>
              <span aria-hidden="true">{waiting > 99 ? "99+" : waiting}</span>
              <span className="hidden" id="waiting-count">
                {t.waiting(waiting)}
              </span>
            </span>
          )}
        </li>
        <li>
          <Link to="/canned-replies" className={css.link}>
            <Label icon="lines" text={inboxTexts.canned.manage} />
          </Link>
        </li>
        <li>
          <Link to="/labels" className={css.link}>
            <Label icon="label" text={inboxTexts.labels.title} />
          </Link>
        </li>
        <li>
          <Link to="/chatbots" className={css.link} activeOptions={{ exact: true }}>
            <Label icon="chatbots" text={t.chatbots} />
          </Link>
        </li>
        {admin && (
          <li>
            <Link to="/webhooks" className={css.link}>
              <Label icon="external" text={t.webhooks} />
            </Link>
          </li>
        )}
      </ul>
      {chatbot && <ChatbotNav chatbot={chatbot} />}
    </nav>
  );
}

function ChatbotNav({ chatbot }: { chatbot: string }) {
  const { data } = useQuery(chatbotQuery(chatbot));
  const list = useRef<HTMLUListElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  // On a phone the entries stand in one row that scrolls: the present one has to be in sight.
  useEffect(() => {
    list.current
      ?.querySelector('[aria-current="page"]')
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  return (
    <div className={css.sub}>
      <p className={css.heading} id="chatbot-nav">
        {data?.name ?? " "}
      </p>
      <ul ref={list} aria-labelledby="chatbot-nav">
        {CHATBOT_PAGES.filter((page) => !("admins" in page) || isAdmin(data?.role)).map(
          ({ to, icon, label }) => (
            <li key={to}>
              <Link to={to} params={{ chatbot }} className={css.link}>
                <Label icon={icon} text={label} />
              </Link>
            </li>
          ),
        )}
      </ul>
    </div>
  );
}

function Label({ icon, text }: { icon: IconName; text: string }) {
  return (
    <>
      <Icon name={icon} />
      <span className={css.text}>{text}</span>
    </>
  );
}
