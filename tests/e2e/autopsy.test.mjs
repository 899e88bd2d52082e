// The autopsy of a lost write: opened wherever a loss shows, read, and followed to its moments.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, isThere, letPass, now, panel, pass, play, tab, until, use } from './learner.mjs';

const sheetOf = (page, name = 'Autopsy') => page.getByRole('complementary', { name });

/** A run in which two shopkeepers write on both sides of a cut, and one of them loses. */
async function lostRun(t, options) {
  const opened = await open(t, options);
  const { page } = opened;
  await isThere(page);
  await letPass(page, 500);
  await button(page, 'Pause').click();
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1', 'both ways': true });
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', Price: '777' });
  await use(page, 'Write', { Customer: 'Nora', Item: 'lamp', Price: '888' });
  await pass(page, 1_500);
  await use(page, 'Heal');
  await play(page);
  const panels = button(page, 'Panels');
  if (await panels.isVisible()) await panels.click();
  await tab(page, 'Verdicts').click();
  await panel(page).getByText(/acknowledged writes? (was|were) lost/u).first().waitFor({ timeout: 60_000 });
  const stop = button(page, 'Pause');
  await stop.click();
  return opened;
}

/** The violation in the list of verdicts that is about these two writes. */
const violation = (page) =>
  panel(page)
    .getByRole('listitem')
    .filter({ hasText: /777|888/u })
    .filter({ has: page.getByRole('button', { name: 'Autopsy' }) })
    .first();

test('the verdict opens a sheet with both writes, and its moments lead there', async (t) => {
  const { page } = await lostRun(t);
  await violation(page).getByRole('button', { name: 'Autopsy' }).click();
  const sheet = sheetOf(page);
  await sheet.getByRole('row').first().waitFor();
  const heads = await sheet.getByRole('columnheader').allTextContents();
  assert.equal(heads.length, 2);
  assert.match(heads[0], /777|888/u);
  assert.match(heads[1], /777|888/u);
  for (const row of ['Told', 'Accepted', 'Its clock', 'Off by', 'Hybrid stamp', 'Writes seen']) {
    await sheet.getByRole('rowheader', { name: row }).waitFor();
  }
  await sheet.getByText('Lost', { exact: true }).waitFor();
  await sheet.getByText(/^Concurrent/u).waitFor();
  await sheet.getByRole('heading', { name: 'Where it showed' }).waitFor();
  await sheet.getByRole('heading', { name: 'Who was told which' }).waitFor();
  const reached = await now(page);
  await sheet.getByRole('button', { name: /^Go to/u }).first().click();
  await until(async () => (await now(page)) < reached, 'the moment at which it was asked for');
  // It stays open on the way, and so one goes on from moment to moment.
  await sheet.getByRole('heading', { name: 'Where it showed' }).waitFor();
  await sheet.getByRole('button', { name: /why/iu }).click();
  const why = page.getByRole('complementary', { name: 'Why?' });
  await why.getByRole('button', { name: 'Autopsy' }).click();
  await sheet.getByRole('row').first().waitFor();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await sheet.waitFor({ state: 'hidden' });
});

test('the ledger and the log open it too, from the keyboard', async (t) => {
  const { page } = await lostRun(t);
  await tab(page, 'Ledger').click();
  const lost = panel(page).getByRole('row').filter({ hasText: 'overwritten' });
  const offer = lost.first().getByRole('button', { name: 'Autopsy' });
  await offer.focus();
  await page.keyboard.press('Enter');
  const sheet = sheetOf(page);
  await sheet.getByRole('row').first().waitFor();
  const focused = await page.evaluate(() => document.activeElement.textContent);
  assert.match(focused, /^Autopsy/u, 'who opens it is led to it');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  await tab(page, 'Log').click();
  await panel(page).getByRole('combobox', { name: /kind|events|show/iu }).first().selectOption({ label: 'Value overwritten' });
  await panel(page).getByRole('button', { name: 'Autopsy' }).last().click();
  await sheet.getByRole('row').first().waitFor();
});

test('it speaks Ukrainian', async (t) => {
  const { page } = await lostRun(t);
  await violation(page).getByRole('button', { name: 'Autopsy' }).click();
  await sheetOf(page).getByRole('row').first().waitFor();
  await page.getByRole('combobox', { name: 'Language' }).selectOption('uk');
  const sheet = sheetOf(page, 'Розтин');
  await sheet.getByRole('rowheader', { name: 'Гібридна позначка' }).waitFor();
  await sheet.getByText('Втрачено', { exact: true }).waitFor();
  await sheet.getByRole('heading', { name: 'Де його було видно' }).waitFor();
  const english = await sheet.locator('[lang=en]').count();
  assert.equal(english, 0, 'nothing falls back to English');
});

for (const [screen, colorScheme] of [['desktop', 'dark'], ['desktop', 'light'], ['phone', 'dark']]) {
  test(`it is accessible and fits, ${screen}, ${colorScheme}`, async (t) => {
    const { page } = await lostRun(t, { screen, context: { colorScheme } });
    await violation(page).getByRole('button', { name: 'Autopsy' }).click();
    await sheetOf(page).getByRole('row').first().waitFor();
    await assertAccessible(page);
    const { scroll, width } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      width: document.documentElement.clientWidth,
    }));
    assert.ok(scroll <= width, `${scroll} px of content in ${width}`);
    const sticksOut = await sheetOf(page).evaluate((sheet) => {
      const { right } = sheet.getBoundingClientRect();
      const all = [...sheet.querySelectorAll('p, td, th, li, button')];
      return all.filter((one) => one.getBoundingClientRect().right > right).map((one) => one.textContent);
    });
    assert.deepEqual(sticksOut, [], 'everything is within the sheet');
    const folder = process.env.SPLITBRAIN_PICTURES;
    if (folder) await page.screenshot({ path: `${folder}/autopsy-${screen}-${colorScheme}.png` });
  });
}
