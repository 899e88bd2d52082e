// Each lesson, solved as a learner would: read, predict, act, watch, ask why, repair.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { branches, button, now, panel, tab, until, use } from './learner.mjs';
import { begin, goal, isMet, nextStep, predict, rail, still, watch } from './lesson_steps.mjs';

const LWW = 'Last write wins, and the other one loses';

async function makeTwoTruths(page) {
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '100' });
  await watch(page, 1_500);
  await use(page, 'Write', { Customer: 'Nora', Item: 'lamp', 'Price, €': '110' });
  await watch(page, 1_500);
}

/** Mika reads what Nora has changed meanwhile on the other side. */
async function readOldPrice(page) {
  await use(page, 'Read', { Customer: 'Mika', What: 'price of the lamp' });
  await watch(page, 500);
}

/** A verdict in the midst of a step's text. */
const judged = (page, name) =>
  rail(page)
    .locator('section')
    .filter({ has: page.getByRole('heading', { level: 2, name }) });

test('last write wins: two truths, one lost, and how to lose none', async (t) => {
  const { page } = await begin(t, LWW);
  await page.getByRole('heading', { level: 1, name: 'Two shopkeepers' }).waitFor();
  assert.match(await page.title(), /Last write wins/u);

  await nextStep(page, 'Make two truths');
  assert.ok(await button(page, 'Next step').isDisabled());
  await makeTwoTruths(page);
  await isMet(page, 'Both sides of the cut');
  const copies = goal(page, 'there is more than one copy');
  await copies.getByText(/Nothing has happened yet|Kept so far: Linearizable/u).waitFor();
  await readOldPrice(page);
  await isMet(page, 'there is more than one copy');

  await nextStep(page, 'Which price survives?');
  await button(page, 'Lock in and play').click();
  await rail(page).getByText('Choose an answer first').waitFor();
  await predict(page, /written first/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('that takes a clock that runs ahead').waitFor();
  await rail(page).getByText('The later stamp stays').waitFor();
  await rail(page).getByText('This is being shown to you').waitFor();
  await button(page, 'Back to my run').click();
  await rail(page).getByText('This is being shown to you').waitFor({ state: 'hidden' });

  await nextStep(page, 'Heal, and read the ledger');
  await use(page, 'Heal', { 'one link': true, From: 'us-east-1', To: 'eu-west-1' });
  await watch(page, 3_000);
  await isMet(page, 'Every region shows the same price');
  await isMet(page, 'is gone');

  await nextStep(page, 'Why it is gone');
  const verdict = judged(page, 'Acknowledged writes stay');
  await verdict.getByText(/Mika’s write of €100 was acknowledged and gave way/u).waitFor();
  await verdict.getByText('For each customer: broken for Mika').waitFor();
  const showMe = verdict.getByRole('button', { name: 'Show me' });
  assert.equal(await showMe.getAttribute('aria-pressed'), 'false');
  await showMe.click();
  const proof = verdict.getByRole('list', { name: 'The facts that prove it' });
  await proof.getByText(/Mika/u).first().waitFor();
  await until(async () => (await showMe.getAttribute('aria-pressed')) === 'true', 'the proof lit');
  await showMe.click();
  await until(async () => (await proof.getByRole('listitem').count()) === 0, 'the proof put away');

  await nextStep(page, 'In the blink of an eye');
  await predict(page, /A price that was called/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });

  await nextStep(page, 'Lose nothing');
  await use(page, 'Write', { Customer: 'Mika', Item: 'mug', 'Price, €': '14' });
  await watch(page, 2_000);
  await use(page, 'Write', { Customer: 'Nora', Item: 'mug', 'Price, €': '13' });
  await watch(page, 2_000);
  await isMet(page, 'neither write was lost');
  await rail(page).getByText('7 actions, par 7').waitFor();

  await nextStep(page, 'Where real systems do this');
  await button(page, 'Previous step').waitFor();
  await rail(page).getByRole('link', { name: 'All lessons' }).click();
  await page.getByRole('link', { name: LWW }).getByText('solved in 7').waitFor();
});

test('the cart that remembers: another data type keeps what both put in', async (t) => {
  const { page } = await begin(t, 'The cart that remembers');
  await nextStep(page, 'What is left in the cart?');
  await predict(page, /The mug is missing/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Keep what both put in');
  await rail(page)
    .getByRole('combobox', { name: 'When two writes meet' })
    .selectOption({ label: 'Observed-remove set' });
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await use(page, 'Add', { Customer: 'Ana', Item: 'mug' });
  await use(page, 'Add', { Customer: 'Ben', Item: 'scarf' });
  await watch(page, 1_500);
  await use(page, 'Remove', { Customer: 'Ben', Item: 'book' });
  await watch(page, 1_500);
  await use(page, 'Heal', {});
  await watch(page, 3_000);
  await isMet(page, 'Nothing that was called saved has been lost');
  await use(page, 'Read', { Customer: 'Ana' });
  await watch(page, 500);
  await isMet(page, 'Ana reads her cart');
  await isMet(page, 'She finds the mug and the scarf');

  // The same under the cart that is one value: what was said says what she missed.
  const merge = rail(page).getByRole('combobox', { name: 'When two writes meet' });
  await merge.selectOption({ label: 'Last writer wins' });
  const own = goal(page, 'Ana reads her cart');
  await own.getByText('Ana’s read of Ana and Ben’s cart did not show').waitFor();
  await own.getByText(/addition of the mug/u).waitFor();
  await merge.selectOption({ label: 'Observed-remove set' });
  await isMet(page, 'Ana reads her cart');
  await rail(page).getByText('7 actions, par 7').waitFor();

  // The same run beside its twin under the old rule.
  await nextStep(page, 'Why this cart remembers');
  await nextStep(page, 'Under the old rule');
  await predict(page, /^Nothing$/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Side by side');
  await button(page, 'Compare with…').click();
  const dialog = page.getByRole('dialog', { name: 'Compare with…' });
  await dialog.getByRole('combobox', { name: 'Another design' }).selectOption('Last writer wins');
  await dialog.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('heading', { name: 'Design A: Observed-remove set' }).waitFor();
  await page.getByRole('heading', { name: 'Design B: Last writer wins' }).waitFor();
  const differs = page.getByRole('region', { name: 'What differs' });
  await differs.getByRole('heading', { name: /^They part at / }).waitFor();
  const lost = differs.getByRole('row', { name: /^Acknowledged writes lost/u }).getByRole('cell');
  await until(async () => {
    const [ours, theirs] = await lost.allTextContents();
    return ours === '0' && Number(theirs) > 0;
  }, 'what the twin lost');
  await differs.getByRole('heading', { name: 'B breaks “Acknowledged writes stay”:' }).waitFor();
  await button(page, 'End the comparison').click();
  await page.getByRole('heading', { level: 1, name: 'Side by side' }).waitFor();
  await nextStep(page, 'Add against remove');
  await predict(page, /^The lamp is in$/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await rail(page).getByText('Ana’s new dot was unknown to him').waitFor();
  await nextStep(page, 'Where real systems do this');
});

test('charged twice: a key that is remembered at home', async (t) => {
  const { page } = await begin(t, 'Charged twice');
  await nextStep(page, 'How often does Ana pay?');
  await predict(page, /^Twice$/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Let her pay once');

  // The tempting wrong answer first: every region with keys of its own.
  const store = rail(page).getByRole('combobox', { name: 'Where idempotency keys live' });
  await store.selectOption({ index: 1 });
  await use(page, 'Drop reply', { Region: 'us-east-1' });
  await use(page, 'Pay', { Customer: 'Ana', 'Amount, €': '40' });
  await watch(page, 5_000);
  await isMet(page, 'Her phone tried again in another region');
  const verdict = judged(page, 'Exactly one effect, for Ana');
  await verdict.getByText('Ana’s payment of €40 was wanted once').waitFor();
  const once = goal(page, 'One charge for one intent');
  await once.getByText(/charged/u).last().waitFor();
  const before = await now(page);
  await once.getByRole('button', { name: /Show me at/u }).click();
  await until(async () => (await now(page)) < before, 'the moment of the second charge');

  // Another store forks: the same actions under another design.
  await store.selectOption({ index: 2 });
  await until(async () => (await branches(page)) >= 2, 'a branch');
  await watch(page, 5_000);
  await isMet(page, 'One charge for one intent');
  await verdict.getByText('Every payment had exactly the effect that was told').waitFor();
  await rail(page).getByText('3 actions, par 3').waitFor();
});

test('one writer: moved with care, lost with what was in flight', async (t) => {
  const { page } = await begin(t, 'One writer');
  await nextStep(page, 'How long does Chiyo wait?');
  await predict(page, /to Virginia and back/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Move the writer, and lose nothing');
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '100' });
  await watch(page, 1_500);
  await use(page, 'Promote', { Region: 'ap-northeast-1' });
  await watch(page, 1_000);
  await use(page, 'Write', { Customer: 'Chiyo', Item: 'lamp', 'Price, €': '110' });
  await watch(page, 1_500);
  await isMet(page, 'within 60 milliseconds');
  await isMet(page, 'neither was lost');

  await nextStep(page, 'What is still on its way');
  const pacific = { From: 'us-east-1', To: 'ap-northeast-1' };
  await use(page, 'Degrade', { ...pacific, 'Slower by, ms': '10000' });
  await use(page, 'Write', { Customer: 'Chiyo', Item: 'mug', 'Price, €': '14' });
  await watch(page, 1_000);
  await use(page, 'Crash', { Region: 'ap-northeast-1' });
  await use(page, 'Promote', { Region: 'us-east-1' });
  await watch(page, 500);
  await use(page, 'Write', { Customer: 'Mika', Item: 'mug', 'Price, €': '13' });
  await watch(page, 1_000);
  for (const title of ['mug’s price is saved', 'writer crashed', 'mug’s price next door']) {
    await isMet(page, title);
  }
  await nextStep(page, 'Tokyo comes back');
  await predict(page, /^It is gone/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Switch it on again');
  await use(page, 'Restart', { Region: 'ap-northeast-1' });
  await watch(page, 30_000);
  await isMet(page, 'called “saved” is gone');
  await rail(page).getByText('9 actions, par 9').waitFor();
});

test('each region owns its own: the cart follows its owner, and the whole needs every home', async (t) => {
  const { page } = await begin(t, 'Each region owns its own');
  await nextStep(page, 'Ana puts a lamp into the cart');
  await predict(page, /^120 to 260/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Send the cart after her');
  await use(page, 'Move home', { Customer: 'Ana', Region: 'ap-northeast-1' });
  await watch(page, 1_000);
  await use(page, 'Add', { Customer: 'Ben', Item: 'mug' });
  await watch(page, 15_000);
  for (const title of ['answers are quick', 'Ben has put', 'No change of the cart']) {
    await isMet(page, title);
  }
  await nextStep(page, 'Why there is no conflict');
  await nextStep(page, 'Everything at once');
  await predict(page, /as long as the farthest home/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Cut the ocean');
  await use(page, 'Cut', { From: 'us-east-1', To: 'ap-northeast-1' });
  await use(page, 'Add', { Customer: 'Ana', Item: 'lamp' });
  await watch(page, 1_000);
  await use(page, 'Read', { Customer: 'Grace', What: 'all carts' });
  await watch(page, 4_000);
  for (const title of ['homes are cut apart', 'saved during the cut', 'Grace is refused']) {
    await isMet(page, title);
  }
  await rail(page).getByText('5 actions, par 5').waitFor();
});

test('the price of synchronous: one follower, if it is the one that takes over', async (t) => {
  const { page } = await begin(t, 'The price of synchronous');
  await nextStep(page, 'Wait for everybody');
  await predict(page, /^Nothing, until/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Lose nothing, and wait no longer than needed');
  await rail(page)
    .getByRole('combobox', { name: 'How regions are kept in step' })
    .selectOption({ label: 'Single writer, one follower' });
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '100' });
  await watch(page, 1_500);
  await use(page, 'Crash', { Region: 'us-east-1' });
  await use(page, 'Promote', { Region: 'us-west-2' });
  await watch(page, 1_500);
  await use(page, 'Write', { Customer: 'Nora', Item: 'mug', 'Price, €': '14' });
  await watch(page, 3_000);
  for (const title of ['before Mika was told', 'within 100', 'Nora can', 'never lost']) {
    await isMet(page, title);
  }
  await rail(page).getByText('5 actions, par 5').waitFor();
  await nextStep(page, 'What you paid for');
  await nextStep(page, 'Is a copy a backup?');
  await predict(page, /^Nowhere$/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
});

test('a majority decides: place the leader, then be the minority', async (t) => {
  const { page } = await begin(t, 'A majority decides');
  await nextStep(page, 'How long does Nora wait?');
  await predict(page, /^More than 270/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Place the leader');
  await use(page, 'Promote', { Region: 'us-east-1' });
  await watch(page, 2_000);
  for (const [Customer, price] of [['Mika', '100'], ['Nora', '110'], ['Chiyo', '120']]) {
    await use(page, 'Write', { Customer, Item: 'lamp', 'Price, €': price });
    await watch(page, 1_500);
  }
  for (const place of ['in Virginia', 'in Dublin', 'in Tokyo']) await isMet(page, place);
  await nextStep(page, 'Cut the leader off');
  await predict(page, /the two go on$/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Be the minority');
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await use(page, 'Cut', { From: 'us-east-1', To: 'ap-northeast-1' });
  await watch(page, 8_000);
  await use(page, 'Write', { Customer: 'Mika', Item: 'mug', 'Price, €': '14' });
  await use(page, 'Write', { Customer: 'Nora', Item: 'mug', 'Price, €': '13' });
  await watch(page, 3_000);
  await isMet(page, 'Mika was refused');
  await isMet(page, 'mug’s price is saved');
  await use(page, 'Heal', { 'every link that is cut': true });
  await watch(page, 5_000);
  await isMet(page, 'same price for the mug');
  await rail(page).getByText('10 actions, par 10').waitFor();
  await nextStep(page, 'What “available” means');
  await nextStep(page, 'Two and a witness');
  await predict(page, /^“Saved”$/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
});

test('two primaries: a majority for the promise and for the promotion', async (t) => {
  const { page } = await begin(t, 'Two primaries');
  await nextStep(page, 'Both links of Virginia are cut');
  await predict(page, /one of the two writes is lost$/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Now with a fence');
  await predict(page, /^“Saved”, and it is lost$/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Promise nothing that you cannot keep');
  await rail(page)
    .getByRole('combobox', { name: 'How regions are kept in step' })
    .selectOption({ label: 'Single writer, majority' });
  await rail(page)
    .getByRole('combobox', { name: 'When the writer is gone' })
    .selectOption({ label: 'By a majority’s vote' });
  await watch(page, 1_000);
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await use(page, 'Cut', { From: 'us-east-1', To: 'ap-northeast-1' });
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '100' });
  await watch(page, 10_000);
  await use(page, 'Write', { Customer: 'Nora', Item: 'lamp', 'Price, €': '110' });
  await watch(page, 4_000);
  await use(page, 'Heal', { 'every link that is cut': true });
  await watch(page, 20_000);
  for (const title of ['not promised anything', 'Nora was told', 'same price for the lamp']) {
    await isMet(page, title);
  }
  await rail(page).getByText('8 actions, par 8').waitFor();
  await nextStep(page, 'Why Mika heard nothing');
  await nextStep(page, 'Alone, and newer');
  await predict(page, /^It is lost/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
});

/** Goes to the latest event of a lane that reads so: lanes are counted from the top, from 0. */
async function goToEvent(page, lane, pattern) {
  const diagram = page.getByRole('listbox', { name: 'Space-time diagram' });
  const option = diagram.getByRole('option');
  await diagram.focus();
  await page.keyboard.press('Escape');
  for (let up = 0; up < 5; up += 1) await page.keyboard.press('ArrowUp');
  for (let down = 0; down < lane; down += 1) await page.keyboard.press('ArrowDown');
  for (let back = 0; back < 200; back += 1) {
    if (pattern.test(await option.textContent())) {
      await page.keyboard.press('Enter');
      return;
    }
    const before = await option.getAttribute('id');
    await page.keyboard.press('ArrowLeft');
    await until(async () => (await option.getAttribute('id')) !== before, 'an earlier event');
  }
  throw new Error(`no event of lane ${lane} reads ${pattern}`);
}

test('how long is a write invisible: a slow replay, and in time again', async (t) => {
  const { page } = await begin(t, 'How long is a write invisible?');
  await nextStep(page, 'From coast to coast');
  await predict(page, /^After 64/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('one way, not there and back').waitFor();
  await nextStep(page, 'The same, on a busy day');
  await predict(page, /^Between 600 and 900/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Make Dublin a second late');
  await still(page);
  await use(page, 'Slow', { Region: 'eu-west-1', 'Slower by, ms': '2000' });
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '100' });
  await watch(page, 100);
  await use(page, 'Read', { Customer: 'Nora', What: 'price of the lamp' });
  await watch(page, 8_000);
  await isMet(page, 'a second late or more');
  await isMet(page, 'had been replaced');
  await nextStep(page, 'Where the time went');
  await nextStep(page, 'In time again');
  await use(page, 'Slow', { Region: 'eu-west-1', 'Slower by, ms': '0' });
  await watch(page, 5_000);
  await use(page, 'Write', { Customer: 'Mika', Item: 'mug', 'Price, €': '14' });
  await watch(page, 2_000);
  await isMet(page, 'within 60');
  await isMet(page, 'same price of the lamp');
  await rail(page).getByText('5 actions, par 5').waitFor();
});

test('read your own writes: the app says how far it has read', async (t) => {
  const { page } = await begin(t, 'Read your own writes');
  await nextStep(page, 'At the checkout');
  await predict(page, /^An empty cart/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'A flag in the cache');
  await predict(page, /^The mug/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('a read-only secondary').waitFor();
  await nextStep(page, 'The writer is gone');
  await predict(page, /^No answer/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'The cache restarts');
  await predict(page, /^Only the mug/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'The flag expires');
  await predict(page, /^Only the mug/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Never an empty cart');
  await rail(page)
    .getByRole('combobox', { name: 'What a customer may count on' })
    .selectOption({ label: 'A token' });
  await still(page);
  await use(page, 'Degrade', { From: 'us-east-1', To: 'eu-west-1', 'Slower by, ms': '2000' });
  await use(page, 'Add', { Customer: 'Ana', Item: 'lamp', Through: 'us-east-1' });
  await watch(page, 300);
  await use(page, 'Read', { Customer: 'Ana', Through: 'eu-west-1' });
  await watch(page, 8_000);
  await isMet(page, 'before it has what she wrote');
  await isMet(page, 'saw what she had written');
  await rail(page).getByText('4 actions, par 4').waitFor();
  await nextStep(page, 'What Dublin knew');
  await judged(page, 'Own writes are seen').waitFor();
});

test('two withdrawals: one side pays, and the other one says no', async (t) => {
  const { page } = await begin(t, 'Two withdrawals');
  await nextStep(page, 'Each branch by itself');
  await predict(page, /^Both/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Agree first');
  await predict(page, /^Nora; Mika is refused/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Pay once');
  await rail(page)
    .getByRole('combobox', { name: 'How regions are kept in step' })
    .selectOption({ label: 'Consensus' });
  await watch(page, 1_000);
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await use(page, 'Cut', { From: 'us-east-1', To: 'ap-northeast-1' });
  await watch(page, 9_000);
  await use(page, 'Write', { Customer: 'Mika', Item: 'account', 'Price, €': '0' });
  await use(page, 'Write', { Customer: 'Nora', Item: 'account', 'Price, €': '0' });
  await watch(page, 3_000);
  await use(page, 'Heal', { 'every link that is cut': true });
  await watch(page, 10_000);
  await use(page, 'Read', { Customer: 'Mika', What: 'price of the account' });
  await watch(page, 2_000);
  for (const title of ['withdrawal is refused', 'saved while the link', 'Mika looks again']) {
    await isMet(page, title);
  }
  await nextStep(page, 'Why Mika was refused');
  await nextStep(page, 'And when nothing is cut?');
  await predict(page, /^A round trip/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
});

test('quorums: read one, write all, and what no numbers give', async (t) => {
  const { page } = await begin(t, 'Quorums');
  await nextStep(page, 'One and one');
  await predict(page, /^Some: one in a hundred/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Two and two');
  await predict(page, /^None/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Fast and fresh');
  const choose = (name, label) =>
    rail(page).getByRole('combobox', { name }).selectOption({ label });
  await choose('How many answers a read waits for (R)', 'One (R = 1)');
  await choose('How many confirmations a write waits for (W)', 'All (W = N)');
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '100' });
  await watch(page, 1_500);
  await use(page, 'Read', { Customer: 'Nora', What: 'price of the lamp' });
  await watch(page, 1_500);
  await isMet(page, 'within 40');
  await isMet(page, 'All three had the price');
  await rail(page).getByText('4 actions, par 4').waitFor();
  await nextStep(page, 'What Mika waited for');
  await nextStep(page, 'One region is away');
  await predict(page, /^Neither yes nor no/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'The new one, and then the old one');
  await predict(page, /^Ana 14, Chiyo 95/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'A read that writes back');
  await predict(page, /^Ana 14, Chiyo 14/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'A read that repairs');
  await predict(page, /^Ana 14, Chiyo 14/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Somebody stands in');
  await predict(page, /^“Saved”, and Nora sees 95/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'The hint is handed over');
  await predict(page, /^14/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
});

test('three reports at midnight: a token that only grows', async (t) => {
  const { page } = await begin(t, 'Three reports at midnight');
  await nextStep(page, 'How many reports a night?');
  await predict(page, /^Three/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'The scheduler elects a leader');
  await predict(page, /^One: there is a leader/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('each by itself').waitFor();
  await nextStep(page, 'Stop Dublin in the midst of it');
  const schedule = rail(page).getByRole('combobox', { name: 'Which region runs the job' });
  await schedule.selectOption('lease');
  await watch(page, 8_000);
  await goToEvent(page, 1, /eu-west-1 begins on the report of time 1\b/u);
  await use(page, 'Freeze', { Region: 'eu-west-1' });
  await watch(page, 14_000);
  await isMet(page, 'between the beginning of a run and its report');
  await isMet(page, 'Another region has run the job');
  await nextStep(page, 'Dublin wakes up');
  await predict(page, /^A second report/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Once a night, whoever wakes up');
  await schedule.selectOption({ label: 'A lease with a fencing token' });
  await use(page, 'Unfreeze', { Region: 'eu-west-1' });
  await watch(page, 3_000);
  await isMet(page, 'more than three seconds late');
  await isMet(page, 'No night has two reports');
  await nextStep(page, 'What Dublin could not know');
  await judged(page, 'No time runs twice').waitFor();
});

test('answers before questions: what is kept back until its question is there', async (t) => {
  const { page } = await begin(t, 'Answers before questions');
  await nextStep(page, 'A slow link');
  await predict(page, /^The answer, and later/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Put it in order');
  await rail(page)
    .getByRole('combobox', { name: 'How regions are kept in step' })
    .selectOption({ label: 'Causal broadcast' });
  const pacific = { From: 'us-east-1', To: 'ap-northeast-1' };
  await use(page, 'Degrade', { ...pacific, 'Lost, %': '0', 'Slower by, ms': '20000' });
  await use(page, 'Post', { Customer: 'Mika', Room: 'room 1', Item: 'lamp' });
  await watch(page, 1_000);
  await use(page, 'Read', { Customer: 'Nora', What: 'room 1' });
  await watch(page, 500);
  await use(page, 'Post', { Customer: 'Nora', Item: 'lamp', 'the lamp is still there': true });
  await watch(page, 1_000);
  await isMet(page, 'Tokyo kept a message back');
  await tab(page, 'Regions').click();
  await panel(page).getByText(/waits for message 1 of us-east-1/u).waitFor();
  await watch(page, 22_000);
  await use(page, 'Read', { Customer: 'Chiyo', What: 'room 1' });
  await watch(page, 1_000);
  await isMet(page, 'in order');
  const rooms = panel(page).getByRole('list', { name: /^The latest messages/u });
  const last = rooms.last().getByRole('listitem');
  assert.match((await last.nth(0).textContent()) ?? '', /Mika.*Is the lamp still there/u);
  assert.match((await last.nth(1).textContent()) ?? '', /Nora.*the lamp is still there/u);
  await rail(page).getByText('6 actions, par 6').waitFor();
  await nextStep(page, 'Why it waited');
  await nextStep(page, 'Not an answer at all');
  await predict(page, /^No: it waits/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
});

test('hints come one by one, and the solution last and without counting', async (t) => {
  const { page } = await begin(t, LWW);
  await nextStep(page, 'Make two truths');
  assert.equal(await button(page, 'Show me a solution').isVisible(), false);
  await button(page, 'Hint 1 of 3').click();
  await rail(page).getByText('Time has to run for a write').waitFor();
  await button(page, 'Hint 2 of 3').click();
  await button(page, 'Hint 3 of 3').click();
  await button(page, 'Show me a solution').click();
  await rail(page).getByText('This is being shown to you').waitFor();
  await watch(page, 2_000);
  assert.ok(await button(page, 'Next step').isDisabled());
  await button(page, 'Back to my run').click();
  await until(async () => (await now(page)) === 5_000, 'the moment at which it was left');
});

test('a lesson goes on where it was left, and starts anew when asked', async (t) => {
  const { page } = await begin(t, LWW);
  await nextStep(page, 'Make two truths');
  await makeTwoTruths(page);
  await readOldPrice(page);
  await isMet(page, 'Both sides of the cut');
  await isMet(page, 'there is more than one copy');
  await nextStep(page, 'Which price survives?');
  await page.getByRole('link', { name: 'Splitbrain' }).click();
  await button(page, 'Pay').waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'Lessons' }).first().click();
  await page.getByRole('link', { name: LWW }).getByText('step 3').waitFor();
  await page.getByRole('link', { name: LWW }).click();
  await page.getByRole('heading', { level: 1, name: 'Which price survives?' }).waitFor();
  await button(page, 'Previous step').click();
  await isMet(page, 'Both sides of the cut');

  await button(page, 'Start this lesson anew').click();
  await page.getByRole('heading', { level: 1, name: 'Two shopkeepers' }).waitFor();
  await until(async () => (await now(page)) === 5_000, 'the beginning');
});

test('a lesson gives its own tools, and its run has a beginning', async (t) => {
  const { page } = await begin(t, LWW);
  const toolbox = page.getByRole('toolbar', { name: 'Act' });
  await toolbox.getByRole('button', { name: 'Write' }).waitFor();
  for (const name of ['Pay', 'Crash', 'Add', 'Degrade']) {
    assert.equal(await toolbox.getByRole('button', { name, exact: true }).count(), 0, name);
  }
  await button(page, 'To the start').click();
  await until(async () => (await now(page)) === 0, 'the start');
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '100' });
  await page.getByText('The lesson begins at 00:05.000').waitFor();
});

test('a lesson that is not there says so, and the page goes on', async (t) => {
  const { page } = await open(t, {
    path: '/#/lesson/no-such-lesson',
    expectConsole: ['404 (Not Found)'],
  });
  await page.getByRole('heading', { name: 'This lesson did not open' }).waitFor();
  await page.getByText('There is no lesson “no-such-lesson”').waitFor();
  await page.getByRole('link', { name: 'All lessons' }).click();
  await page.getByRole('link', { name: LWW }).waitFor();
});

test('a lesson with a mistake names the file and the field', async (t) => {
  const { page } = await open(t, {
    before: (page) =>
      page.route('**/lessons/charged-twice.json', async (route) => {
        const response = await route.fetch();
        const lesson = await response.json();
        lesson.lesson.steps[2].goals[0].goal = 'made_up';
        lesson.lesson.surprise = 1;
        await route.fulfill({ response, json: lesson });
      }),
    path: '/#/lesson/charged-twice',
  });
  await page.getByRole('heading', { name: 'This lesson did not open' }).waitFor();
  const said = await page.getByRole('alert').textContent();
  assert.match(said, /lessons\/charged-twice\.json/u);
  assert.match(said, /surprise|made_up/u);
});

for (const screen of ['desktop', 'phone']) {
  test(`axe-core has nothing to say about lessons, ${screen}`, async (t) => {
    const { page } = await begin(t, LWW, { screen });
    await assertAccessible(page);
    await nextStep(page, 'Make two truths');
    await assertAccessible(page);
    await page.getByRole('link', { name: 'Lessons' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Lessons' }).waitFor();
    await assertAccessible(page);
  });
}

test('the map offers nothing that a lesson does not give', async (t) => {
  const { page } = await begin(t, 'Charged twice');
  const offers = async (name) => {
    await page.getByRole('button', { name }).press('Enter');
    const menu = page.getByRole('menu');
    await menu.waitFor();
    const words = await menu.getByRole('menuitem').allTextContents();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    return words;
  };
  assert.deepEqual(await offers(/^us-east-1, /u), ['Drop reply']);
  assert.equal((await offers(/^us-east-1 – eu-west-1/u)).includes('Degrade'), false);
  await page.getByRole('link', { name: 'Lessons' }).first().click();
  await page.getByRole('link', { name: 'The cart that remembers' }).click();
  await page.getByRole('heading', { level: 1, name: 'One cart for two' }).waitFor();
  assert.deepEqual(await offers(/^us-east-1, /u), ['Nothing to do here in this lesson']);
});
