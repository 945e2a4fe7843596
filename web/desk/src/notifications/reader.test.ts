import { describe, expect, test } from "vitest";
import { readerOf } from "./reader";

const MOZILLA = "Mozilla/5.0";
const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const MAC = "(Macintosh; Intel Mac OS X 10_15_7)";
const SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1";

const CASES: [string, string, number, string | null, string | null][] = [
  [
    "Chrome on Windows",
    `${MOZILLA} (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36`,
    0,
    "chrome",
    "windows",
  ],
  [
    "Edge on Windows",
    `${MOZILLA} (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    10,
    "edge",
    "windows",
  ],
  [
    "Firefox on Linux",
    `${MOZILLA} (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0`,
    0,
    "firefox",
    "linux",
  ],
  [
    "Firefox on a Mac",
    `${MOZILLA} (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0`,
    0,
    "firefox",
    "macos",
  ],
  ["Safari on a Mac", `${MOZILLA} ${MAC} ${SAFARI} Safari/605.1.15`, 0, "safari", "macos"],
  ["Chrome on a Mac", `${MOZILLA} ${MAC} ${WEBKIT} Chrome/131.0.0.0 Safari/537.36`, 0, "chrome", "macos"],
  [
    "Safari on an iPad that calls itself a Mac",
    `${MOZILLA} ${MAC} ${SAFARI} Safari/605.1.15`,
    5,
    "safari",
    "ios",
  ],
  [
    "Safari on an iPhone",
    `${MOZILLA} (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${SAFARI} Mobile/15E148 Safari/604.1`,
    5,
    "safari",
    "ios",
  ],
  [
    "Chrome on an iPhone",
    `${MOZILLA} (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1`,
    5,
    "chrome",
    "ios",
  ],
  [
    "Firefox on an iPhone",
    `${MOZILLA} (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/133.0 Mobile/15E148 Safari/605.1.15`,
    5,
    "firefox",
    "ios",
  ],
  [
    "Edge on an iPhone",
    `${MOZILLA} (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${SAFARI} EdgiOS/131.0 Mobile/15E148 Safari/604.1`,
    5,
    "edge",
    "ios",
  ],
  [
    "Chrome on Android",
    `${MOZILLA} (Linux; Android 10; K) ${WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36`,
    5,
    "chrome",
    "android",
  ],
  [
    "Edge on Android",
    `${MOZILLA} (Linux; Android 10; K) ${WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0`,
    5,
    "edge",
    "android",
  ],
  [
    "Firefox on Android",
    `${MOZILLA} (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0`,
    5,
    "firefox",
    "android",
  ],
  [
    "Chrome on a Chromebook",
    `${MOZILLA} (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36`,
    0,
    "chrome",
    "linux",
  ],
  [
    "a browser without steps",
    `${MOZILLA} (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0`,
    0,
    null,
    "windows",
  ],
  ["nothing that is known", "curl/8.5.0", 0, null, null],
];

describe("the reader's browser and system", () => {
  test.each(CASES)("%s", (_, userAgent, maxTouchPoints, browser, system) => {
    expect(readerOf({ userAgent, maxTouchPoints })).toEqual({ browser, system });
  });
});
