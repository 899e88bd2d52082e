// Two designs side by side: one run, one slider, and what differs.

import assert from 'node:assert/strict';
import { assertAccessible, open, pageOrigin, test } from './page.mjs';
import { button, isThere, now, pass, pause, until, use } from './learner.mjs';
import { still } from './lesson_steps.mjs';
import { linkOf } from './links.mjs';

/**
 * The world `trial` after a second: three regions, nobody acts unasked, Ana and Ben share a
 * cart. Made by `splitbrain share encode --scenario trial --seed 5 --until 1s`.
 */
const TRIAL = '/#s=v1.Y2RkLSnKTMy58lhYWLjx8XcGVgYIONBie10p553rveJDDAA';

const title = (page) => page.getByRole('heading', { name: 'Two designs, one run' });
const difference = (page) => page.getByRole('region', { name: 'What differs' });
const table = (page, name) => difference(page).getByRole('table', { name });

/** What each design has in a row of a table. */
async function cells(page, name, row) {
  const held = table(page, name).getByRole('row', { name: new RegExp(`^${row}`, 'u') });
  return held.first().getByRole('cell').allTextContents();
}

/** The world beside itself with other carts, from the drawer. */
async function twinned(t) {
  const { page } = await open(t, { path: TRIAL });
  await page.getByText(/Opened a shared run at/u).waitFor();
  // What can be chosen comes when somebody acts.
  await page.mouse.move(200, 200);
  await button(page, 'Compare with…').click();
  const dialog = page.getByRole('dialog', { name: 'Compare with…' });
  await dialog.getByRole('combobox', { name: 'Another design' }).selectOption('Carts: Observed-remove set');
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await title(page).waitFor();
  return page;
}

/** One cart is filled on both sides of a cut, which then heals. */
async function fillOnBothSides(page) {
  await still(page);
  for (const to of ['us-east-1', 'ap-northeast-1']) await use(page, 'Cut', { From: 'eu-west-1', To: to });
  await use(page, 'Add', { Customer: 'Ana', Item: 'lamp' });
  await use(page, 'Add', { Customer: 'Ben', Item: 'kettle' });
  await pass(page, 1_500);
  await use(page, 'Heal');
  await pass(page, 4_000);
}

test('carts of which the last writer wins part from a set after a cut, and each says what it lost', async (t) => {
  const page = await twinned(t);
  await page.getByRole('heading', { name: 'Design A: Carts: Last writer wins' }).waitFor();
  await page.getByRole('heading', { name: 'Design B: Carts: Observed-remove set' }).waitFor();
  assert.equal(await page.getByRole('slider', { name: 'Time' }).count(), 1, 'one slider for both');
  await fillOnBothSides(page);

  const parts = difference(page).getByRole('heading', { name: /^They part at \d\d:\d\d\.\d\d\d: / });
  await parts.waitFor();
  assert.deepEqual(await cells(page, 'Customers and traffic', 'Acknowledged writes lost'), ['1', '0']);
  assert.deepEqual(await cells(page, 'Customers and traffic', 'Operations done'), ['2', '2']);
  assert.deepEqual(await cells(page, 'Verdicts', 'Acknowledged writes stay'), ['broken (1)', 'kept']);
  await difference(page).getByRole('heading', { name: 'A breaks “Acknowledged writes stay”:' }).waitFor();
  assert.deepEqual((await cells(page, 'What regions show', 'eu-west-1'))[1], 'lamp, kettle');
  assert.equal(await page.locator('.marks .parts').count(), 1, 'the scrubber marks it');
  await assertAccessible(page);

  // A phone says it too, beside the letters.
  const lost = page.getByRole('region', { name: /^Design A/u }).getByRole('button', { name: '1 write lost' });
  await lost.waitFor();
  const desktop = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  await lost.waitFor();
  const [chip, heading] = await Promise.all([
    lost.boundingBox(),
    page.getByRole('heading', { name: /^Design A/u }).boundingBox(),
  ]);
  assert.ok(chip.y < heading.y + heading.height && chip.x + chip.width <= 391, 'it stands beside A');
  await page.setViewportSize(desktop);

  // The answer to “why?” comes out of the design that lost it.
  await difference(page).getByRole('button', { name: 'Why?' }).first().click();
  await page.getByRole('complementary', { name: 'Why?' }).getByText(/gave way/u).first().waitFor();
  await page.getByRole('heading', { name: 'Why? In design A' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Why? In design B' }).count(), 0, 'nobody asked B');
  await page.getByRole('complementary', { name: 'Why?' }).getByRole('button', { name: 'Close' }).click();

  const end = await now(page);
  const jump = difference(page).getByRole('button', { name: /^To the first difference/u });
  const [, seconds] = /:(\d\d\.\d\d\d)$/u.exec(await jump.textContent());
  await jump.click();
  await until(async () => Math.abs((await now(page)) - Number(seconds) * 1_000) < 2, 'the first difference');
  await button(page, 'To the end').click();
  await until(async () => (await now(page)) === end, 'the end');

  const link = await linkOf(page);
  assert.ok(link.endsWith('~carts.merge=observed_remove_set'), link);

  await button(page, 'End the comparison').click();
  await title(page).waitFor({ state: 'hidden' });
  assert.equal(await now(page), end, 'the run stays where it was');

  const { page: another } = await open(t, { path: link.slice((await pageOrigin()).length) });
  await title(another).waitFor();
  await until(
    async () => (await cells(another, 'Customers and traffic', 'Acknowledged writes lost')).join() === '1,0',
    'the same losses in another browser',
  );
});

test('what a link compares with may be anything, and the run opens all the same', async (t) => {
  const page = await twinned(t);
  const link = await linkOf(page);
  const run = link.slice((await pageOrigin()).length).split('~')[0];
  for (const twin of ['', 'carts.merge=best', '%00', 'carts.merge=last_writer_wins~x', 'a.b=c,'.repeat(900)]) {
    const { page: other } = await open(t, { path: `${run}~${twin}` });
    await other.getByText(/The comparison in the link cannot be opened/u).waitFor();
    await other.getByText(/Opened a shared run at/u).waitFor();
    assert.equal(await title(other).count(), 0);
  }
});

test('what is compared is compared again after a reload, at the same moment', async (t) => {
  const page = await twinned(t);
  const moment = await now(page);
  await page.waitForTimeout(2_000);
  await page.goto('about:blank');
  await page.goto(await pageOrigin());
  await title(page).waitFor();
  await page.getByRole('heading', { name: 'Design A: Carts: Last writer wins' }).waitFor();
  await page.getByRole('heading', { name: 'Design B: Carts: Observed-remove set' }).waitFor();
  assert.ok((await now(page)) >= moment);
  await button(page, 'End the comparison').click();
  await title(page).waitFor({ state: 'hidden' });
  await page.waitForTimeout(2_000);
  await page.reload();
  await isThere(page);
  assert.equal(await title(page).count(), 0, 'what was ended stays ended');
});

test('a branch under another design can be compared with, from the keyboard', async (t) => {
  const { page } = await open(t, { path: '/?seed=5' });
  await isThere(page);
  await pause(page);
  await page.mouse.move(200, 200);
  await page.locator('#slot-carts-merge').selectOption({ label: 'Last writer wins' });
  await page.getByRole('button', { name: /^\d+ branches/u }).focus();
  await page.keyboard.press('Enter');
  const compare = page.getByRole('dialog', { name: 'Branches' }).getByRole('button', { name: /^Compare/u });
  await compare.focus();
  await page.keyboard.press('Enter');
  await title(page).waitFor();
  await until(() => title(page).evaluate((one) => one === document.activeElement), 'the heading to have the focus');
  await page.getByRole('heading', { name: 'Design B: Carts: Observed-remove set' }).waitFor();
});

test('several policies are changed at once, one is taken back, and the rest is compared', async (t) => {
  const { page } = await open(t, { path: TRIAL });
  await page.getByText(/Opened a shared run at/u).waitFor();
  await page.mouse.move(200, 200);
  await button(page, 'Compare with…').click();
  const dialog = page.getByRole('dialog', { name: 'Compare with…' });
  const list = dialog.getByRole('combobox', { name: 'Another design' });
  const more = dialog.getByRole('button', { name: 'Add another change' });
  await list.selectOption('Carts: Observed-remove set');
  await more.click();
  const chosen = dialog.getByRole('status').getByRole('listitem');
  await until(async () => (await chosen.count()) === 1, 'the first to be told');
  assert.equal(await list.inputValue(), '', 'nothing more is chosen by itself');
  await list.selectOption('Prices: Minimum');
  await more.click();
  await list.selectOption('Prices: Maximum');
  await more.click();
  await until(async () => (await chosen.last().textContent()).includes('Maximum'), 'the later of two to count');
  assert.equal(await chosen.count(), 2);
  await assertAccessible(page);
  await dialog.getByRole('button', { name: /^Take back: Prices/u }).click();
  await until(async () => (await chosen.count()) === 1, 'it to be taken back');
  await list.selectOption('Prices: Minimum');
  await dialog.getByRole('button', { name: 'Compare', exact: true }).click();
  await title(page).waitFor();
  await page.getByRole('heading', { name: 'Design B: Prices: Minimum · Carts: Observed-remove set' }).waitFor();
});

test('on a phone both stand one above the other', async (t) => {
  const { page } = await open(t, { path: '/?seed=5', screen: 'phone' });
  await isThere(page);
  await pause(page);
  await button(page, 'Compare with…').tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).tap();
  await title(page).waitFor();
  const boxes = await Promise.all(
    ['A', 'B'].map((name) => page.getByRole('heading', { name: new RegExp(`^Design ${name}`, 'u') }).boundingBox()),
  );
  assert.ok(boxes[0].y + 60 < boxes[1].y, 'the second stands below the first');
  assert.ok(boxes.every((box) => box.x >= 0 && box.x + box.width <= 391), 'nothing is cut off');
  await assertAccessible(page);
});
