import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { wordsOf } from "../lib/api";
import { texts } from "../texts";
import { Button, buttonClass } from "../ui/Button";
import { Empty } from "../ui/Empty";

/** A page that failed: what is safe, and two ways on. */
export function PageProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Empty
      icon="offline"
      title={texts.problem.page.title}
      alert
      action={
        <Button tone="primary" icon="retry" onClick={again}>
          {texts.common.retry}
        </Button>
      }
    >
      {wordsOf(error)} {texts.problem.page.words}
    </Empty>
  );
}

/** An address that leads nowhere. */
export function PageMissing() {
  return (
    <Empty
      icon="info"
      title={texts.problem.missing.title}
      action={
        <Link to="/inbox" className={buttonClass("primary")}>
          {texts.problem.page.inbox}
        </Link>
      }
    >
      {texts.problem.missing.words}
    </Empty>
  );
}
