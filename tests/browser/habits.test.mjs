// Habits of the journeys that no browser checks.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

test('every click and key that may navigate is waited for by the one helper', async () => {
  const folder = new URL('.', import.meta.url);
  const journeys = (await readdir(folder)).filter((name) => name.endsWith('.test.mjs') && !name.startsWith('habits'));
  assert.ok(journeys.length >= 4);
  for (const name of journeys) {
    const lines = (await readFile(new URL(name, folder), 'utf8')).split('\n');
    const loose = lines.filter((line) => /\.click\(|\.press\('Enter'\)|waitForURL|waitForNavigation/.test(line));
    assert.deepEqual(loose, [], `${name}: use follow, press, pressKey or toggle of journey.mjs`);
  }
});
