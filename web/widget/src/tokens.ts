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
} as const;
