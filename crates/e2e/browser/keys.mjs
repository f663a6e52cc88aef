// A hand on the keyboard, and no mouse: goes from one thing to the next as a person does, and demands
// that it is seen where one is.
import { expect } from "./drive.mjs";

/** Presses Tab until what is asked for has the focus. */
export async function tabTo(page, selector) {
  for (let presses = 0; presses < 400; presses += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate((wanted) => {
      const one = document.activeElement;
      if (!one || one === document.body) return { is: false, words: "", isSeen: true };
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      return {
        is: one.matches(wanted),
        words: one.outerHTML.slice(0, 80),
        isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && box.width > 0 && box.height > 0,
      };
    }, selector);
    expect(here.isSeen, `the focus is not seen on ${here.words}`);
    if (here.is) return;
  }
  throw new Error(`no Tab leads to ${selector} on ${page.url()}`);
}

/** Presses Enter where the focus is and waits for the page that it leads to. */
export async function enter(page) {
  const next = page.waitForEvent("framenavigated");
  await page.keyboard.press("Enter");
  await next;
  await page.waitForLoadState("load");
}

/** Signs in, from wherever the server asks for it. */
export async function signIn(page, { name, password, code }) {
  await page.waitForSelector("#name:focus");
  await page.keyboard.type(name);
  await tabTo(page, "#password");
  await page.keyboard.type(password);
  await tabTo(page, "#code");
  await page.keyboard.type(code);
  await enter(page);
}
