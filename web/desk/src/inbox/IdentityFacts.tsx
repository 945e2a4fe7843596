import type { VisitorDetail } from "@baton/client/types";
import { Fragment } from "react";
import { Icon } from "../ui/Icon";
import css from "./IdentityFacts.module.css";

const t = {
  email: "E-mail",
  id: "Customer id",
  verified: "Verified by the website",
  unverified: "Not verified",
};

/** Who the visitor is, as the website or the visitor says: data, whatever it holds. Only a signed id is proved. */
export function IdentityFacts({ visitor }: { visitor: VisitorDetail }) {
  const { email, external_id: id, verified, attributes } = visitor;
  const said = Object.entries(attributes);
  return (
    <>
      {id && (
        <>
          <dt>{t.id}</dt>
          <dd>
            {id}
            <span className={css.mark} data-verified={verified || undefined}>
              {verified && <Icon name="check" size={16} />}
              {verified ? t.verified : t.unverified}
            </span>
          </dd>
        </>
      )}
      {email && (
        <>
          <dt>{t.email}</dt>
          <dd>
            <a href={`mailto:${encodeURIComponent(email).replaceAll("%40", "@")}`}>{email}</a>
          </dd>
        </>
      )}
      {said.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </>
  );
}
