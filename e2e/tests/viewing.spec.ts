import { expect, test } from "../support/test.ts";

const AT_IT = "Sofia Lindqvist is looking at this too";

test("collaborators see who else looks at a conversation, and who is typing", async ({ visitor, ada, sofia }) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await sofia.open("Support Requested");
  // Who comes second learns of the first as well.
  await expect(ada.page.getByRole("status").filter({ hasText: AT_IT })).toBeAttached();
  await expect(sofia.page.getByText("Ada Martins is looking at this too")).toBeAttached();

  await sofia.composer.pressSequentially("Let me");
  await expect(ada.page.getByText("Sofia Lindqvist is typing…")).toBeVisible();
  await sofia.composer.fill("");
  await expect(ada.page.getByText("Sofia Lindqvist is typing…")).toHaveCount(0);

  // Who goes elsewhere is gone, and who closes the page too.
  await sofia.page.getByRole("link", { name: "All", exact: true }).click();
  await expect(ada.page.getByText(AT_IT)).toHaveCount(0);
  await sofia.open("Support Requested");
  await expect(ada.page.getByText(AT_IT)).toBeAttached();
  await sofia.page.close();
  await expect(ada.page.getByText(AT_IT)).toHaveCount(0);
  // The visitor is not told who looks.
  await expect(visitor.page.getByText(/looking at this/)).toHaveCount(0);
});
