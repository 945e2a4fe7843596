import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { http, wordsOf } from "../lib/api";
import { Button, buttonClass } from "../ui/Button";
import { Entrance } from "./Entrance";
import { links } from "./linkTexts";
import { useLinkToken } from "./useLinkToken";

const t = links.address;

/** Confirms a new address by the link of a mail. Opening this page changes nothing. */
export function NewAddress() {
  const token = useLinkToken();
  const [state, setState] = useState<"idle" | "busy" | "done">("idle");
  const [problem, setProblem] = useState<string | null>(null);

  async function confirm() {
    setState("busy");
    setProblem(null);
    try {
      await http.post("/link/email", { token });
      setState("done");
    } catch (error) {
      setProblem(wordsOf(error));
      setState("idle");
    }
  }

  return (
    <Entrance title={t.title} lead={state === "done" ? t.done : t.lead} problem={problem}>
      {state === "done" ? (
        <Link to="/inbox" className={buttonClass("primary")}>
          {links.join.toSignIn}
        </Link>
      ) : (
        <Button tone="primary" disabled={state === "busy"} onClick={() => void confirm()}>
          {state === "busy" ? t.busy : t.submit}
        </Button>
      )}
    </Entrance>
  );
}
