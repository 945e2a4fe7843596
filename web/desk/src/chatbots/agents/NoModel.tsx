import { useQuery } from "@tanstack/react-query";
import { Icon } from "../../ui/Icon";
import { aiQuery } from "../queries";
import css from "./Agents.module.css";
import { agentTexts as t } from "./texts";

/** Says that words alone are compared, where the server has no local model. */
export function NoModel() {
  const { data } = useQuery(aiQuery);
  if (!data || data.general_model) return null;
  return (
    <p className={css.notice} role="note">
      <Icon name="info" size={16} />
      <span>{t.noModel}</span>
    </p>
  );
}
