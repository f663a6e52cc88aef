// A button that is pressed twice, the way back, a refresh, an address that is passed on: each acts
// once or not at all.
import { code, expect, given, opened, refused, say, story } from "./drive.mjs";
import { signIn } from "./keys.mjs";

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
  const sent = await page.$eval("form[action$='/secure']", (one) =>
    new URLSearchParams([...new FormData(one)].map(([key, value]) => [key, String(value)])).toString(),
  );
  await page.dblclick("button.grave");
  await page.waitForSelector("text=What was done for");
  await say("pressed twice");

  // On the page that came of it, the browser sends the form again.
  await page.reload();
  expect((await main()).includes("It is carried out once"), `a refresh says: ${await main()}`);
  await page.goBack();
  expect((await page.locator("button.grave").count()) === 0, "a plan that was carried out is not confirmed again");
  const answers = await send(page, `${given.incident}/secure`, sent);
  expect(answers.every((status) => status === 410), `the same form again: ${answers}`);
  await page.goto(plan);
  await page.reload();
  await page.goBack();
  await page.goForward();
  const { execution } = await say("pressed again");

  await page.goto(`${given.base}${execution}`);
  await page.dblclick("main > form[action$='/undo'] button");
  await page.waitForSelector("text=taken back");
  await say("taken back");
  await page.reload();
  await page.goBack();
  await page.goForward();
  await send(page, `${execution}/undo`, sent);
  expect((await page.locator("form[action$='/undo']").count()) === 0, "nothing is left to take back");
  await say("taken back again");

  await passedOn(browser, page);
});

/** What a program does that kept what was sent: sends it again, several at once. */
function send(page, path, body) {
  refused.add(`${given.base}${path}`);
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return page.evaluate(
    ([to, options]) => {
      const one = () => fetch(to, options).then((answer) => answer.status);
      return Promise.all([one(), one(), one()]);
    },
    [path, { method: "POST", body, headers }],
  );
}

/** What somebody filtered is in the address, for whoever it is passed on to. */
async function passedOn(browser, page) {
  await page.goto(`${given.base}/`);
  await page.fill("#q", given.user);
  await page.selectOption("#least", "high");
  await page.click("form.filter button");
  await page.waitForURL(/least=high/);
  const rows = await page.locator("[aria-labelledby=incidents] tbody th a").allTextContents();
  expect(rows.length > 0, "something is found");

  const other = await (await opened(browser)).newPage();
  await other.goto(page.url());
  await signIn(other, { name: given.name, password: given.password, code: code(given.seed) });
  expect(other.url() === page.url(), `${page.url()} became ${other.url()}`);
  expect((await other.inputValue("#q")) === given.user, "the words are those that were passed on");
  expect((await other.inputValue("#least")) === "high", "the urgency is the one that was passed on");
  const same = await other.locator("[aria-labelledby=incidents] tbody th a").allTextContents();
  expect(JSON.stringify(same) === JSON.stringify(rows), "the rows are those that were passed on");
}
