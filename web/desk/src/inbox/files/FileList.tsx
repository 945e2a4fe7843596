import type { FileView } from "@baton/client/types";
import { sizeOf } from "@baton/client/upload";
import { useState } from "react";
import { Icon } from "../../ui/Icon";
import css from "./FileList.module.css";
import { fileTexts as t } from "./fileTexts";

/** The files of a message: pictures where they stand, in their own shape from the start, all else to be saved. */
export function FileList({ files }: { files: readonly FileView[] }) {
  return (
    <ul className={css.files}>
      {files.map((file) => (
        <li key={file.id} className={css.file}>
          {file.width && file.height ? (
            <Picture file={file} width={file.width} height={file.height} />
          ) : (
            <Card file={file} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** The largest that a picture is shown, in pixels. */
const SHOWN = { width: 320, height: 280 };

function Picture({ file, width, height }: { file: FileView; width: number; height: number }) {
  const [broken, setBroken] = useState(false);
  const scale = Math.min(1, SHOWN.width / width, SHOWN.height / height);
  return (
    <a
      className={css.picture}
      href={file.url}
      target="_blank"
      rel="noopener"
      aria-label={t.open(file.name)}
      title={file.name}
    >
      {broken ? (
        <span className={css.broken}>{t.gone}</span>
      ) : (
        <img
          src={file.url}
          alt={file.name}
          width={Math.max(1, Math.round(width * scale))}
          height={Math.max(1, Math.round(height * scale))}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      )}
    </a>
  );
}

function Card({ file }: { file: FileView }) {
  const size = sizeOf(file.bytes);
  return (
    <a className={css.card} href={file.url} download={file.name} aria-label={t.save(file.name, size)}>
      <Icon name="file" />
      <span className={css.words}>
        <span className={css.name} dir="auto">
          {file.name}
        </span>
        <span className={css.size}>{size}</span>
      </span>
      <Icon name="down" size={16} />
    </a>
  );
}
