// The playground, as somebody finds it who comes for the first time: running, to be
// stopped, wound back, and broken.

import assert from 'node:assert/strict';
import { open, test } from './page.mjs';
import { branches, button, isThere, letPass, now, panel, pass, pause, play, tab, until, use } from './learner.mjs';

const slider = (page) => page.getByRole('slider', { name: 'Time' });

/** Customers who set prices, each near a region of her own. */
const MIKA = 'Mika';
const NORA = 'Nora';

async function ledgerOf(page, customer) {
  await tab(page, 'Ledger').click();
  await panel(page).getByRole('combobox').first().selectOption({ label: customer });
}

const rowWith = (page, text) => panel(page).getByRole('row').filter({ hasText: text });

test('it opens already running', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await button(page, 'Pause').waitFor();
  await letPass(page, 1_000);
  await tab(page, 'Log').click();
  await until(async () => (await panel(page).getByRole('listitem').count()) > 3, 'events in the log');
});

test('pause stops time and play lets it go on', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 300);
  await pause(page);
  const stopped = await now(page);
  await page.waitForTimeout(400);
  assert.equal(await now(page), stopped);
  await play(page);
  await until(async () => (await now(page)) > stopped, 'time to go on');
});

test('what is pressed in a panel stays under the pointer until it is let go', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await tab(page, 'Ledger').click();
  const frames = async (count) => {
    for (let seen = 0; seen < count; seen += 1) await page.evaluate(() => new Promise(requestAnimationFrame));
  };
  const why = panel(page).getByRole('row').getByRole('button', { name: /why/iu }).first();
  // A row may come in between the two; then something else is under the pointer.
  const press = async () => {
    await why.hover();
    await page.mouse.down();
    if (await why.evaluate((button) => button.matches(':active'))) return true;
    await page.mouse.up();
    return false;
  };
  await until(press, 'the button to be pressed');
  const pressed = await now(page);
  const rows = await panel(page).getByRole('row').allTextContents();
  await frames(120);
  assert.equal(await now(page), pressed, 'time stands still');
  assert.deepEqual(await panel(page).getByRole('row').allTextContents(), rows);
  await page.mouse.up();
  await page.getByRole('complementary', { name: 'Why?' }).waitFor();
  await until(async () => (await now(page)) > pressed + 500, 'time to go on');
  // A scrollbar does not say that it was let go.
  await panel(page).getByRole('row').last().hover();
  await panel(page).dispatchEvent('pointerdown');
  await frames(30);
  const scrolled = await now(page);
  await frames(30);
  assert.equal(await now(page), scrolled);
  const { x, y } = await panel(page).boundingBox();
  await page.mouse.move(x + 40, y + 40, { steps: 2 });
  await until(async () => (await now(page)) > scrolled + 500, 'time to go on');
  await panel(page).getByRole('row').last().hover();
  await page.mouse.down();
  await slider(page).hover();
  const left = await now(page);
  await until(async () => (await now(page)) > left + 500, 'time to go on once the pointer has left');
  await page.mouse.up();
});

test('steps go back and on again to the same moment', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 2_000);
  await pause(page);
  const stopped = await now(page);
  await button(page, 'Step back').click();
  await until(async () => (await now(page)) < stopped, 'the moment of an event');
  const before = await now(page);
  for (let steps = 0; steps < 5; steps += 1) await button(page, 'Step back').click();
  await until(async () => (await now(page)) < before, 'an earlier moment');
  for (let steps = 0; steps < 6; steps += 1) await button(page, 'Step on').click();
  await button(page, 'Step back').click();
  await until(async () => (await now(page)) === before, 'the moment of before');
  assert.equal(await branches(page), 1);
});

test('the slider goes to any moment and says where it is', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 2_000);
  await pause(page);
  const end = await now(page);
  await slider(page).fill('5000');
  await until(async () => Math.abs((await now(page)) - end / 2) < 50, 'half the time');
  await slider(page).focus();
  const half = await now(page);
  await page.keyboard.press('ArrowRight');
  await until(async () => (await now(page)) === half + 100, 'a tenth of a second more');
  await button(page, 'To the start').click();
  await until(async () => (await now(page)) === 0, 'the start');
  await button(page, 'To the end').click();
  await until(async () => (await now(page)) === end, 'the end');
});

test('time goes a hundred times as fast, and a hundred times as slow', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  const speed = page.getByRole('combobox', { name: 'Speed' });
  await speed.selectOption({ label: '×100' });
  await letPass(page, 60_000);
  await speed.selectOption({ label: '×0.01' });
  await page.waitForTimeout(200);
  const slow = await now(page);
  await page.waitForTimeout(1_000);
  const passed = (await now(page)) - slow;
  assert.ok(passed >= 0 && passed < 500, `${passed} ms passed in a second`);
});

test('of two writes on both sides of a cut link one is lost, and the page tells why', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 500);
  await pause(page);
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1', 'both ways': true });
  await use(page, 'Write', { Customer: MIKA, Item: 'lamp', Price: '777' });
  await use(page, 'Write', { Customer: NORA, Item: 'lamp', Price: '888' });
  await play(page);
  await ledgerOf(page, MIKA);
  await rowWith(page, /“saved”.*777/u).waitFor();
  await ledgerOf(page, NORA);
  await rowWith(page, /“saved”.*888/u).waitFor();
  await pause(page);
  await use(page, 'Heal');
  await play(page);
  await tab(page, 'Verdicts').click();
  const lost = panel(page).getByText(/acknowledged writes? (was|were) lost/u);
  await lost.first().waitFor({ timeout: 60_000 });
  // Which of the two survives is for their clocks to say.
  const customers = [MIKA, NORA];
  let loser;
  await until(async () => {
    for (const customer of customers) {
      await ledgerOf(page, customer);
      loser = rowWith(page, customer === MIKA ? /777/u : /888/u).filter({ hasText: 'overwritten' });
      if ((await loser.count()) > 0) return true;
    }
    return false;
  }, 'one of the two to be overwritten', 60_000);
  await pause(page);
  await loser.first().getByRole('button', { name: /why/iu }).click();
  const why = page.getByRole('complementary', { name: 'Why?' });
  await why.getByRole('heading').waitFor();
  const chain = why.getByRole('list');
  const steps = await chain.getByRole('listitem').allTextContents();
  const told = steps.join('\n');
  assert.ok(steps.length >= 3, told);
  assert.match(told, /777/u);
  assert.match(told, /888/u);
  const reached = await now(page);
  await chain.getByRole('button', { name: /^Go to/u }).first().click();
  await until(async () => (await now(page)) < reached, 'the moment of the first fact');
  await why.getByRole('button', { name: 'Close' }).click();
  await why.waitFor({ state: 'hidden' });
});

test('a region crashes, says so, and comes back', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 500);
  await use(page, 'Crash', { Region: 'eu-west-1' });
  const down = page.getByRole('button', { name: /^eu-west-1, .*down/u });
  await down.waitFor();
  await pause(page);
  // Played, the log would soon have more lines than it shows.
  await use(page, 'Restart', { Region: 'eu-west-1' });
  await pass(page, 500);
  await page.getByRole('button', { name: /^eu-west-1, .*serving/u }).waitFor();
  await tab(page, 'Log').click();
  await panel(page).getByText('eu-west-1 restarted').first().waitFor();
  await panel(page).getByText('eu-west-1 crashed').first().waitFor();
});

test('a clock is set ahead, and its region wins from the future', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 300);
  await use(page, 'Clock', { Region: 'eu-west-1', 'Ahead of true time': '30000' });
  await panel(page).getByText(/^clock .* ahead$/u).waitFor();
  await pause(page);
  await use(page, 'Write', { Customer: NORA, Item: 'book', Price: '654' });
  await play(page);
  await letPass(page, 1_500);
  await pause(page);
  await use(page, 'Write', { Customer: MIKA, Item: 'book', Price: '321' });
  await play(page);
  await ledgerOf(page, MIKA);
  const row = rowWith(page, /321/u);
  await row.filter({ hasText: 'overwritten' }).waitFor({ timeout: 60_000 });
});

test('without a key store a lost reply charges twice', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await pause(page);
  // Nothing of Ana's is under way there, whose reply would be dropped instead.
  await button(page, 'To the start').click();
  await page
    .getByRole('combobox', { name: 'Where idempotency keys live' })
    .selectOption({ label: 'No key store (broken)' });
  await use(page, 'Drop reply', { Region: 'us-east-1', 'Reply to': 'Ana' });
  await use(page, 'Pay', { Customer: 'Ana', Amount: '45' });
  await play(page);
  await ledgerOf(page, 'Ana');
  const charged = rowWith(page, /“paid”.*45/u).filter({ hasText: 'charged 2 times' });
  await charged.waitFor({ timeout: 60_000 });
  await pause(page);
  await charged.getByRole('button', { name: /why/iu }).click();
  const why = page.getByRole('complementary', { name: 'Why?' });
  await why.getByRole('heading').waitFor();
  const steps = await why.getByRole('listitem').allTextContents();
  assert.equal(steps.filter((step) => /charged/u.test(step)).length, 2, steps.join('\n'));
  await tab(page, 'Verdicts').click();
  await panel(page).getByText(/payments? went wrong/u).first().waitFor();
});

test('acting in the past starts a branch, and the old one can be looked at again', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 2_000);
  await pause(page);
  await use(page, 'Write', { Customer: MIKA, Item: 'mug', Price: '701' });
  await play(page);
  await letPass(page, 1_500);
  await pause(page);
  await slider(page).fill('2000');
  await until(async () => (await now(page)) < 2_000, 'the past');
  await use(page, 'Write', { Customer: MIKA, Item: 'mug', Price: '702' });
  await until(async () => (await branches(page)) === 2, 'a second branch');
  await play(page);
  await letPass(page, 2_000);
  await pause(page);
  await ledgerOf(page, MIKA);
  await rowWith(page, /702/u).first().waitFor();
  assert.equal(await rowWith(page, /701/u).count(), 0);
  await page.getByRole('button', { name: '2 branches' }).click();
  const list = page.getByRole('dialog');
  await list.getByRole('button', { name: /First run/u }).first().click();
  await until(async () => (await list.count()) === 0 || !(await list.isVisible()), 'the list to close');
  await button(page, 'To the end').click();
  await rowWith(page, /701/u).first().waitFor();
  assert.equal(await rowWith(page, /702/u).count(), 0);
});

test('another rule for two writes starts a branch under the same dice', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 1_000);
  await pause(page);
  const reached = await now(page);
  const rules = page.getByRole('combobox', { name: 'When two writes meet' });
  await rules.first().selectOption({ label: 'Arrival order (broken)' });
  await until(async () => (await branches(page)) === 2, 'a second branch');
  await until(async () => (await now(page)) === reached, 'the same moment');
});
