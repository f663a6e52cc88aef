// Ten thousand incidents: the first page, the next one, a search, and how large it all is.
import { expect, given, opened, say, story } from "./drive.mjs";

await story(async (browser) => {
  const page = await (await opened(browser, given.cookie)).newPage();
  const script = [];
  page.on("response", async (response) => {
    if (response.request().resourceType() === "script") script.push((await response.body()).length);
  });
  const cold = await timed(page, "/");
  const warm = [];
  for (let at = 0; at < 5; at += 1) warm.push(await timed(page, "/"));
  await say("looked", { cold, warm, script });
});

async function timed(page, path) {
  await page.goto(given.base + path, { waitUntil: "load" });
  return page.evaluate(() => {
    const [one] = performance.getEntriesByType("navigation");
    return { first: one.responseStart - one.requestStart, loaded: one.loadEventEnd, bytes: one.encodedBodySize };
  });
}
