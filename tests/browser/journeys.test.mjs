// The journeys that need a real browser: keyboard, no JavaScript, both languages, copying, paper, narrow screens, axe.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { follow, isSound, pressKey, toggle, visit as open } from './journey.mjs';
import { PAGES, startBrowser, startSite } from './site.mjs';

let site;
let browser;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

// A page in a context of its own; what the browser complains of fails the journey.
async function visit(address, options, journey) {
  const complaints = [];
  const expected = (text) => text.includes('404 (Not Found)');
  await open(browser, async (page, context) => {
    page.on('console', (message) => message.type() === 'error' && !expected(message.text()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(site.origin + address);
    await journey(page, context);
  }, options);
  assert.deepEqual(complaints, [], address);
}

const address = (page) => page.url().slice(site.origin.length);

describe('journeys', () => {
  test('an image is found by keyboard alone', () =>
    visit('/en', {}, async (page) => {
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.className), 'skip-link');
      await pressKey(page, 'Enter', '**/en#*');
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
      await page.keyboard.type('openjdk');
      await pressKey(page, 'Enter', '**/en/images?q=openjdk');
      for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press('Tab');
        const words = await page.evaluate(() => document.activeElement.textContent);
        if (words === 'OpenJDK (JDK & JRE)') break;
      }
      await pressKey(page, 'Enter', '**/en/images/openjdk-jdk-jre');
      assert.match(await page.textContent('.answer'), /Can I use it today\?/);
    }));

  test('focus is always to be seen', () =>
    visit('/en/images', {}, async (page) => {
      for (let step = 0; step < 12; step += 1) {
        await page.keyboard.press('Tab');
        const outline = await page.evaluate(() => {
          const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
        });
        assert.ok(outline, `step ${step}`);
      }
    }));

  test('filters work without JavaScript and the downloads follow', () =>
    visit('/en/images', { javaScriptEnabled: false }, async (page) => {
      for (const [group, value] of [['Status', 'under_consideration'], ['Type', 'Application']]) {
        await toggle(page, `summary:has-text("${group}")`);
        await page.check(`input[value="${value}"]`);
      }
      await toggle(page, 'summary:has-text("Department")');
      await page.check('input[name=department][value="NRCan"]');
      await page.check('input[name=department][value="CCCS"]');
      await follow(page, 'text=Apply filters');
      assert.equal(await page.locator('tbody tr').count(), 15);
      assert.equal(await page.locator('.chip').count(), 4);
      const csv = await page.request.get(site.origin + (await page.getAttribute('.downloads a >> nth=0', 'href')));
      assert.equal((await csv.text()).trim().split('\r\n').length, 16);
      await follow(page, '.chip:has-text("CCCS")');
      assert.equal(await page.locator('tbody tr').count(), 10);
      await follow(page, 'th a:has-text("Image name")');
      assert.equal(await page.getAttribute('th[aria-sort]', 'aria-sort'), 'ascending');
      assert.equal(await page.locator('.chip').count(), 3);
      assert.equal(await page.locator('.code-block button').count(), 0);
    }));

  test('the other language keeps the filters, there and back', () =>
    visit('/en/images?q=nginx&department=NRCan&sort=-name', {}, async (page) => {
      await follow(page, '.lang-toggle');
      assert.equal(address(page), '/fr/images?q=nginx&department=NRCan&sort=-name');
      assert.equal(await page.getAttribute('html', 'lang'), 'fr');
      assert.equal(await page.locator('tbody tr').count(), 1);
      await follow(page, '.lang-toggle');
      assert.equal(address(page), '/en/images?q=nginx&department=NRCan&sort=-name');
      await page.goto(`${site.origin}/`);
      assert.equal(address(page), '/en', 'the language last read in');
    }));

  test('a pull line is copied by a button that only script adds', () =>
    visit('/en/images/python', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      const block = page.locator('.code-block', { hasText: 'Pull with Docker' });
      const line = await block.locator('code').textContent();
      assert.match(line, /^docker pull .+\/python:3\.13\.3$/);
      await toggle(page, '.code-block:has-text("Pull with Docker") button');
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), line);
    }));

  test('without JavaScript the line stands there as text to select', () =>
    visit('/en/images/python', { javaScriptEnabled: false }, async (page) => {
      assert.equal(await page.locator('.code-block button').count(), 0);
      assert.equal(await page.locator('.code-block code').count(), 6);
    }));

  test('a tag that the visitor types goes into the commands, and a wrong one is explained', () =>
    visit('/en/images/net-sdk', {}, async (page) => {
      await page.fill('#tag', '9.0');
      await follow(page, 'text=Show the commands');
      assert.match(await page.textContent('main'), /dotnet-sdk:9\.0/);
      await page.fill('#tag', 'no tag');
      await follow(page, 'text=Show the commands');
      assert.match(await page.textContent('.error-message'), /This is not a tag/);
      assert.equal(await page.inputValue('#tag'), 'no tag');
    }));

  test('a search without result leads to asking for the image', () =>
    visit('/fr/images?q=zookeeper', {}, async (page) => {
      await follow(page, '.empty a.button');
      assert.equal(address(page), '/fr/demandes/nouvelle?image=zookeeper');
      assert.equal(await page.inputValue('#image-1'), 'zookeeper');
    }));

  test('on paper the list keeps its table and loses its controls', () =>
    visit('/en/images', {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      for (const gone of ['.site-nav', '.filters', '.downloads', '.lang-toggle']) {
        assert.equal(await page.locator(gone).isVisible(), false, gone);
      }
      assert.ok(await page.locator('thead').isVisible());
      assert.ok((await page.pdf({ format: 'Letter' })).length > 10_000);
    }));

  test('what changed prints on one sheet in each language', async () => {
    for (const report of ['/en/reports/changed?from=2020-01-01', '/fr/rapports/changements?from=2020-01-01']) {
      await visit(report, { javaScriptEnabled: false }, async (page) => {
        for (const format of ['Letter', 'A4']) {
          const sheets = (await page.pdf({ format })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g);
          assert.equal(sheets?.length, 1, `${report} on ${format}`);
        }
      });
    }
  });

  test('in forced colours the answer is told by words', () =>
    visit('/en/images/nginx', { forcedColors: 'active' }, async (page) => {
      assert.equal(await page.textContent('.answer-word'), 'Not yet');
      assert.ok(await page.locator('.answer-word').isVisible());
    }));

  test('Canada.ca’s signature and wordmark stand where they are asked for', async () => {
    const other = await startSite({ BRANDING: 'canada.ca' });
    try {
      await open(browser, async (page) => {
        await page.goto(`${other.origin}/fr`);
        assert.match(await page.getAttribute('.signature img', 'alt'), /^Gouvernement du Canada/);
        assert.ok(await page.locator('.wordmark').isVisible());
        await isSound(page);
      });
    } finally {
      await other.stop();
    }
  });
});

describe('every page', () => {
  for (const [number, pair] of PAGES.entries()) {
    for (const [place, here] of pair.entries()) {
      test(`${here} fits 320 px and 400 %, has no violation and knows its other language`, async () => {
        await visit(here, {}, async (page) => {
          const other = await page.getAttribute('link[hreflang]', 'href');
          if (!here.includes('nowhere') && !here.includes('nulle')) assert.equal(other, PAGES[number][1 - place]);
          await isSound(page);
        });
      });
    }
  }
});
