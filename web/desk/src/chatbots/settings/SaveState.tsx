import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import type { Saving } from "./Autosave";
import css from "./SaveState.module.css";

const t = texts.saving;

type Props = { saving: Saving; canUndo: boolean; onUndo: () => void };

/** What became of the last change, and the way back. */
export function SaveState({ saving, canUndo, onUndo }: Props) {
  return (
    <div className={css.state} data-status={saving.status}>
      <p role="status">
        {saving.status === "saved" && (
          <>
            <Icon name="check" size={16} />
            {t.saved}
          </>
        )}
        {saving.status === "saving" && t.saving}
        {saving.status === "waiting" && t.waiting}
        {saving.status === "refused" && t.refused(saving.words)}
      </p>
      {canUndo && (
        <Button tone="quiet" onClick={onUndo}>
          {texts.common.undo}
        </Button>
      )}
    </div>
  );
}
