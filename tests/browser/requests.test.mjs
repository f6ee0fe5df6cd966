// A department asks for images in a real browser without JavaScript, follows the request by its private link, and staff
// decide; every page of it looked at closely in both languages, on a phone and on a desk.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { startBrowser, startSite } from './site.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PASSWORD = 'correct horse battery';
const LOOK = process.env.LOOK; // a folder for pictures, where somebody wants to see the pages
let site;
let browser;
let cookies;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await site.firstLink());
  await page.fill('#password', PASSWORD);
  await page.fill('#again', PASSWORD);
  await Promise.all([page.waitForURL('**/en/account'), page.click('main form button')]);
  cookies = await context.cookies();
  await context.close();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

// A page of a browser: a visitor's, or of somebody who has signed in.
async function visit(journey, signedIn = false, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  if (signedIn) await context.addCookies(cookies);
  try {
    await journey(await context.newPage());
  } finally {
    await context.close();
  }
}

const press = (page, words) => Promise.all([page.waitForNavigation(), page.click(`main button:not(.visually-hidden):has-text("${words}")`)]);
let taken = 0;

// No barrier that a program can find, and nothing that is wider than a phone.
async function lookClosely(page) {
  const found = await new AxeBuilder({ page }).withTags(RULES).analyze();
  assert.deepEqual(found.violations.map(({ id, nodes }) => [id, nodes[0].html]), [], page.url());
  const size = page.viewportSize();
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${page.url()} is ${wide} wide at ${width}`);
    if (LOOK) await page.screenshot({ path: `${LOOK}/${String((taken += 1)).padStart(2, '0')}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize(size);
}

async function fillWho(page) {
  await page.selectOption('#department', { index: 3 });
  await page.fill('#contact-name', 'Marie Tremblay');
  await page.fill('#contact-email', 'marie.tremblay@example.gc.ca');
}

describe('requests', () => {
  let followed;

  test('an image that a search does not find is asked for with another, checked, sent and followed', () =>
    visit(
      async (page) => {
        await page.goto(`${site.origin}/fr/images?q=zookeeper`);
        await Promise.all([page.waitForNavigation(), page.click('.empty a.button')]);
        assert.equal(await page.inputValue('#image-1'), 'zookeeper');
        await press(page, 'Ajouter une autre image');
        await page.fill('#image-2', 'ngix');
        await page.selectOption('#firmness-2', 'funded');
        await page.fill('#why-1', 'Coordination de Kafka');
        await press(page, 'Vérifier');
        assert.match(await page.textContent('.error-summary'), /Choisissez votre ministère/);
        assert.equal(await page.inputValue('#why-1'), 'Coordination de Kafka');
        await fillWho(page);
        await press(page, 'Vérifier');
        await press(page, 'C’est nginx');
        assert.match(await page.textContent('main'), /(l’a|l’ont) déjà demandée/);
        await press(page, 'Revenir');
        assert.equal(await page.inputValue('#image-2'), 'nginx');
        await press(page, 'Vérifier');
        await press(page, 'Envoyer');
        assert.match(await page.textContent('h1'), /REQ-\d{4}-0001/);
        assert.match(await page.textContent('.notice'), /marie\.tremblay/);
        followed = page.url();
      },
      false,
      { javaScriptEnabled: false },
    ));

  test('staff take it under review, accept it, and whoever asked sees so', () =>
    visit(
      async (page) => {
        await page.goto(`${site.origin}/en/staff/requests`);
        for (const box of await page.locator('tbody input[type=checkbox]').all()) await box.check();
        await press(page, 'Take or assign');
        await press(page, 'Take or assign');
        assert.match(await page.textContent('main'), /Under review/);
        await page.goto(`${site.origin}/en/staff/requests`);
        for (const box of await page.locator('tbody input[type=checkbox]').all()) await box.check();
        await press(page, 'Accept');
        assert.match(await page.textContent('ol.changes'), /zookeeper/);
        await press(page, 'Accept');
        await page.goto(followed);
        assert.match(await page.textContent('main'), /Acceptée/);
        await page.goto(`${site.origin}/fr/images/zookeeper`);
        assert.match(await page.textContent('main'), /À l’étude/);
      },
      true,
      { javaScriptEnabled: false },
    ));

  test('no page of it has a barrier or is wider than a phone, in either language', async () => {
    await visit(async (page) => {
      for (const address of ['/en/requests/new', '/fr/demandes/nouvelle', '/en/requests/new?image=nginx', '/fr/demandes']) {
        await page.goto(`${site.origin}${address}`);
        await lookClosely(page);
      }
      await page.goto(`${site.origin}/fr/demandes/nouvelle?image=ngix`);
      await fillWho(page);
      await Promise.all([page.waitForNavigation(), page.click('.button-row button:has-text("Vérifier")')]);
      await lookClosely(page);
      await press(page, 'Envoyer');
      await lookClosely(page);
      await page.click('main a:has-text("Modifier ce que j’ai dit")');
      await lookClosely(page);
      await page.goto(followed);
      await lookClosely(page);
    });
    await visit(async (page) => {
      for (const address of [
        '/en/staff/requests',
        '/fr/personnel/demandes?state=all',
        '/fr/personnel/demandes/REQ-2026-0001',
        '/en/staff/requests/decide?do=accept&item=3',
        '/fr/personnel/demandes/decider?do=merge&item=3',
        '/fr/personnel/demandes/decider?do=decline&item=3',
      ]) {
        await page.goto(`${site.origin}${address.replace('2026', String(new Date().getFullYear()))}`);
        await lookClosely(page);
      }
    }, true);
  });
});
