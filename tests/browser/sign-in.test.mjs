// Signing in, in a real browser: by the first administrator's link, and with a certified OpenID Connect provider.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { follow, isSound, PASSWORD, visit } from './journey.mjs';
import { SECRET, startProvider, strangeKey } from './provider.mjs';
import { freePort, startBrowser, startSite } from './site.mjs';

const now = () => Math.floor(Date.now() / 1000);
let browser;

before(async () => { browser = await startBrowser(); });
after(async () => { await browser?.close(); });

// A page of a browser of its own.
const visitor = (journey) => visit(browser, journey, { locale: 'en-CA' });

describe('local accounts', () => {
  let site;
  before(async () => { site = await startSite(); });
  after(async () => { await site?.stop(); });

  test('the first administrator enters by the link, makes an account, signs out and in again', () =>
    visitor(async (page, context) => {
      const link = await site.firstLink();
      assert.ok(link.startsWith(`${site.origin}/`), link);
      await page.goto(link);
      await isSound(page);
      await page.fill('#password', 'too short');
      await page.fill('#again', 'too short');
      await page.evaluate(() => document.querySelector('form.narrow-form').setAttribute('novalidate', ''));
      await follow(page, 'text=Set the password and sign in');
      assert.match(await page.textContent('.error-summary'), /at least 12 characters/);
      await page.fill('#password', PASSWORD);
      await page.fill('#again', PASSWORD);
      await follow(page, 'text=Set the password and sign in', '**/en/account');
      await isSound(page);
      const cookie = (await context.cookies()).find((one) => one.name === 'session');
      assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.expires], [true, 'Lax', -1]);
      await follow(page, 'nav.staff-nav >> text=Accounts');
      await page.fill('#email', 'bob@example.gc.ca');
      await page.selectOption('#role', 'staff');
      await follow(page, 'text=Make the account');
      assert.match(await page.textContent('.one-time-link'), /\/en\/sign-in\/link\//);
      await isSound(page);
      await follow(page, 'tbody >> text=bob');
      await isSound(page);
      await follow(page, 'text=Sign out', '**/en');
      assert.equal((await context.cookies()).find((one) => one.name === 'session'), undefined);
      await page.goto(`${site.origin}/fr/personnel/comptes`);
      assert.match(page.url(), /\/fr\/ouvrir-session\?next=/);
      await isSound(page);
      await page.fill('#email', 'administrator@localhost');
      await page.fill('#password', PASSWORD);
      await follow(page, 'main button', '**/fr/personnel/comptes');
      assert.match(await page.textContent('main'), /Accès d’urgence/);
    }));

  test('a form whose session ended while typing comes back as typed', () =>
    visitor(async (page, context) => {
      await page.goto(`${site.origin}/en/sign-in?next=%2Fen%2Fstaff%2Faccounts`);
      await page.fill('#email', 'administrator@localhost');
      await page.fill('#password', PASSWORD);
      await follow(page, 'main button', '**/en/staff/accounts');
      await page.fill('#email', 'carol@example.gc.ca');
      await page.selectOption('#role', 'manager');
      const elsewhere = async (other) => {
        await other.goto(`${site.origin}/en`);
        await follow(other, 'text=Sign out', '**/en');
      };
      await visit(browser, elsewhere, { cookies: await context.cookies() });
      await follow(page, 'text=Make the account', '**/en/sign-in?next=*');
      await page.fill('#email', 'administrator@localhost');
      await page.fill('#password', PASSWORD);
      await follow(page, 'main button', '**/en/kept/*');
      await isSound(page);
      await follow(page, 'text=Go back to the form');
      assert.equal(await page.inputValue('#email'), 'carol@example.gc.ca');
      assert.equal(await page.inputValue('#role'), 'manager');
      await follow(page, 'text=Make the account');
      assert.match(await page.textContent('.one-time-link'), /link/);
    }));
});

describe('OpenID Connect', () => {
  let site;
  let provider;
  let port;
  before(async () => {
    port = await freePort(26000);
    site = await startSite({
      OIDC_ISSUER: `http://127.0.0.1:${port}/9ed55846-8a81-4246-acd8-b1a01abfc0d1/v2.0`,
      OIDC_CLIENT_ID: 'catalogue', OIDC_CLIENT_SECRET: SECRET,
      OIDC_ROLES: 'Catalogue.Editor=staff,Catalogue.Admin=admin',
    });
  });
  after(async () => {
    await provider?.stop();
    await site?.stop();
  });

  // Follows the way to the provider and back up to the callback, which is given and not visited.
  async function comeBack(context, login, lang = 'en') {
    let address = `${site.origin}${lang === 'en' ? '/en/sign-in/provider' : '/fr/ouvrir-session/fournisseur'}`;
    for (let step = 0; step < 8; step += 1) {
      if (address.startsWith(`${site.origin}/auth/callback`)) return address;
      const to = address.includes('/interaction/') ? `${address}?login=${login}` : address;
      const answer = await context.request.get(to, { maxRedirects: 0 });
      assert.equal(answer.status(), 303, `${to}: ${await answer.text()}`);
      address = new URL(answer.headers().location, address).href;
    }
    throw new Error(`no way back from ${address}`);
  }

  // A visit that is refused with this status and these words, and signs nobody in.
  async function isRefused(page, address, status, words) {
    const answer = await page.goto(address);
    assert.equal(answer.status(), status, await page.textContent('main'));
    assert.match(await page.textContent('main'), words);
    assert.equal((await page.goto(`${site.origin}/en/account`)).url().includes('/sign-in'), true);
  }

  test('a provider that is away is told in a sentence, and reading goes on', () =>
    visitor(async (page) => {
      await isRefused(page, `${site.origin}/en/sign-in/provider`, 503, /does not answer/);
      await isRefused(page, `${site.origin}/fr/ouvrir-session/fournisseur`, 503, /ne répond pas/);
      assert.equal((await page.goto(`${site.origin}/en/images`)).status(), 200);
      provider = await startProvider(port, site.origin);
    }));

  test('an editor signs in, comes back to where they were, and is staff', () =>
    visitor(async (page) => {
      await page.goto(`${site.origin}/fr/compte`);
      assert.equal(await page.locator('#password').count(), 0, 'no local accounts beside a provider');
      await isSound(page);
      await follow(page, 'text=Ouvrir une session avec votre compte de travail');
      await follow(page, 'text=editor', '**/fr/compte');
      const main = await page.textContent('main');
      assert.match(main, /Élodie Éditrice/);
      assert.match(main, /Personnel/);
      assert.equal((await page.goto(`${site.origin}/en/staff/accounts`)).status(), 403);
      await isSound(page);
    }));

  test('signing out leads to the provider, ends both sessions, and comes back', () =>
    visitor(async (page) => {
      await page.goto(`${site.origin}/en/sign-in/provider`);
      await follow(page, 'text=editor', '**/en');
      await follow(page, 'text=Sign out', (url) => url.port === String(port));
      await follow(page, 'button[value=yes]', (url) => url.origin === site.origin);
      assert.equal(await page.locator('.who form').count(), 0);
      await page.goto(`${site.origin}/en/sign-in/provider`);
      assert.match(await page.textContent('h1'), /login/, 'the provider asks anew who it is');
    }));

  test('who has no role is a member, and who says no stays outside', () =>
    visitor(async (page) => {
      await page.goto(`${site.origin}/en/sign-in/provider`);
      await follow(page, 'text=deny', '**/auth/callback?*');
      assert.match(await page.textContent('main'), /You chose not to sign in/);
      await isSound(page);
      await page.goto(`${site.origin}/en/sign-in/provider`);
      await follow(page, 'text=nobody', '**/en');
      await page.goto(`${site.origin}/en/account`);
      assert.match(await page.textContent('main'), /Department member/);
    }));

  test('too many groups, and a token without oid, are told in a sentence', async () => {
    for (const [login, words] of [['overage', /more groups than the service can list/], ['nameless', /tid and oid are missing/]]) {
      await visitor(async (page, context) => isRefused(page, await comeBack(context, login), 403, words));
    }
  });

  test('a state that was changed, taken from another browser, or used before opens nothing', async () => {
    await visitor(async (page, context) => {
      const callback = new URL(await comeBack(context, 'editor'));
      const state = callback.searchParams.get('state');
      callback.searchParams.set('state', `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`);
      await isRefused(page, callback.href, 403, /not begun in this browser/);
      callback.searchParams.delete('state');
      await isRefused(page, callback.href, 403, /not begun in this browser/);
      callback.searchParams.set('state', state);
      await visitor((other) => isRefused(other, callback.href, 403, /not begun in this browser/));
      assert.equal((await page.goto(callback.href)).status(), 200, 'untouched, it signs in');
      await follow(page, 'text=Sign out', (url) => url.port === String(port));
      await isRefused(page, callback.href, 403, /already used/);
    });
  });

  test('an answer in the name of another issuer, and a code that was used, open nothing', async () => {
    await visitor(async (page, context) => {
      const callback = new URL(await comeBack(context, 'editor', 'fr'));
      assert.equal(callback.searchParams.get('iss'), provider.issuer);
      callback.searchParams.set('iss', 'https://evil.example');
      await isRefused(page, callback.href, 403, /Rien ne prouve/);
    });
    await visitor(async (page, context) => {
      const first = new URL(await comeBack(context, 'editor'));
      await page.goto(first.href);
      await follow(page, 'text=Sign out', (url) => url.port === String(port));
      const second = new URL(await comeBack(context, 'editor'));
      second.searchParams.set('code', first.searchParams.get('code'));
      await isRefused(page, second.href, 403, /did not complete the sign-in/);
    });
  });

  test('a token that does not hold opens nothing', async () => {
    const faults = [
      [{ aud: 'another-site' }, /could not be proved/],
      [{ aud: ['catalogue', 'another-site'] }, /could not be proved/],
      [{ iss: 'https://evil.example/v2.0' }, /could not be proved/],
      [{ nonce: 'another' }, /could not be proved/],
      [{ header: { alg: 'none' } }, /could not be proved|does not answer|did not complete/],
      [{ key: strangeKey() }, /could not be proved/],
      [{ tid: '00000000-0000-4000-8000-000000000000' }, /belongs to another organization/],
      [{ exp: now() - 600, iat: now() - 4200 }, /too old or comes from the future/],
      [{ iat: now() + 600 }, /too old or comes from the future/],
    ];
    for (const [fault, words] of faults) {
      provider.fault = fault;
      await visitor(async (page, context) => isRefused(page, await comeBack(context, 'editor'), 403, words));
    }
    provider.fault = null;
  });

  test('clocks that are a minute apart, and claims written as text, do no harm', async () => {
    const texts = [{ roles: 'Catalogue.Editor' }, { email: 'x@example.gc.ca', email_verified: 'true' }, { groups: null }];
    for (const fault of [{ exp: now() - 60 }, { iat: now() + 60 }, ...texts]) {
      provider.fault = fault;
      await visitor(async (page, context) => {
        await page.goto(await comeBack(context, 'editor'));
        assert.equal((await page.goto(`${site.origin}/en/account`)).url(), `${site.origin}/en/account`);
        assert.equal((await page.goto(`${site.origin}/en/staff/requests`)).status(), 200, JSON.stringify(fault));
      });
    }
    provider.fault = null;
  });

  test('a provider that calls itself by another name is refused', async () => {
    const elsewhere = await startSite({
      OIDC_ISSUER: provider.issuer.replace('127.0.0.1', 'localhost'), OIDC_CLIENT_ID: 'catalogue', OIDC_CLIENT_SECRET: SECRET,
    });
    try {
      await visitor(async (page) => {
        const answer = await page.goto(`${elsewhere.origin}/en/sign-in/provider`);
        assert.equal(answer.status(), 503);
        assert.match(await page.textContent('main'), /calls itself by another name/);
      });
    } finally {
      await elsewhere.stop();
    }
  });

  test('new keys of the provider are found', async () => {
    await provider.stop();
    await new Promise((resolve) => { setTimeout(resolve, 5500); }); // keys are asked for again at most every 5 s
    provider = await startProvider(port, site.origin, 2);
    await visitor(async (page, context) => {
      await page.goto(await comeBack(context, 'admin'));
      assert.equal((await page.goto(`${site.origin}/en/staff/accounts`)).status(), 200);
      const main = await page.textContent('main');
      for (const word of ['Élodie Éditrice', 'No Role', 'Ada Admin', 'Sign-in refused', 'Account made']) {
        assert.ok(main.includes(word), word);
      }
      assert.ok(!main.includes('Many Groups') && !main.includes('No Oid'), 'who is refused has no account');
      await isSound(page);
    });
  });
});
