// Ready worlds: opened from the design column and the palette, each with what to try in it.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, branches, isThere, letPass, openWorld, panel, pass, pause, stepUntilSeen, tab, until, use } from './learner.mjs';

const design = (page) => page.getByRole('region', { name: 'Design' });

test('a world with a job opens, runs, and says what to try', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await button(page, 'Ready worlds').click();
  const dialog = page.getByRole('dialog', { name: 'Ready worlds' });
  await dialog.waitFor();
  await assertAccessible(page);
  assert.equal(await dialog.locator('[aria-current="true"]').count(), 1, 'the one that is open is marked');
  await page.keyboard.press('Escape');
  await openWorld(page, 'A report that is due once');
  await design(page).getByText('Count the reports of one time').waitFor();
  await letPass(page, 5_000);
  await pause(page);
  await tab(page, 'Verdicts').click();
  await panel(page).getByText(/once/iu).first().waitFor();
  await assertAccessible(page);
});

test('what was done before stays as a branch when another world is opened', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 1_000);
  await pause(page);
  await use(page, 'Crash', { Region: 'us-east-1' });
  await openWorld(page, 'People who chat');
  assert.equal(await branches(page), 2);
  await until(async () => (await page.getByText(/message/iu).count()) > 0, 'messages to be shown');
});

test('an order is shipped by a warehouse, and a profile changed, from forms of their own', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await openWorld(page, 'Orders that are cancelled');
  await pause(page);
  await use(page, 'Order', { Customer: 'Mika', Whose: 'Ella’s order', shipped: true });
  await pass(page, 300);
  await tab(page, 'Log').click();
  await panel(page).getByText('told Mika “saved”: Ella’s order is shipped').waitFor();
  await assertAccessible(page);

  await openWorld(page, 'One profile, two people');
  await pause(page);
  await use(page, 'Profile', { Customer: 'Ben', Field: 'phone', 'New number': '88' });
  await pass(page, 300);
  await panel(page).getByText(/told Ben “saved”.*88/u).first().waitFor();
});

test('a long line stands beside its version vector, and not over it', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await openWorld(page, 'Two people write one line');
  await pause(page);
  for (const word of ['cats', 'quiet', 'never', 'today', 'sleep', 'here']) {
    await use(page, 'Insert', { Customer: 'Ana', Word: word, Where: 'at the beginning' });
    await pass(page, 300);
  }
  const rows = await panel(page).locator('.kv-row').evaluateAll((rows) =>
    rows.map((row) => [row.querySelector('.version'), row.querySelector('dd:last-child')].map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const { left, right } = range.getBoundingClientRect();
      return { left, right };
    })),
  );
  assert.ok(rows.length >= 5);
  for (const [version, value] of rows) assert.ok(version.right <= value.left, JSON.stringify([version, value]));
});

test('who cancels is heard once the design says so, and each field is asked for by itself', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await openWorld(page, 'Orders that are cancelled');
  await pause(page);
  const choose = (name, label) =>
    design(page).getByRole('combobox', { name, exact: true }).selectOption({ label });
  const last = design(page).getByRole('combobox', { name: 'Which state comes last', exact: true });
  assert.equal(await last.count(), 0, 'stamps ask for no order');
  await design(page).locator('#slot-orders-merge').selectOption({ label: 'Order of states' });
  await choose('Which state comes last', 'Cancelled beats shipped');
  await design(page).getByText('what is cancelled stays so').waitFor();
  await assertAccessible(page);

  await openWorld(page, 'One profile, two people');
  await pause(page);
  await design(page).locator('#slot-profiles-merge').selectOption({ label: 'Field by field' });
  await choose('What decides about the address', 'Maximum');
  await design(page).getByText('Keeps the larger number of the field.').waitFor();
  await design(page).getByText('Keeps the number of the field with the later stamp.').waitFor();
  await assertAccessible(page);
});

test('an order is cancelled and shipped at once, stays both, and is settled from its form', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await openWorld(page, 'Orders that are cancelled');
  await pause(page);
  await design(page)
    .locator('#slot-orders-merge')
    .selectOption({ label: 'Siblings by dotted version vector' });
  await use(page, 'Order', { Customer: 'Mika', Whose: 'Ella’s order', shipped: true });
  await use(page, 'Order', { Customer: 'Ella', cancelled: true });
  await tab(page, 'Regions').click();
  // Event by event: others order and ship meanwhile, and may soon replace what both wrote.
  await stepUntilSeen(page, panel(page).getByText(/cancelled or shipped|values, placed to shipped/u));
  await assertAccessible(page);
  await use(page, 'Order', {
    Customer: 'Mika',
    Whose: 'Ella’s order',
    shipped: true,
    'All that stand: settle it': true,
  });
  await tab(page, 'Log').click();
  await stepUntilSeen(page, panel(page).getByText(/Mika settled Ella’s order in .*: shipped/u));
});

test('a world is found in the palette, by keyboard alone, and survives a reload', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search commands' }).fill('world clocks');
  await page.keyboard.press('Enter');
  await design(page).getByRole('heading', { name: 'Clocks that are set right' }).waitFor();
  await letPass(page, 1_000);
  await pause(page);
  await page.reload();
  await design(page).getByRole('heading', { name: 'Clocks that are set right' }).waitFor();
});

test('on a phone the list of worlds fits and can be touched', async (t) => {
  const { page } = await open(t, { screen: 'phone' });
  await isThere(page);
  await page.getByRole('tab', { name: 'Design' }).or(page.getByRole('button', { name: 'Design', exact: true })).first().tap();
  await button(page, 'Ready worlds').tap();
  const rows = page.getByRole('dialog').locator('.try');
  for (const row of await rows.all()) {
    const box = await row.boundingBox();
    assert.ok(box.height >= 44 && box.x >= 0 && box.x + box.width <= 390, JSON.stringify(box));
  }
  await assertAccessible(page);
});
