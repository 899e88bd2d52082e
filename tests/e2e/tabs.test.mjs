// Two tabs of one browser on the same place: what was done in either is there afterwards.

import assert from 'node:assert/strict';
import { TIMEOUT_MS, open, test } from './page.mjs';
import { branches, button, isThere, letPass, now, panel, pause, play, tab, until, use } from './learner.mjs';

/** Sets the price of the lamp, and waits for the answer. */
async function write(page, price) {
  if (await button(page, 'Play').isVisible()) await play(page);
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': price });
  await letPass(page, 500);
  await pause(page);
}

/** Another tab of the same browser. */
async function openTab(context, address) {
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.goto(address);
  await isThere(page);
  return page;
}

/** Whether the ledger of any branch tells of this price. */
async function tellsOf(page, price) {
  await tab(page, 'Ledger').click();
  const count = await branches(page);
  for (let place = 0; place < count; place += 1) {
    await page.getByRole('button', { name: /^\d+ branch/u }).click();
    const list = page.getByRole('dialog').getByRole('listitem');
    await list.nth(place).getByRole('button').first().click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    try {
      await until(async () => (await panel(page).innerText()).includes(price), price, 6_000);
      return true;
    } catch {
      // Perhaps another branch does.
    }
  }
  return false;
}

async function assertTellsOf(page, prices) {
  for (const price of prices) assert.ok(await tellsOf(page, price), `a branch tells of ${price}`);
}

test('what two tabs did on one place is there when it is opened again', async (t) => {
  const { page: one, context } = await open(t);
  await isThere(one);
  await letPass(one, 500);
  await write(one, '111');
  const other = await openTab(context, one.url());
  await pause(other);
  assert.ok((await now(other)) > 0, 'the other tab goes on where this one was kept');
  await write(other, '222');
  await one.bringToFront();
  await write(one, '333');
  await other.close();
  await one.close();
  const later = await openTab(context, other.url());
  await later.getByText(/another tab did here/u).waitFor();
  await pause(later);
  await assertTellsOf(later, ['€111', '€222', '€333']);
});

test('a tab that is loaded again goes on where it was, whatever another one does', async (t) => {
  const { page: one, context } = await open(t);
  await isThere(one);
  await letPass(one, 500);
  await write(one, '111');
  const other = await openTab(context, one.url());
  await write(other, '222');
  await one.bringToFront();
  await one.reload();
  await isThere(one);
  await pause(one);
  await tab(one, 'Ledger').click();
  assert.ok(!(await panel(one).innerText()).includes('€222'), 'its own run is open');
  await other.reload();
  await isThere(other);
  await pause(other);
  await tab(other, 'Ledger').click();
  await until(async () => (await panel(other).innerText()).includes('€222'), 'its own run');
  await one.close();
  await other.close();
  const later = await openTab(context, other.url());
  await pause(later);
  await assertTellsOf(later, ['€111', '€222']);
});

test('records do not pile up however often the page is opened', async (t) => {
  const { page, context } = await open(t);
  await isThere(page);
  await letPass(page, 500);
  await write(page, '111');
  const other = await openTab(context, page.url());
  await write(other, '222');
  await other.close();
  for (let times = 0; times < 4; times += 1) {
    await page.reload();
    await isThere(page);
    await letPass(page, 200);
    await pause(page);
  }
  const count = await branches(page);
  const records = () =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('desk')).length);
  await until(async () => (await records()) === 1, 'one record');
  await page.reload();
  await isThere(page);
  assert.equal(await branches(page), count);
});

test('how far two tabs came in a lesson is joined', async (t) => {
  const { page: one, context } = await open(t, { path: '/#/lesson/charged-twice' });
  await button(one, 'Next step').waitFor();
  const other = await openTab(context, one.url());
  await button(other, 'Next step').click();
  await until(async () => other.url().endsWith('/2'), 'the second step');
  await one.bringToFront();
  await button(one, 'Pause').or(button(one, 'Play')).click();
  await letPass(one, 300);
  await other.close();
  await one.close();
  const later = await context.newPage();
  later.setDefaultTimeout(TIMEOUT_MS);
  await later.goto(one.url().replace(/#.*/u, '#/lessons'));
  await later.getByRole('link', { name: /Charged twice.*step 2/u }).click();
  await until(async () => later.url().endsWith('/2'), 'the step that the other tab came to');
  await button(later, 'Next step').waitFor();
});
