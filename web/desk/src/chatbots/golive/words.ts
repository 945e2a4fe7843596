/** Texts about embedding: they come with their page, not with the inbox. */
export const website = {
  tabs: { access: "Access", website: "Website" },
  title: "Website",
  lead: "Put the chat on your pages: a line of script, or a frame.",
  more: "Frames and strict pages",
  domains: "Allowed domains",
  domainsLead: "The websites that may embed this chatbot. Without any, every website may.",
  domainsLabel: "Domains, one per line",
  domainsHint: "example.com, or *.example.com for what is below it; with a port where the site has one.",
  domainsTooMany: (most: number) => `${most} domains are the most.`,
  script: "Script",
  scriptLead: "A small button appears in the corner. Nothing else is loaded before it is pressed.",
  scriptOptions: 'Optional: data-position="left", data-color="#2f6f4f".',
  frame: "Frame",
  frameLead:
    "The chat itself, where you want it and as large as you want it. The title is what screen readers say.",
  frameCode: "Frame code",
  copyFrame: "Copy frame code",
  frameNote:
    "A chatbot that is embedded only needs HTTPS here: older addresses do not tell that they are in a frame.",
  policy: "Pages with a strict content security policy",
  policyLead:
    "The chat needs no inline script and no inline style. Add this server where your policy names sources.",
  policyCode: "Policy lines",
  copyPolicy: "Copy policy lines",
  hybrid: "Embedded only",
  hybridHint: "Websites can embed it. There is no link.",
  isHybrid: "This chatbot is embedded only, so it has no public link. Make it public to share it.",
  hybridNoLink: "While the chatbot is embedded only, its page answers in frames and nowhere else.",
};
