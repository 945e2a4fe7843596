/** The texts of files in conversations. */
export const fileTexts = {
  attach: "Attach files",
  tray: "Files to be sent",
  remove: (name: string) => `Remove ${name}`,
  again: (name: string) => `Try ${name} again`,
  sending: (name: string) => `${name} is on its way`,
  there: (name: string) => `${name} is ready to be sent`,
  wanted: "Goes out as soon as the files are there",
  waiting: (n: number) => (n === 1 ? "1 file is on its way" : `${n} files are on their way`),
  failed: "Remove what cannot be sent, or try it again.",
  drop: "Drop files here",
  tooLarge: "This file is larger than 10 MB.",
  tooMany: "A message takes 10 files.",
  open: (name: string) => `Open ${name}`,
  save: (name: string, size: string) => `Save ${name}, ${size}`,
  gone: "This picture cannot be shown",
};
