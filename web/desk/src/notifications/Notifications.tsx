import { Page } from "../chatbots/Page";
import { usePageTitle } from "../lib/title";
import { Now } from "./Now";
import { Steps } from "./Steps";
import { TryIt } from "./TryIt";
import { notifications as t } from "./texts";

/** Whether this device tells of a request, how to try it, and what to do when it does not. */
export function Notifications() {
  usePageTitle(t.title);
  return (
    <Page title={t.title} lead={t.lead}>
      <Now />
      <TryIt />
      <Steps />
    </Page>
  );
}
