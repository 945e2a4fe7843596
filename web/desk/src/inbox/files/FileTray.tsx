import { sizeOf } from "@baton/client/upload";
import type { Trays, Upload } from "../../live/trays";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import css from "./FileTray.module.css";
import { fileTexts as t } from "./fileTexts";

type Props = { trays: Trays; tray: string; uploads: readonly Upload[]; onRemoved: () => void };

/** The files that go out with the next text, each with how far it is and what one can do about it. */
export default function FileTray({ trays, tray, uploads, onRemoved }: Props) {
  return (
    <ul className={css.tray} aria-label={t.tray}>
      {uploads.map((upload) => (
        <li key={upload.key} className={css.file} data-state={upload.state.is}>
          <span className={css.face}>
            {upload.preview && upload.state.is !== "failed" ? (
              <img className={css.preview} src={upload.preview} alt="" />
            ) : (
              <Icon name="file" />
            )}
          </span>
          <span className={css.words}>
            <span className={css.name} title={upload.name} dir="auto">
              {upload.name}
            </span>
            <State upload={upload} />
          </span>
          <Button
            tone="quiet"
            icon="close"
            iconOnly
            aria-label={t.remove(upload.name)}
            onClick={() => {
              trays.remove(tray, upload);
              onRemoved();
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function State({ upload }: { upload: Upload }) {
  const { state } = upload;
  if (state.is === "failed") {
    return (
      <span className={css.failed} role="alert">
        {state.words}
        {state.again && (
          <button type="button" className={css.again} aria-label={t.again(upload.name)} onClick={state.again}>
            {texts.common.retry}
          </button>
        )}
      </span>
    );
  }
  if (state.is === "there") return <span className={css.size}>{sizeOf(state.file.bytes)}</span>;
  return <progress className={css.progress} aria-label={t.sending(upload.name)} max={1} value={state.part} />;
}
