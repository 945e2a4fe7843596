const PATHS = {
  inbox: "M3 11.5 5 4.5h10l2 7v4H3zM3 11.5h4l1 2h4l1-2h4",
  chatbots: "M4 6.5h12v8H8l-3 2.5v-2.5H4zM8 10h.01M12 10h.01M10 6.5v-3",
  agent: "M10 3.5 11.6 8 16 9.5 11.6 11 10 15.5 8.4 11 4 9.5 8.4 8z",
  model:
    "M6.5 6.5h7v7h-7zM8.5 3.5v3M11.5 3.5v3M8.5 13.5v3M11.5 13.5v3M3.5 8.5h3M3.5 11.5h3M13.5 8.5h3M13.5 11.5h3",
  book: "M4 4.5h5a1.5 1.5 0 0 1 1 .6 1.5 1.5 0 0 1 1-.6h5v10.5h-5a1.5 1.5 0 0 0-1 .6 1.5 1.5 0 0 0-1-.6H4zM10 5v10.5",
  sliders: "M4 6.5h6M14 6.5h2M12 4.7v3.6M4 13.5h2M10 13.5h6M8 11.7v3.6",
  share: "M10 12V3.5M7 6l3-3 3 3M5 9.5H4v7h12v-7h-1",
  back: "M12 4.5 6.5 10l5.5 5.5",
  chevron: "M7.5 4.5 13 10l-5.5 5.5",
  close: "M5 5l10 10M15 5 5 15",
  pencil: "M4 16l.8-3.4L13 4.4l2.6 2.6-8.2 8.2z",
  check: "M4.5 10.5 8.3 14l7.2-8",
  retry: "M15.5 10A5.5 5.5 0 1 1 13.8 6M15.5 3.5v3.3h-3.3",
  send: "M10 16V4.5M5 9.2l5-5 5 5",
  info: "M10 9.2v5M10 6.2h.01M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z",
  bell: "M5 13.5V9a5 5 0 0 1 10 0v4.5l1.2 1.5H3.8zM8.5 17h3",
  sound: "M4 8v4h2.5L10 15V5L6.5 8zM13 7.5a3.5 3.5 0 0 1 0 5M15 5.5a6.3 6.3 0 0 1 0 9",
  plus: "M10 4.5v11M4.5 10h11",
  trash: "M4.5 6h11M8 6V4h4v2M6 6l.7 10h6.6L14 6",
  copy: "M7 7V3.5h9.5V13H13M3.5 7H13v9.5H3.5z",
  file: "M5 3h6.5L15 6.5V17H5zM11.5 3v3.5H15",
  clip: "M14.5 9.3 9.6 14.2a3 3 0 0 1-4.2-4.2l5.6-5.6a2 2 0 0 1 2.8 2.8l-5.5 5.6a1 1 0 0 1-1.4-1.4l4.8-4.9",
  quote: "M4 5h12v8.5H9l-3 2.5v-2.5H4z",
  text: "M4 5.5h12M4 10h12M4 14.5h7",
  label: "M3.5 9.8V4.5h5.3l7.2 7.2-5.3 5.3zM6.8 7.8h.01",
  assign: "M8.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 16.5c.5-2.8 2.8-4 5.5-4 1 0 2 .2 2.8.6M15 11v6M12 14h6",
  lines: "M4 5.5h12M4 10h12M4 14.5h7",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l3.5 3.5",
  smile: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.3 11.7a3.4 3.4 0 0 0 5.4 0M7.8 8h.01M12.2 8h.01",
  at: "M12.8 10a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0zM12.8 7.2v4a1.9 1.9 0 0 0 3.7-.6V10a6.5 6.5 0 1 0-2.6 5.2",
  lock: "M5.5 9h9v7.5h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  sun: "M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M4.7 15.3l1.1-1.1M14.2 5.8l1.1-1.1",
  person: "M10 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 10 10zM4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5",
  people:
    "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.5 15.5c.5-2.6 2.4-3.8 5-3.8s4.5 1.2 5 3.8M13 9.3a2.4 2.4 0 0 0 .3-4.7M14.6 11.9c1.6.5 2.6 1.7 2.9 3.6",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  mail: "M3 5h14v10H3zM3.3 5.4 10 11l6.7-5.6",
  out: "M8 3.5H4v13h4M12.5 6.5 16 10l-3.5 3.5M16 10H8",
  offline:
    "M3.5 3.5l13 13M10 15.5h.01M7.2 12.6a4 4 0 0 1 4.3-.8M4.6 9.8A8 8 0 0 1 8 7.6M12 7.5a8 8 0 0 1 3.4 2.3",
  down: "M10 4v11.5M5 11l5 5 5-5",
  chart: "M4 16.5h12M6 14V9.5M10 14V4.5M14 14V7.5",
  external: "M8 5H4.5v10.5H15V12M11 4.5h4.5V9M15.5 4.5 9.5 10.5",
} as const;

/** Name of a picture in the desk's own set. */
export type IconName = keyof typeof PATHS;

/** A line picture in the colour of the text around it; the words beside it carry the meaning. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
