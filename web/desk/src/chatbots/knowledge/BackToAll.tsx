import { Link } from "@tanstack/react-router";
import { texts } from "../../texts";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";

/** Back to the list of knowledge. */
export function BackToAll({ chatbot }: { chatbot: string }) {
  return (
    <Link to="/chatbots/$chatbot/knowledge" params={{ chatbot }} className={buttonClass("quiet")}>
      <Icon name="back" size={16} />
      {texts.knowledge.all}
    </Link>
  );
}
