// What every journey does with a page: opens one, follows what navigates, and looks at it closely.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const PASSWORD = 'correct horse battery';
const LOOK = process.env.LOOK; // a folder for pictures, where somebody wants to see the pages
let taken = 0;

// A page in a context of its own, which ends with the journey.
export async function visit(browser, journey, { cookies = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.addCookies(cookies);
  try {
    await journey(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

// Clicks what navigates, or does what navigates, and waits until the new page has loaded: at the address `where`, if it is
// given. A journey that goes on earlier breaks the navigation off, or looks at the page before. Returns the answer.
export async function follow(page, act, where) {
  const start = () => (typeof act === 'string' ? page.click(act) : act());
  const [answer] = await Promise.all([page.waitForNavigation({ url: where, waitUntil: 'load' }), start()]);
  return answer;
}

// Presses a button of the page's own part by its words.
export const press = (page, words, where) =>
  follow(page, `main button:not(.visually-hidden):has-text("${words}")`, where);

// Presses a key that navigates.
export const pressKey = (page, key, where) => follow(page, () => page.keyboard.press(key), where);

// Clicks what changes the page without leaving it.
export const toggle = (page, what) => page.click(what);

// No barrier that a program can find, and nothing that is wider than the screen.
export async function isSound(page) {
  const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
  assert.deepEqual(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], page.url());
  const size = page.viewportSize();
  for (const width of [1280, 768, 320]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
    assert.ok(wide <= width, `${page.url()} is ${wide} px wide at ${width}`);
    if (LOOK) await page.screenshot({ path: `${LOOK}/${String((taken += 1)).padStart(2, '0')}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize(size);
}

// Signs the first administrator in by the one-time link, and returns the cookies.
export async function signInFirst(browser, site) {
  let cookies;
  await visit(browser, async (page, context) => {
    await page.goto(await site.firstLink());
    await page.fill('#password', PASSWORD);
    await page.fill('#again', PASSWORD);
    await follow(page, 'main form button', '**/en/account');
    cookies = await context.cookies();
  });
  return cookies;
}
