import { png } from "../support/png.ts";
import { ADA } from "../support/template.ts";
import { expect, test } from "../support/test.ts";

const SECRET = "51.4778 north, 0.0015 west";

test("a photo from `Account` is the face that the visitor sees at the next takeover", async ({
  visitor,
  ada,
  server,
}) => {
  await visitor.button("Talk to a person").click();
  await ada.open("Support Requested");
  await ada.reply("Without a photo.");
  const first = visitor.by("human", "Without a photo.");
  await expect(first).toContainText("AM");
  await expect(first.locator("img")).toHaveCount(0);
  await ada.button("End Live Chat").click();

  await ada.button("Profile").click();
  await ada.page.getByRole("menuitem", { name: "Account" }).click();
  const chooser = ada.page.waitForEvent("filechooser");
  await ada.button("Change avatar").click();
  await (await chooser).setFiles({
    name: "me.png",
    mimeType: "image/png",
    buffer: png(640, 400, [180, 60, 90], SECRET),
  });
  const face = ada.page.getByRole("banner").locator("img");
  await expect(face).toBeVisible();
  await expect(ada.button("Remove photo")).toBeVisible();

  await ada.link("Inbox").click();
  await ada.open(/Visitor/);
  await ada.reply("With a photo.");
  const photo = visitor.by("human", "With a photo.").locator("img");
  await expect(photo).toBeVisible();
  const size = await photo.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight, new URL(image.src).pathname] as const;
  });
  expect(size[0]).toBeGreaterThan(0);
  expect(size[0], "it is cut to a square").toBe(size[1]);

  const served = await fetch(server.url + size[2]);
  const bytes = Buffer.from(await served.arrayBuffer());
  expect(served.headers.get("content-type")).toMatch(/^image\/(png|jpeg|webp)$/);
  expect(bytes.includes(SECRET), "what was hidden in the picture is gone").toBe(false);
});

test("what is no picture is refused in words, and the photo can be taken away", async ({ ada }) => {
  await ada.page.goto("/account");
  const upload = async (name: string, mimeType: string, buffer: Buffer) => {
    const chooser = ada.page.waitForEvent("filechooser");
    await ada.button("Change avatar").click();
    await (await chooser).setFiles({ name, mimeType, buffer });
  };
  await upload("face.png", "image/png", Buffer.from("<svg onload=alert(1)>"));
  await expect(ada.page.getByText("This picture cannot be read.")).toBeVisible();
  await upload("face.png", "image/png", png(64, 64, [10, 90, 160], SECRET));
  await ada.button("Remove photo").click();
  await expect(ada.button("Remove photo")).toHaveCount(0);
  await expect(ada.page.getByRole("banner").locator("img")).toHaveCount(0);
});

test("a new name is what visitors read, a new password is what opens the door", async ({
  visitor,
  ada,
  server,
}) => {
  await ada.page.goto("/account");
  await ada.field("Display name").fill("Ada from the workshop");
  await expect(ada.page.getByText("Saved", { exact: true })).toBeVisible();
  await ada.field("Present password").fill("not this one at all");
  await ada.field("New password").fill("eleven slow comets");
  await ada.button("Change password").click();
  await expect(ada.page.getByText("The present password is not right.")).toBeVisible();
  await ada.field("Present password").fill(ADA.password);
  await ada.button("Change password").click();
  await expect(ada.page.getByText("The password is changed.")).toBeVisible();

  await visitor.button("Talk to a person").click();
  await ada.link("Inbox").click();
  await ada.open("Support Requested");
  await ada.reply("Hello.");
  await expect(visitor.by("human", "Hello.")).toContainText("Ada from the workshop");

  await ada.button("Profile").click();
  await ada.page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(ada.page, "who leaves on purpose is not brought back to the last chat").toHaveURL(
    /\/sign-in$/,
  );
  await ada.field("Email").fill(ADA.email);
  await ada.field("Password").fill(ADA.password);
  await ada.button("Sign in").click();
  await expect(ada.page.getByText("Email and password do not match.")).toBeVisible();
  await ada.field("Password").fill("eleven slow comets");
  await ada.button("Sign in").click();
  await expect(ada.page).toHaveURL(`${server.url}/inbox`);
});
