/** What went wrong with a model, and what to do. */
export function troubleWords(trouble: string | undefined, detail = ""): string {
  const known: Record<string, string> = {
    not_allowed:
      "This server does not call that address: it leads into a private network. Whoever runs the server can open it.",
    unreachable: "There is no connection to it. Check the address.",
    timed_out: "It took too long.",
    wrong_key: "The key is wrong, or may not use this model.",
    no_model: "There is no such model at this address. Check both.",
    busy: "The provider takes no more calls at the moment, or the account is used up.",
    broken: "The provider has a fault of its own.",
    rejected: "The provider does not take the request.",
    refused: "The model refused to answer.",
    empty: "The answer was empty.",
    cut_off: "The connection ended before the answer did.",
    malformed: "What came back is no answer. Check the provider and the address.",
    unknown: "The built-in answerer had nothing about it.",
  };
  const words = known[trouble ?? ""] ?? "It gave no answer.";
  // What the provider itself said helps where the words above leave it open.
  const own = ["busy", "rejected", "broken", "no_model"].includes(trouble ?? "") && detail !== "";
  return own ? `${words} (${detail})` : words;
}
