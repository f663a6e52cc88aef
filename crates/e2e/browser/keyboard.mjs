// From sign-in to an account that is secured, and back again, without a mouse.
import { code, expect, given, opened, say, story } from "./drive.mjs";
import { enter, signIn, tabTo } from "./keys.mjs";

await story(async (browser) => {
  const context = await opened(browser);
  const page = await context.newPage();
  // Whatever is done with a mouse would be found here.
  await context.addInitScript(() => {
    for (const name of ["mousedown", "pointerdown", "touchstart"]) {
      document.addEventListener(name, () => console.error("a mouse was used"), true);
    }
  });

  await page.goto(`${given.base}/`);
  expect(page.url().includes("/sign-in"), "nobody sees triage who is not signed in");
  await signIn(page, { name: given.name, password: given.password, code: code(given.seed) });
  expect(page.url() === `${given.base}/`, `a sign-in leads to ${page.url()}`);

  // The keys that the pages bring, and what they say of themselves.
  await page.keyboard.press("?");
  await page.waitForSelector("dialog.keys[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog.keys:not([open])", { state: "attached" });
  await page.keyboard.press("/");
  await page.waitForSelector("input[type=search]:focus");
  await page.keyboard.type("jk");
  expect((await page.inputValue("#q")) === "jk", "keys are letters where somebody types");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await tabTo(page, "[aria-labelledby=incidents] tbody th a");
  const first = await page.evaluate(() => document.activeElement.href);
  await page.keyboard.press("k");
  await page.keyboard.press("j");
  expect((await page.evaluate(() => document.activeElement.href)) === first, "k and j lead up and back");

  await enter(page);
  expect(page.url() === first, `the first row leads to ${page.url()}`);
  await tabTo(page, "a[href$='/secure']");
  await enter(page);
  await tabTo(page, "form[action$='/plan'] button");
  await enter(page);
  expect(/\/secure\/[0-9a-f]{64}/.test(page.url()), `a plan stands at ${page.url()}`);
  await say("planned", { hash: new URL(page.url()).pathname.split("/").pop() });

  // Whoever types another name has done nothing.
  await tabTo(page, "#local");
  await page.keyboard.type("somebody.else");
  await tabTo(page, "button.grave");
  await enter(page);
  expect((await page.textContent("main")).includes("Nothing was done"), "another name is refused");
  await say("refused");
  await tabTo(page, "main a.button");
  await enter(page);

  const name = await page.textContent("label[for=local] code");
  await tabTo(page, "#local");
  await page.keyboard.press("Control+a");
  await page.keyboard.type(name);
  await tabTo(page, "button.grave");
  await enter(page);
  const words = await page.textContent("main");
  expect(words.includes("What was done for"), `instead of what was done: ${words}`);
  expect(/done and read back, .*\b0 open/.test(words), `not every step was done: ${words}`);
  expect((await page.locator(".state.failed").count()) === 0, "a step failed");
  await say("secured");

  await tabTo(page, "main > form[action$='/undo'] button");
  await enter(page);
  expect(/\/x\/[^/]+$/.test(page.url()), `what was taken back stands at ${page.url()}`);
  expect((await page.textContent("main")).includes("taken back"), "a step was taken back");
  await say("undone");

  await tabTo(page, "form[action='/sign-out'] button");
  await enter(page);
  await page.goto(first);
  expect(page.url().includes("/sign-in"), "a sign-out ends the session");
});
