// Ten thousand incidents: the first page, the last one, a search, one of them; how long each takes to
// answer and how much is loaded for it.
import { expect, given, opened, say, story } from "./drive.mjs";

await story(async (browser) => {
  const page = await (await opened(browser, given.cookie)).newPage();
  const scripts = new Map();
  page.on("response", async (response) => {
    if (response.request().resourceType() === "script") scripts.set(response.url(), (await response.body()).length);
  });
  const first = await timed(page, "/");
  expect((await page.locator("[aria-labelledby=incidents] tbody tr").count()) === 100, "a page has a hundred rows");
  expect((await page.textContent("main")).includes("1 to 100 of 10\u202f000"), "it says how many there are");
  const again = [];
  for (let at = 0; at < 9; at += 1) again.push(await timed(page, "/"));

  await page.click("a[rel=next]");
  await page.waitForURL(/page=2/);
  expect((await page.textContent("main")).includes("101 to 200 of 10\u202f000"), "the next page follows");
  await timed(page, "/?page=100");
  expect((await page.textContent("main")).includes("9\u202f901 to 10\u202f000 of 10\u202f000"), "the last page is the last");
  expect((await page.locator("a[rel=next]").count()) === 0, "nothing follows the last page");
  await page.fill("#q", given.somebody);
  await page.click("form.filter button");
  await page.waitForURL(/q=/);
  expect((await page.locator("[aria-labelledby=incidents] tbody tr").count()) === 1, "a search finds the one");
  await page.locator("[aria-labelledby=incidents] tbody th a").press("Enter");
  await page.waitForURL(/\/a\//);
  expect((await page.textContent("main")).includes(given.somebody), "the incident is the one that was found");
  await timed(page, "/t");
  const script = [...scripts.values()].reduce((sum, one) => sum + one, 0);
  await say("looked", { first, again, script });
});

/** Opens a page and returns how many milliseconds the server took to begin its answer. */
async function timed(page, path) {
  await page.goto(given.base + path, { waitUntil: "load" });
  const took = await page.evaluate(() => {
    const [one] = performance.getEntriesByType("navigation");
    return one.responseStart - one.requestStart;
  });
  return Math.round(took);
}
