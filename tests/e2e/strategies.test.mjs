// Ways of keeping regions in step, chosen in the drawer: what each shows of its state, who
// takes the writes, and how far the others are behind.

import assert from 'node:assert/strict';
import { assertAccessible, open, pageOrigin, test } from './page.mjs';
import { button, isThere, letPass, panel, pass, pause, stepUntilSeen, tab, until, use } from './learner.mjs';
import { linkOf } from './links.mjs';

const keptInStep = (page) => page.locator('#slot-prices-replication');
const card = (page, region) => panel(page).getByRole('article').filter({ hasText: region });

/** The page with prices kept in this way. */
async function withStrategy(t, name) {
  const { page } = await open(t, { path: '/?seed=3' });
  await isThere(page);
  // What can be chosen comes when somebody acts.
  await page.mouse.move(200, 200);
  await keptInStep(page).selectOption({ label: name });
  return page;
}

/** Who takes the writes, as the map says it. */
const first = (page, role) => page.getByRole('button', { name: new RegExp(`, ${role}`, 'u') });

/** Mika's write, made at us-east-1 while that is cut from one other region. */
async function writeBehindACut(page) {
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await use(page, 'Write', { Customer: 'Mika', Price: '70' });
}

/** Acts while time stands still and goes on until this is shown. */
async function seenAfter(page, act, shown) {
  await pause(page);
  await act();
  await stepUntilSeen(page, shown);
}

/** A single writer: its log under an epoch, and who lacks how much of it for how long. */
async function aWriterAndItsLog(page) {
  await page.getByRole('button', { name: /^us-east-1, .*, writer/u }).waitFor();
  assert.equal(await first(page, 'writer').count(), 1);
  await writeBehindACut(page);
  const writer = card(page, 'us-east-1').first();
  await writer.getByText(/^epoch \d+$/u).waitFor();
  await writer.getByText(/entr(y|ies) in the log, \d+ settled/u).waitFor();
  const behind = writer.getByText(/eu-west-1 lacks \d+ entr/u);
  await behind.waitFor();
  await writer.getByText(/the oldest .* ago/u).first().waitFor();
}

/** A lock: who holds it under which fencing token. */
async function aLockAndItsToken(page) {
  const held = panel(page).getByText(/holds the lock on .*, token \d+/u);
  await seenAfter(page, () => use(page, 'Write', { Customer: 'Nora', Price: '70' }), held);
}

/** What each way of keeping regions in step shows of itself that others do not. */
const SHOWS = {
  'Multi-master': async (page) => {
    await writeBehindACut(page);
    const links = card(page, 'us-east-1').first().getByRole('list', { name: 'Not yet confirmed by' });
    const link = links.getByRole('listitem').filter({ hasText: 'eu-west-1' });
    await link.filter({ hasText: /\d+ updates?, the oldest/u }).filter({ hasText: /ago/u }).waitFor();
    assert.equal(await first(page, 'writer').count(), 0);
    assert.equal(await first(page, 'leader').count(), 0);
  },
  'Single writer, asynchronous': aWriterAndItsLog,
  'Single writer, one follower': aWriterAndItsLog,
  'Single writer, majority': aWriterAndItsLog,
  'Single writer, all followers': aWriterAndItsLog,
  'Quorum store': async (page) => {
    const filling = panel(page).getByText(/^(write|read) of .*: \d of \d$/u);
    await seenAfter(page, () => writeBehindACut(page), filling);
    assert.equal(await first(page, 'leader').count(), 0);
  },
  Consensus: async (page) => {
    const leader = page.getByRole('button', { name: /, leader/u });
    await leader.waitFor();
    assert.equal(await leader.count(), 1);
    await use(page, 'Write', { Customer: 'Mika', Price: '70' });
    await panel(page).getByText(/^term \d+$/u).first().waitFor();
    await panel(page).getByRole('list', { name: 'End of the log' }).first().waitFor();
    await panel(page).getByText(/in the log, [1-9]\d* settled/u).first().waitFor();
  },
  'Sharded by home region': async (page) => {
    await use(page, 'Write', { Customer: 'Mika', Price: '70' });
    const homes = panel(page).getByRole('list', { name: 'At home here' }).first();
    await homes.waitFor();
    await homes.getByText(/^epoch \d+$/u).first().waitFor();
  },
  'Global lock': aLockAndItsToken,
  'Global lock without a fence (broken)': aLockAndItsToken,
};

test('the drawer offers every strategy, and each is looked at below', async (t) => {
  const page = await withStrategy(t, 'Consensus');
  const names = await keptInStep(page).getByRole('option').allTextContents();
  assert.deepEqual(names.toSorted(), Object.keys(SHOWS).toSorted());
});

for (const [name, shows] of Object.entries(SHOWS)) {
  test(`${name} runs and shows its own state`, async (t) => {
    const page = await withStrategy(t, name === 'Multi-master' ? 'Consensus' : name);
    await keptInStep(page).selectOption({ label: name });
    await letPass(page, 1_000);
    await shows(page);
    const held = await keptInStep(page).evaluate((list) => list.selectedOptions[0].textContent);
    assert.equal(held, name);
  });
}

test('a group elects a leader, shows its log, and another region can be put in its place', async (t) => {
  const page = await withStrategy(t, 'Consensus');
  const leader = page.getByRole('button', { name: /, leader/u });
  await leader.waitFor();
  assert.equal(await leader.count(), 1);
  await letPass(page, 1_000);
  await use(page, 'Write', { Price: '70' });
  await panel(page).getByText(/lamp €70/u).first().waitFor();
  await panel(page).getByText(/[1-9]\d* settled/u).first().waitFor();
  // Once is enough, however much is written meanwhile.
  await use(page, 'Promote', { Region: 'ap-northeast-1' });
  await page.getByRole('button', { name: /^ap-northeast-1, .*, leader/u }).waitFor();
  await until(async () => (await leader.count()) === 1, 'one leader');
  await assertAccessible(page);
});

test('a writer shows who is behind, and the chart of lag raises its alert', async (t) => {
  const page = await withStrategy(t, 'Single writer, asynchronous');
  await page.getByRole('button', { name: /^us-east-1, .*, writer/u }).waitFor();
  for (const other of ['us-east-1', 'ap-northeast-1', 'sa-east-1', 'ap-southeast-2']) {
    await use(page, 'Cut', { From: 'eu-west-1', To: other });
  }
  await use(page, 'Write', { Customer: 'Mika', Price: '70' });
  await card(page, 'us-east-1').getByText(/eu-west-1 lacks/u).first().waitFor();
  await pause(page);
  await pass(page, 11_000);
  await tab(page, 'Lag').click();
  const behind = panel(page).getByRole('listitem').filter({ hasText: 'eu-west-1' }).first();
  await behind.getByText('alert, over 10 s').waitFor({ state: 'attached' });
  await assertAccessible(page);
  await behind.getByRole('button', { name: 'eu-west-1: what is missing?' }).click();
  await page.getByRole('complementary', { name: 'Why?' }).waitFor();
});

test('the legs of a write are listed, and each answers why', async (t) => {
  const page = await withStrategy(t, 'Single writer, majority');
  await tab(page, 'Lag').click();
  await pause(page);
  await use(page, 'Write', { Customer: 'Mika', Price: '70' });
  await pass(page, 1_000);
  const write = panel(page).getByText('Mika’s write of €70').first();
  await write.waitFor();
  await write.click();
  const legs = panel(page).locator('details[open]').getByRole('listitem');
  const said = await legs.allTextContents();
  assert.match(said[0], /Mika → us-east-1/u);
  assert.ok(said.some((leg) => /us-east-1 → (?!Mika)/u.test(leg)), said.join('; '));
  assert.match(said.at(-1), /us-east-1 → Mika/u);
  await legs.first().getByRole('button').click();
  await page.getByRole('complementary', { name: 'Why?' }).waitFor();
});

test('a link to a design that comes later opens in another browser', async (t) => {
  const page = await withStrategy(t, 'Quorum store');
  await letPass(page, 1_000);
  await pause(page);
  const link = await linkOf(page);
  const other = await open(t, { path: link.slice((await pageOrigin()).length) });
  await isThere(other.page);
  await keptInStep(other.page).waitFor();
  await until(
    async () => (await keptInStep(other.page).inputValue()) === 'quorum',
    'the quorum store to be chosen',
  );
});
