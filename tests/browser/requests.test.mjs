// A department asks for images in a real browser without JavaScript, follows the request by its private link, and staff
// decide; every page of it looked at closely in both languages, on a phone and on a desk.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { follow, isSound, press, signInFirst, visit as open } from './journey.mjs';
import { startBrowser, startSite } from './site.mjs';

let site;
let browser;
let cookies;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
  cookies = await signInFirst(browser, site);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

// A page of a browser: a visitor's, or of somebody who has signed in.
const visit = (journey, signedIn = false, options = {}) =>
  open(browser, journey, { cookies: signedIn ? cookies : [], ...options });

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
        await follow(page, '.empty a.button');
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
        assert.match(await page.textContent('main'), /Un ministère l’a demandée et elle est à l’étude/);
        await press(page, 'Revenir');
        assert.equal(await page.inputValue('#image-2'), 'nginx');
        await press(page, 'Vérifier');
        await press(page, 'Envoyer');
        assert.match(await page.textContent('h1'), /REQ-\d{4}-0001/);
        assert.match(await page.textContent('.notice'), /Conservez ce lien/);
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

  test('what was accepted is looked at again and declined with its line, and nobody counts it any more', () =>
    visit(
      async (page) => {
        await page.goto(`${site.origin}/en/staff/requests/decide?do=reopen&item=1`);
        await press(page, 'Look at it again');
        assert.match(await page.textContent('.error-summary'), /Say what becomes of the line of zookeeper/);
        await page.check('input[name=lines-1][value=keep]');
        await press(page, 'Look at it again');
        await page.goto(`${site.origin}/en/demand`);
        assert.match(await page.textContent('main'), /zookeeper/);
        await page.goto(`${site.origin}/en/staff/requests/decide?do=decline&item=1`);
        await page.check('input[name=lines-1][value=take]');
        await page.fill('#words', 'Another tool does it');
        await press(page, 'Decline');
        await page.goto(followed);
        assert.match(await page.textContent('main'), /Refusée/);
        assert.match(await page.textContent('main'), /Another tool does it/);
        await page.goto(`${site.origin}/en/demand`);
        assert.doesNotMatch(await page.textContent('main'), /zookeeper/);
      },
      true,
      { javaScriptEnabled: false },
    ));

  test('no page of it has a barrier or is wider than a phone, in either language', async () => {
    await visit(async (page) => {
      for (const address of ['/en/requests/new', '/fr/demandes/nouvelle', '/en/requests/new?image=nginx', '/fr/demandes']) {
        await page.goto(`${site.origin}${address}`);
        await isSound(page);
      }
      await page.goto(`${site.origin}/fr/demandes/nouvelle?image=ngix`);
      await fillWho(page);
      await follow(page, '.button-row button:has-text("Vérifier")');
      await isSound(page);
      await press(page, 'Envoyer');
      await isSound(page);
      await follow(page, 'main a:has-text("Modifier ce que j’ai dit")');
      await isSound(page);
      await page.goto(followed);
      await isSound(page);
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
        await isSound(page);
      }
    }, true);
  });
});
