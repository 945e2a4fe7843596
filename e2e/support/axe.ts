import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Expects that the screen, as it is now, breaks no rule of WCAG 2.2 AA. What is on its way in or out settles first. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  await page.evaluate(async () => {
    // A document does not tell of what moves in its shadow roots.
    const moving = () => {
      const roots: DocumentOrShadowRoot[] = [document];
      for (const element of document.querySelectorAll("*")) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
      }
      const all = roots.flatMap((root) => root.getAnimations());
      return all.filter(
        (one) => one.playState === "running" && one.effect?.getComputedTiming().iterations !== Infinity,
      );
    };
    // What begins with the next frame is waited for as well.
    for (let still = 0; still < 2; still += 1) {
      const animations = moving();
      if (animations.length > 0) still = 0;
      await Promise.allSettled(animations.map((one) => one.finished));
      await new Promise(requestAnimationFrame);
    }
  });
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.flat().join(" ")}: ${failureSummary}`),
  );
  expect(found, screen).toEqual([]);
}
