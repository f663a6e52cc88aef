// Finding pages the way a person or a program does: by following links from the first one.
import { given } from "./drive.mjs";

const { origin } = new URL(given.base);

/** Returns what a page is of its kind: its path without the names in it. */
export function shape(address) {
  const { pathname } = new URL(address);
  const isName = (part) => /[0-9@%.]/.test(part) || part.length > 24;
  const parts = pathname.split("/").map((part, at) => (at > 1 && (isName(part) || at === 2) ? "*" : part));
  return parts.join("/");
}

/** Returns every address of the server that a page names: to follow, to load, to send forms to. */
export async function named(page) {
  const all = await page.evaluate(() => {
    const names = ["href", "src", "action", "formaction"];
    const those = document.querySelectorAll(names.map((name) => `[${name}]`).join());
    return [...those].flatMap((one) => names.map((name) => one.getAttribute(name)).filter(Boolean));
  });
  const here = all.map((one) => new URL(one, page.url()));
  return here.filter((one) => one.origin === origin).map((one) => one.href.split("#")[0]);
}

/** Follows links from where somebody starts to so many pages of each kind; returns what was named. */
export async function crawl(page, starts, many, look) {
  const waiting = starts.map((start) => new URL(start, given.base).href);
  const all = new Set(waiting);
  const seen = new Map();
  while (waiting.length > 0) {
    const address = waiting.shift();
    const kind = shape(address) + (new URL(address).search ? "?" : "");
    const count = seen.get(kind) ?? 0;
    if (count >= many) continue;
    seen.set(kind, count + 1);
    await page.goto(address);
    for (const one of await named(page)) all.add(one);
    const links = await page.$$eval("a[href]", (found) => found.map((one) => one.href.split("#")[0]));
    // What is no page of ours, as the description of the API, is opened by whoever wants it.
    const isPage = (one) => !one.includes("/api/") && !new URL(one).pathname.endsWith(".csv");
    const own = links.filter((one) => new URL(one).origin === origin && isPage(one));
    waiting.push(...own.filter((one) => !waiting.includes(one)));
    await look(address);
  }
  return [...all];
}
