import { Component, type ReactNode } from "react";
import { wordsOf } from "../../lib/api";
import { texts } from "../../texts";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { previewTexts as t } from "./previewTexts";

type Props = { children: ReactNode; onRetry: () => void };

/** Says why a rehearsal could not begin, and tries again when the reader says so. */
export class Failed extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const again = () => {
      this.props.onRetry();
      this.setState({ error: null });
    };
    return (
      <Empty
        icon="offline"
        title={t.failed.title}
        alert
        action={
          <Button icon="retry" onClick={again}>
            {texts.common.retry}
          </Button>
        }
      >
        {`${t.failed.words} ${wordsOf(error)}`}
      </Empty>
    );
  }
}
