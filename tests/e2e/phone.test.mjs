// The page on a telephone, 390 pixels wide and touched, and on a tablet.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, isThere, letPass, now, panel, tab, until, use } from './learner.mjs';

/** Nothing may stick out to the side. */
async function assertFits(page) {
  const { scroll, width } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: document.documentElement.clientWidth,
  }));
  assert.ok(scroll <= width, `${scroll} px of content in ${width}`);
}

test('on a phone one plays, acts and asks by touch', async (t) => {
  const { page } = await open(t, { screen: 'phone' });
  await isThere(page);
  await assertFits(page);
  await letPass(page, 500);
  await button(page, 'Pause').tap();
  const stopped = await now(page);
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', Price: '432' });
  await button(page, 'Play').tap();
  await until(async () => (await now(page)) > stopped + 500, 'time to go on');
  await page.getByRole('button', { name: 'Panels', exact: true }).or(page.getByRole('tab', { name: 'Panels' })).first().tap();
  await tab(page, 'Ledger').tap();
  const row = panel(page).getByRole('row').filter({ hasText: /432/u }).first();
  await row.waitFor();
  // As time goes on, what is newer comes in above it, and a finger meets another row.
  await button(page, 'Pause').tap();
  await row.getByRole('button', { name: /why/iu }).tap();
  await page.getByRole('complementary', { name: 'Why?' }).waitFor();
  await assertFits(page);
  await assertAccessible(page);
});

test('fingers find what they touch on a phone', async (t) => {
  const { page } = await open(t, { screen: 'phone' });
  await isThere(page);
  const small = await page.getByRole('button').evaluateAll((all) =>
    all
      // Of a link on the map the box is that of its line, without the width that one hits.
      .filter((one) => !one.querySelector('.link-hit'))
      .map((one) => ({ box: one.getBoundingClientRect(), name: one.getAttribute('aria-label') ?? one.textContent }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ box, name }) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`),
  );
  assert.deepEqual(small, [], 'every target has at least 24 × 24 px (WCAG 2.5.8)');
});

test('on a phone a lesson opens with its text, whatever was shown before', async (t) => {
  const { page } = await open(t, { screen: 'phone' });
  await isThere(page);
  await button(page, 'Panels').tap();
  await panel(page).waitFor();
  await page.getByRole('link', { name: 'Lessons' }).tap();
  await page.getByRole('link', { name: /Charged twice/u }).tap();
  await page.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await button(page, 'Next step').tap();
});

for (const screen of ['phone', 'tablet']) {
  test(`lessons and a lesson fit on a ${screen}`, async (t) => {
    const { page } = await open(t, { screen, path: '/#/lessons' });
    await page.getByRole('heading', { level: 1, name: 'Lessons' }).waitFor();
    await assertFits(page);
    await assertAccessible(page);
    await page.goto(page.url().replace(/#.*/u, '#/lesson/charged-twice'));
    await button(page, 'Next step').waitFor();
    await assertFits(page);
    await assertAccessible(page);
  });
}
