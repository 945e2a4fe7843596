import { Link } from "@tanstack/react-router";
import type { View } from "../live/views";
import { texts } from "../texts";
import { buttonClass } from "../ui/Button";
import { Empty } from "../ui/Empty";
import type { IconName } from "../ui/Icon";

const ICONS: Record<View, IconName> = {
  all: "inbox",
  waiting: "bell",
  mine: "person",
  live: "quote",
  ai: "agent",
  resolved: "check",
};

/** A view without conversations says what will be here, and how the first one comes. */
export function EmptyView({ view }: { view: View }) {
  const { title, words } = texts.inbox.empty[view];
  const action = view === "all" && (
    <Link to="/chatbots" className={buttonClass("primary")}>
      {texts.inbox.empty.all.action}
    </Link>
  );
  return (
    <Empty icon={ICONS[view]} title={title} action={action}>
      {words}
    </Empty>
  );
}
