// The browser as a story drives it: what is shut off, what is watched, and the line over which the
// test that started it is told how far the story is.
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(join(process.env.BREACHSCOPE_BROWSER, "package.json"));
const { chromium } = require("playwright-core");
export const { source: axe } = require("axe-core");

// What a page shows is the same however fast it is asked for.
export const still = { reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC" };

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function heard() {
  const { value, done } = await lines.next();
  if (done) throw new Error("the test ended before the story did");
  return JSON.parse(value);
}

/** What the test gives: the address of the server, cookies, names. */
export const given = await heard();

/** Tells the test how far the story is and waits until it has looked. */
export async function say(at, more = {}) {
  process.stdout.write(`${JSON.stringify({ at, ...more })}\n`);
  return heard();
}

/** What went wrong without stopping the story; any of it makes the story fail. */
export const complaints = [];

export function expect(is, words) {
  if (!is) complaints.push(words);
}

/** Returns the code of an authenticator, `later` half minutes from now. */
export function code(seed, later = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...seed].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + later));
  const tag = createHmac("sha1", key).update(number).digest();
  const word = tag.readUInt32BE(tag[tag.length - 1] & 15) & 0x7fffffff;
  return String(word % 1000000).padStart(6, "0");
}

/** Opens a browser profile of its own; signed in where it is given a cookie. */
export async function opened(browser, cookie, options = {}) {
  const context = await browser.newContext({ ...still, ...options });
  // Long enough for a machine that does other things as well.
  context.setDefaultTimeout(60000);
  if (cookie) {
    const [name, value] = cookie.split("=");
    await context.addCookies([{ name, value, url: given.base, httpOnly: true, sameSite: "Strict" }]);
  }
  watch(context);
  return context;
}

const { origin } = new URL(given.base);

/** Addresses that a story sends to and expects to be refused. */
export const refused = new Set();

/** Whatever leaves for elsewhere, breaks the policy, or speaks where it should be still. */
function watch(context) {
  context.on("request", (request) => {
    const url = new URL(request.url());
    expect(url.origin === origin || url.protocol === "data:", `${request.url()} was asked for`);
  });
  context.on("weberror", (error) => complaints.push(`a script failed: ${error.error()}`));
  context.on("dialog", (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    dialog.dismiss();
  });
  context.on("console", (message) => {
    // Chromium tells every refusal of a server as an error; refusals are pages here.
    const isRefusal = message.text().startsWith("Failed to load resource");
    const isError = ["error", "warning"].includes(message.type());
    const { url } = message.location();
    // A picture that is opened by itself names no icon, and the browser looks for one.
    const isMeant = url === message.page()?.url() || url.endsWith("/favicon.ico") || refused.has(url);
    if (isError && !(isRefusal && isMeant)) {
      complaints.push(`the console of ${message.page()?.url()} says: ${message.text()}`);
    }
  });
}

/** Runs a story in a browser that can reach the server and nothing else. */
export async function story(told) {
  const browser = await chromium.launch({
    executablePath: process.env.BREACHSCOPE_CHROMIUM,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
  try {
    await told(browser);
  } catch (error) {
    // What broke the story off comes last; what went wrong before may be why.
    complaints.push(error.stack);
  } finally {
    await browser.close();
  }
  for (const one of new Set(complaints)) console.error(`- ${one}`);
  process.exit(complaints.length > 0 ? 1 : 0);
}
