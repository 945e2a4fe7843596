/**
 * The tokens that code needs as numbers; styles/tokens.css holds all the others, and a test compares the two.
 */
export const GROUND = {
  /** The colour of a chatbot that has none of its own. */
  accent: "#3b5bdb",
  light: { panel: "#ffffff", sunk: "#f4f4f2", surfaceContrast: 1.5 },
  dark: { panel: "#1d1d1b", sunk: "#292927", surfaceContrast: 3 },
} as const;

/** How many colours there are for people without a photo: `--person-0` and so on. */
export const PERSON_COLORS = 6;

/** The button on somebody's page, drawn before the chat and its style sheets are there. */
export const LAUNCHER = {
  size: "56px",
  edge: "20px",
  shadow: "0 2px 6px rgb(20 20 15 / 12%), 0 8px 28px rgb(20 20 15 / 22%)",
  alert: "#c92a2a",
  onAlert: "#ffffff",
  /** A speech bubble in a square of 24. */
  sign: "M12 4c4.7 0 8.5 3.1 8.5 7s-3.8 7-8.5 7c-.9 0-1.8-.1-2.6-.3L5 20l.9-3.5C4.4 15.2 3.5 13.2 3.5 11c0-3.9 3.8-7 8.5-7z",
} as const;
