// Staff at work in a real browser without JavaScript: renewals in one act, an edit beside a colleague's, an undoing, a
// visitor's suggestion; and every page of theirs looked at closely in both languages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { follow, isSound, press, toggle, signInFirst, visit } from './journey.mjs';
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

// A page of a browser that has signed in.
const staff = (options, journey) => visit(browser, journey, { cookies, ...options });

describe('staff', () => {
  test('the six images that lapsed together are renewed in one act, and the act is undone', () =>
    staff({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${site.origin}/fr/personnel/renouvellements`);
      for (const box of await page.locator('tbody input[type=checkbox]').all()) await box.check();
      await page.check('input[value=renew]');
      await page.fill('#date', '2030-03-01');
      await page.fill('#reason', 'Renouvellement annuel');
      await press(page, 'Aperçu');
      assert.equal(await page.locator('ol.changes > li').count(), 6);
      await press(page, 'Enregistrer');
      assert.match(page.url(), /\/fr\/changements\/\d+$/);
      const facts = await page.textContent('dl.facts');
      assert.match(facts, /administrator/);
      assert.match(facts, /Renouvellement annuel/);
      await follow(page, 'main a:has-text("Annuler ce changement")');
      await page.fill('#reason', 'Mauvaise année');
      await press(page, 'Annuler ce changement');
      await page.goto(`${site.origin}/fr/images/python`);
      assert.match(await page.textContent('.answer'), /2026-03-01/);
      assert.match(await page.textContent('[aria-labelledby=history]'), /Mauvaise année/);
    }));

  test('two people who change one image keep the words of both', () =>
    staff({ javaScriptEnabled: false }, async (page, context) => {
      const other = await context.newPage();
      const address = `${site.origin}/en/staff/images/valkey`;
      await page.goto(address);
      await other.goto(address);
      await other.fill('#description-en', 'A key-value store');
      await press(other, 'Save');
      await page.fill('#description-fr', 'Une base clé-valeur');
      await press(page, 'Save');
      assert.match(await page.textContent('section.notice'), /do not collide/);
      await press(page, 'Save');
      await page.goto(`${site.origin}/en/images/valkey`);
      assert.match(await page.textContent('main'), /A key-value store/);
      await page.goto(`${site.origin}/fr/images/valkey`);
      assert.match(await page.textContent('main'), /Une base clé-valeur/);
    }));

  test('a visitor’s suggestion is seen by staff and accepted', () =>
    staff({ javaScriptEnabled: false }, async (page) => {
      const visitor = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      await visitor.goto(`${site.origin}/fr/images/nginx`);
      await follow(visitor, 'text=Proposez une correction');
      await visitor.fill('#description-fr', 'Serveur Web et mandataire');
      await visitor.fill('#contact', 'marie@cse-cst.gc.ca');
      await press(visitor, 'Envoyer la suggestion');
      assert.match(await visitor.textContent('.notice'), /Merci/);
      await visitor.context().close();
      await page.goto(`${site.origin}/en/staff/suggestions`);
      await follow(page, '.change a');
      assert.match(await page.textContent('dl.facts'), /marie@cse-cst\.gc\.ca/);
      await press(page, 'Accept');
      assert.match(await page.textContent('ol.changes'), /Serveur Web et mandataire/);
    }));

  test('feedback from an image’s page is answered, published, and found behind its link', () =>
    staff({ javaScriptEnabled: false }, async (page) => {
      const visitor = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      await visitor.goto(`${site.origin}/fr/images/valkey`);
      await follow(visitor, 'footer >> text=Contactez-nous');
      assert.equal(await visitor.inputValue('#image'), 'Valkey');
      await visitor.fill('#message', 'Les notes manquent.');
      await press(visitor, 'Envoyer les commentaires');
      assert.match(visitor.url(), /\/fr\/commentaires\/FB-\d{4}-0001\?key=/);
      await page.goto(`${site.origin}/en/staff/feedback`);
      await follow(page, '.change a');
      await page.fill('#reply', 'Elles y sont maintenant.');
      await press(page, 'Send the reply');
      await press(page, 'Publish');
      await visitor.reload();
      assert.match(await visitor.textContent('ol.changes'), /Elles y sont maintenant/);
      await visitor.goto(`${site.origin}/fr/commentaires`);
      assert.match(await visitor.textContent('.change'), /Les notes manquent/);
      await visitor.context().close();
    }));

  test('the banner and a guide are changed, seen by visitors, and put back', () =>
    staff({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${site.origin}/en/staff/content/banner`);
      await page.fill('#text-en', 'Away on Friday');
      await page.fill('#text-fr', 'Absent vendredi');
      await press(page, 'Save');
      await page.goto(`${site.origin}/en/staff/content/questions`);
      await page.fill('#text-en', '# Questions\n\nAsk [us](mailto:a@example.ca).');
      await press(page, 'Preview');
      assert.match(await page.textContent('.versions'), /Ask us/);
      await press(page, 'Save');
      await page.goto(`${site.origin}/fr/guides/questions`);
      assert.match(await page.textContent('.banner'), /Absent vendredi/);
      await page.goto(`${site.origin}/en/guidance/questions`);
      assert.match(await page.textContent('.prose'), /Ask us/);
      await page.goto(`${site.origin}/en/staff/content/questions`);
      await press(page, 'Go back to the published text');
      await page.goto(`${site.origin}/en/guidance/questions`);
      assert.equal(await page.textContent('h1'), 'Questions and answers');
    }));

  test('a report is saved as it was filtered, in French, and runs by its link', () =>
    staff({ javaScriptEnabled: false, acceptDownloads: true }, async (page) => {
      await page.goto(`${site.origin}/en/reports/renewals?department=SSC`);
      await follow(page, 'main a:has-text("Save this report")');
      await page.fill('#name', 'Échéances de SPC');
      await page.selectOption('#language', 'fr');
      await page.uncheck('input[name=column][value=owner]');
      await page.fill('input[name=place-department]', '0');
      await press(page, 'Save');
      assert.match(page.url(), /\/en\/staff\/reports\/1\?done=made$/);
      assert.equal(await page.getAttribute('h1', 'lang'), 'fr');
      assert.equal((await page.textContent('thead th:first-child')).trim(), 'Ministère');
      const [file] = await Promise.all([page.waitForEvent('download'), toggle(page, '.downloads a:has-text("CSV")')]);
      assert.match(file.suggestedFilename(), /^echeances-de-spc-\d{4}-\d{2}-\d{2}\.csv$/);
    }));

  test('a token is made, shown once, found in the list and ended with a reason', () =>
    staff({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${site.origin}/fr/personnel/jetons`);
      await page.fill('#name', 'chaîne des renouvellements');
      await page.fill('#reason', 'Tient les dates à jour');
      await page.check('text=Renouveler des licences');
      await press(page, 'Créer le jeton');
      assert.match(await page.textContent('.one-time-link'), /^icat_[0-9a-f]{8}_[0-9a-f]{64}$/);
      await page.setViewportSize({ width: 320, height: 900 });
      assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 320);
      await follow(page, 'main table a');
      assert.equal(await page.locator('.one-time-link').count(), 0);
      await page.fill('#reason', 'Essai terminé');
      await press(page, 'Révoquer le jeton');
      assert.match(await page.textContent('h1'), /Révoqué/);
      assert.match(await page.textContent('.facts'), /Essai terminé/);
    }));

  for (const [english, french] of [
    ['/en/staff/reports', '/fr/personnel/rapports'],
    ['/en/staff/reports/new', '/fr/personnel/rapports/nouveau'],
    ['/en/staff/reports/new?report=images', '/fr/personnel/rapports/nouveau?report=images'],
    ['/en/staff/reports/1', '/fr/personnel/rapports/1'],
    ['/en/staff/reports/1/change', '/fr/personnel/rapports/1/modifier'],
    ['/en/staff/feedback', '/fr/personnel/commentaires'],
    ['/en/staff/feedback/1', '/fr/personnel/commentaires/1'],
    ['/en/feedback/new?page=/en/guidance', '/fr/commentaires/nouveau?page=/fr/guides'],
    ['/en/staff/content', '/fr/personnel/contenu'],
    ['/en/staff/content/banner', '/fr/personnel/contenu/banner'],
    ['/en/staff/content/questions', '/fr/personnel/contenu/questions'],
    ['/en/staff/images/new', '/fr/personnel/images/nouvelle'],
    ['/en/staff/images/python', '/fr/personnel/images/python'],
    ['/en/staff/renewals', '/fr/personnel/renouvellements'],
    ['/en/staff/changes/2/undo', '/fr/personnel/changements/2/annuler'],
    ['/en/staff/suggestions?state=decided', '/fr/personnel/suggestions?state=decided'],
    ['/en/staff/tokens', '/fr/personnel/jetons'],
    ['/en/staff/departments', '/fr/personnel/ministeres'],
    ['/en/staff/departments/1', '/fr/personnel/ministeres/1'],
    ['/en/images/python/suggest', '/fr/images/python/proposer'],
    ['/en/images?as-at=2026-11-01', '/fr/images?as-at=2026-11-01'],
  ]) {
    test(`${english} and its French page are sound, wide and narrow`, () =>
      staff({}, async (page) => {
        for (const address of [english, french]) {
          await page.goto(site.origin + address);
          await isSound(page);
        }
      }));
  }
});
