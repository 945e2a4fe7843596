import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The server sends a strict Content-Security-Policy: nothing may be inlined into the page, and no polyfill
// may be injected as an inline script.
const csp = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // The service worker stands at the root, under a name that stays: its place says which pages it is for.
      input: { index: "index.html", sw: "src/push/worker.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        // What every page needs comes as one file: a handful of small ones would be compressed each by itself.
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/(react|scheduler|use-sync-external-store)\/|src\/(texts|lib\/(api|personal|store))\.ts/,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8080", ws: true } } },
  preview: { headers: { "Content-Security-Policy": csp } },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
