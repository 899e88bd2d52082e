// The inside of registers and sets in the panel of regions: dots, stamps, and what was seen.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, isThere, letPass, panel, pause, tab, use } from './learner.mjs';

const REGION = 'us-east-1';
const card = (page) => panel(page).getByRole('article').filter({ has: button(page, REGION) });
const opener = (page) => card(page).getByRole('button', { name: 'Inside: dots and stamps', exact: true });
const key = (page, name) => card(page).getByRole('list', { name });
const keptOnConflict = (page) => page.locator('#slot-prices-merge');

/** The playground, where somebody has acted, so that all of it has come. */
async function opened(t, options = {}) {
  const { page } = await open(t, { path: '/?seed=3', ...options });
  await isThere(page);
  await page.mouse.move(200, 200);
  return page;
}

test('a price shows the dot and the stamp of the version that won, once it is asked for', async (t) => {
  const page = await opened(t);
  await use(page, 'Write', { Customer: 'Mika', Price: '70' });
  await letPass(page, 1_500);
  await pause(page);
  await opener(page).waitFor();
  assert.equal(await key(page, /^price of the/u).count(), 0, 'it is folded away');
  await opener(page).focus();
  await page.keyboard.press('Enter');
  await card(page).getByText('A dot names a write').waitFor();
  const versions = await key(page, /^price of the/u).getByRole('listitem').allTextContents();
  assert.ok(versions.length > 0, 'something was written');
  for (const version of versions) assert.match(version, /^€\d+: dot \d·\d+, stamp \d\d:\d\d\.\d{6}$/u);
  await assertAccessible(page);
  await page.keyboard.press('Enter');
  await key(page, /^price of the/u).first().waitFor({ state: 'detached' });
});

test('a cart shows the dots of what is in it and what its context has seen', async (t) => {
  const page = await opened(t, { screen: 'phone', context: { colorScheme: 'light' } });
  await use(page, 'Add', { Item: 'scarf' });
  await letPass(page, 1_500);
  await pause(page);
  await button(page, 'Panels').tap();
  await tab(page, 'Regions').tap();
  await panel(page).getByRole('button', { name: 'Carts', exact: true }).tap();
  await opener(page).tap();
  const cart = key(page, /’s cart$/u).first();
  const [held, seen] = await cart.getByRole('listitem').allTextContents();
  assert.match(held, /^held: (nothing|.+ \d·\d+)$/u);
  assert.match(seen, /^seen: ⟨\d+( \d+){4}⟩/u);
  assert.doesNotMatch(seen, /⟨0 0 0 0 0⟩$/u);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${beyond} px stick out to the side`);
  await assertAccessible(page);
});

test('versions side by side show what the writer of each had read', async (t) => {
  const page = await opened(t);
  await keptOnConflict(page).selectOption({ label: 'Siblings by dotted version vector' });
  await use(page, 'Write', { Customer: 'Mika', Price: '70' });
  await letPass(page, 1_500);
  await pause(page);
  await opener(page).click();
  const versions = key(page, /^price of the/u).getByRole('listitem');
  await versions.first().waitFor();
  for (const version of await versions.allTextContents()) {
    assert.match(version, /: dot \d·\d+, stamp .+, its writer had read ⟨\d+( \d+){4}⟩/u);
  }
});
