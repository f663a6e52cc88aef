// What an intruder wrote, in records, in the live tenant, in addresses and in forms, is text: no script
// of theirs runs, no element of theirs stands, no letter of theirs turns a line around.
import { expect, given, opened, say, story } from "./drive.mjs";
import { crawl, shape } from "./crawl.mjs";

const shown = new Set();

await story(async (browser) => {
  const context = await opened(browser, given.cookie, { userAgent: given.hostile[0] });
  const page = await context.newPage();

  // From the live tenant into a plan, and from the plan into what was done.
  await page.goto(`${given.base}${given.incident}/secure`);
  await page.click("form[action$='/plan'] button");
  await page.waitForURL(/\/secure\/[0-9a-f]{64}/);
  const plan = page.url();
  await isText(page);
  await page.fill("#local", await page.textContent("label[for=local] code"));
  await page.click("button.grave");
  await page.waitForLoadState("load");
  const words = await page.textContent("main");
  if (!words.includes("What was done for")) throw new Error(`instead of what was done: ${words}`);
  await isText(page);
  const { execution } = await say("done");

  // What somebody types, or is made to.
  for (const one of given.hostile) {
    const it = encodeURIComponent(one);
    const places = [`/?q=${it}&tenant=${it}&least=${it}&page=${it}`, `/t/${it}`, `/a/${it}`, `/x/${it}`, `/s/${it}`];
    for (const place of [...places, `/prove?next=/${it}`, `${given.incident}/secure/${it}`]) {
      await page.goto(`${given.base}${place}`);
      await isText(page);
    }
    await page.goto(`${given.base}/me`);
    await page.fill("form[action='/me/tokens'] #name", one);
    await page.check("input[name=scope]");
    await page.click("form[action='/me/tokens'] button");
    await page.waitForLoadState("load");
    await isText(page);
    await page.goto(`${given.base}/accounts`);
    await page.fill("#name", one);
    await page.locator("select[name=tenant]").first().selectOption("*");
    await page.locator("select[name=role]").first().selectOption("viewer");
    await page.click("form[action='/accounts'] button");
    await page.waitForLoadState("load");
    await isText(page);
  }
  const stranger = await (await opened(browser)).newPage();
  for (const one of given.hostile) {
    await stranger.goto(`${given.base}/sign-in?next=/${encodeURIComponent(one)}`);
    await stranger.fill("#name", one);
    await stranger.fill("#password", one);
    await stranger.fill("#code", "000000");
    await stranger.click("main button");
    await stranger.waitForLoadState("load");
    await isText(stranger);
  }

  const starts = [`${given.base}/`, plan, `${given.base}${execution}`];
  await crawl(page, starts, given.many, () => isText(page));
  await say("shown", { shown: [...shown] });
});

/** Demands of a page that nothing on it is more than text. */
async function isText(page) {
  const seen = await page.evaluate((beginnings) => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    const theirs = [
      "body script, body style, body iframe, body object, body embed, body base, body link, body meta",
      "main img, main svg:not(.scan), main video, main b, main marquee, body [style]",
      "[onerror], [onload], [onclick], [onfocus], [onmouseover], [ontoggle], [srcdoc]",
      "[href^='javascript:' i], [src^='javascript:' i], [action^='javascript:' i], [href^='data:' i]",
    ];
    const all = document.documentElement.outerHTML + document.title;
    return {
      elements: [...document.querySelectorAll(theirs.join())].map((one) => one.outerHTML.slice(0, 200)),
      ran: window.ran,
      turned: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/.exec(all)?.[0],
      worked: all.includes("49hostile"),
      isShown: beginnings.some((one) => document.body.innerText.includes(one)),
    };
  }, given.hostile.map((one) => one.slice(0, 12)));
  const where = page.url().slice(0, 120);
  for (const one of seen.elements) expect(false, `an element stands at ${where}: ${one}`);
  expect(seen.ran === undefined, `a script ran at ${where}`);
  expect(!seen.turned, `U+${seen.turned?.charCodeAt(0).toString(16)} stands at ${where}`);
  expect(!seen.worked, `a template was worked out at ${where}`);
  if (seen.isShown) shown.add(shape(page.url()));
}
