// A button that is pressed twice, the way back, a refresh, an address that is passed on: each acts
// once or not at all.
import { code, expect, given, opened, say, story } from "./drive.mjs";

await story(async (browser) => {
  const context = await opened(browser, given.cookie);
  const page = await context.newPage();
  const main = async () => page.textContent("main");

  await page.goto(`${given.base}${given.incident}/secure`);
  await page.click("form[action$='/plan'] button");
  await page.waitForURL(/\/secure\/[0-9a-f]{64}/);
  const plan = page.url();
  const name = await page.textContent("label[for=local] code");
  await page.fill("#local", name);
  const form = await page.$eval("form[action$='/secure']", (one) =>
    new URLSearchParams([...new FormData(one)].map(([key, value]) => [key, String(value)])).toString(),
  );
  await page.dblclick("button.grave");
  await page.waitForSelector("text=What was done for");
  await say("pressed twice");

  // Again on the page that came of it: the browser sends the form again.
  await page.reload();
  expect((await main()).includes("It is carried out once"), `a refresh says: ${await main()}`);
  await page.goBack();
  await page.waitForSelector("#local");
  await page.fill("#local", name);
  await page.click("button.grave");
  await page.waitForSelector("text=It is carried out once");
  // A program that kept what was sent, several times at once and from another page of ours.
  const answers = await page.evaluate(
    ([path, body]) => {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const send = () => fetch(path, { method: "POST", body, headers }).then((answer) => answer.status);
      return Promise.all([1, 2, 3].map(send));
    },
    [`${given.incident}/secure`, form],
  );
  expect(answers.every((status) => status === 410), `the same form again: ${answers}`);
  await say("again");

  // Looking at the plan again, by its address, is looking.
  await page.goto(plan);
  await page.reload();
  await page.goBack();
  await page.goForward();
  await say("looked");

  await page.goto(`${given.base}${given.incident}`);
  const [execution] = await page.$$eval("a[href^='/x/']", (all) => all.map((one) => one.href));
  await say("execution", { execution: execution ?? "" });
});
