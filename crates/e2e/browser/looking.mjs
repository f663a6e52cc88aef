// Every page in both themes and at every width: readable by everybody, nothing wider than the screen.
import { axe, code, expect, given, opened, say, story } from "./drive.mjs";
import { crawl } from "./crawl.mjs";

const THEMES = ["light", "dark"];
const WIDTHS = [360, 800, 1400];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function look(page, name) {
  await page.evaluate(axe);
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const found = await page.evaluate(
        (values) => window.axe.run(document, { runOnly: values, resultTypes: ["violations"] }),
        RULES,
      );
      const grave = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      for (const { id, help, nodes } of grave) {
        const where = nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join(" | ");
        expect(false, `${name}, ${colorScheme}, ${width}: ${id}: ${help}: ${where}`);
      }
      await fits(page, `${name} at ${width}`);
    }
  }
  // 200 % on a screen of 1280: half as many of the page's own units, each twice as large.
  await page.setViewportSize({ width: 640, height: 400 });
  await fits(page, `${name} at 200 %`);
}

async function fits(page, name) {
  const over = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect(over <= 0, `${name} is ${over} wider than the screen`);
}

await story(async (browser) => {
  const strangers = await opened(browser);
  const own = await opened(browser, given.cookie);
  const [out, page] = [await strangers.newPage(), await own.newPage()];
  const pages = [];
  const looked = (at) => (address) => {
    pages.push(address);
    return look(at, address);
  };
  await Promise.all([
    crawl(out, given.outside, 1, looked(out)),
    crawl(page, given.inside, 1, looked(page)),
  ]);

  // What no address leads to: the answers to forms, and the list of keys.
  await page.goto(`${given.base}/me`);
  await page.fill("#name", "a program of mine");
  await page.check("input[name=scope]");
  await page.click("form[action='/me/tokens'] button");
  await page.waitForSelector(".note.done");
  await look(page, "a token that was made");
  await page.goto(`${given.base}/accounts`);
  await page.fill("#name", "vera");
  await page.locator("select[name=tenant]").first().selectOption("*");
  await page.locator("select[name=role]").first().selectOption("viewer");
  await page.click("form[action='/accounts'] button");
  await page.waitForSelector(".note.done");
  await look(page, "an account that was made");
  await out.goto(`${given.base}/sign-in`);
  await out.fill("#name", given.name);
  await out.fill("#password", "wrong horse battery");
  await out.fill("#code", code(given.seed));
  await out.click("main button");
  await out.waitForSelector("[role=alert]");
  await look(out, "a wrong sign-in");
  await page.goto(given.base);
  await page.keyboard.press("?");
  await look(page, "the keys");
  await say("looked", { pages });
});
