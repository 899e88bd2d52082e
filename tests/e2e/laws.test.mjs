// The law lab: types and the laws they keep, the smallest history that breaks one, and
// merge rules of one's own.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, isThere, panel, pause, tab, until } from './learner.mjs';

const laws = (page) => page.getByRole('region', { name: 'What each law came to' });
const law = (page, name) =>
  laws(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name, exact: true }) });
const story = (page) => page.getByRole('region', { name: /^How it breaks/u });
const types = (page) => page.getByRole('navigation', { name: 'Data types' });

/** Waits until every law was tried. */
async function isTried(page) {
  await laws(page).getByRole('status').getByText(/^Done/u).waitFor({ timeout: 60_000 });
}

/** Nothing may stick out to the side, of the page or of what scrolls in it. */
async function assertFits(page) {
  const wide = await page.evaluate(() =>
    [document.documentElement, document.querySelector('main')]
      .filter((one) => one.scrollWidth > one.clientWidth)
      .map((one) => `${one.tagName}: ${one.scrollWidth} px of content in ${one.clientWidth}`),
  );
  assert.deepEqual(wide, []);
}

test('of each type a replica is seen from inside, and what its update weighs in each form', async (t) => {
  const { page } = await open(t, { path: '/#/laws/tombstone_set' });
  const inside = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Inside, and on the wire' }) });
  await inside.getByText('{0, 2, 3, 4, 5, 6, 7}').waitFor();
  const weights = await inside.getByRole('listitem').last().getByRole('definition').allTextContents();
  const [operation, delta, state] = weights.map((said) => Number.parseInt(said, 10));
  assert.ok(operation > 0 && delta >= operation / 4 && state > 3 * delta, weights.join());
  await assertAccessible(page);
});

const hand = (page) => page.getByRole('region', { name: 'Merge by hand' });
const handSteps = (page) => hand(page).getByRole('list', { name: 'Your history' }).getByRole('button');
const handSide = (page, name) =>
  hand(page).getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name, exact: true }) });

test('of every type and rule a merge is seen as a step: what was held, what came, what is held now', async (t) => {
  const { page } = await open(t, { path: '/#/laws' });
  await types(page).getByRole('heading', { name: 'Conflict rules' }).waitFor();
  const names = await types(page).getByRole('link').allTextContents();
  const all = names.map((name) => name.trim()).filter((name) => name !== 'Compose a merge rule');
  assert.ok(all.length > 30, `${all.length} types`);
  // What A does has already decided: nothing that comes from B changes it.
  const idle = [];
  for (const [at, name] of all.entries()) {
    await types(page).getByRole('link').nth(at + 1).click();
    await page.getByRole('heading', { level: 1, name: name.replace(/ ?(?:broken on purpose|gives up a law)$/u, ''), exact: true }).waitFor();
    assert.equal(await handSteps(page).count(), 6, name);
    // It begins where a merge has changed something.
    await hand(page).locator('.merge-sides ins, .merge-sides del').first().waitFor();
    // By a key: while laws are still tried, what is found comes in above and moves the list.
    await handSteps(page).nth(4).press('Enter');
    await hand(page).getByText('Step 5, at A').waitFor();
    await handSide(page, 'What B has').getByRole('code').first().waitFor();
    const marks = await hand(page).locator('.merge-sides ins, .merge-sides del').count();
    if (marks === 0) {
      idle.push(name);
    }
  }
  assert.deepEqual(idle, ['Two-phase set', 'Maximum', 'Order of states']);
});

test('a set is merged by hand, step by step, with the keyboard', async (t) => {
  const { page } = await open(t, { path: '/#/laws/observed_remove_set' });
  await hand(page).getByText(/Step \d, at/u).waitFor();
  await hand(page).getByText('How it is written').click();
  await hand(page).getByText('a name, or dot').waitFor();
  await handSteps(page).nth(4).focus();
  await page.keyboard.press('Enter');
  await hand(page).getByText('Step 5, at A').waitFor();
  // A took the item out, B had put it in again: it is there by B's dot.
  await handSide(page, 'Held before').getByText('{}', { exact: true }).waitFor();
  await handSide(page, 'Holds now').getByText('{1}', { exact: true }).waitFor();
  await handSide(page, 'Holds now').getByText('1:B1').first().waitFor();
  assert.ok((await handSide(page, 'Holds now').getByRole('insertion').count()) > 0, 'what is new is marked');
  // What is done takes the place of what came after, which is said before.
  await hand(page).getByText('comes in the place of the step after this one').waitFor();
  await hand(page).getByLabel('Item').selectOption('2');
  await hand(page).getByRole('button', { name: 'A: add(2)' }).click();
  await hand(page).getByText('Step 6, at A').waitFor();
  await handSide(page, 'Holds now').getByText('{1, 2}', { exact: true }).waitFor();
  await hand(page).getByRole('button', { name: 'C: merge A' }).click();
  await hand(page).getByText('Step 7, at C').waitFor();
  assert.equal(await handSteps(page).count(), 7);
  await button(page, 'The example again').click();
  assert.equal(await handSteps(page).count(), 6);
  await hand(page).getByRole('button', { name: 'Start over' }).click();
  await hand(page).getByRole('status').getByText('Nothing has happened yet').waitFor();
  for (const name of ['Undo', 'Start over']) {
    const is = await hand(page).getByRole('button', { name }).getAttribute('aria-disabled');
    assert.equal(is, 'true', `${name} has nothing to do`);
  }
  await isTried(page);
  await assertAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await button(page, 'The example again').click();
  await assertFits(page);
});

test('of siblings the smallest history that loses one is two writes at one replica', async (t) => {
  const { page } = await open(t, { path: '/#/laws/siblings_by_version_vector' });
  await isTried(page);
  await law(page, 'As specified').getByRole('button', { name: /^Smallest history/u }).click();
  await story(page).getByText('A: blind_write(1).').first().waitFor();
  await types(page).getByRole('link', { name: 'Siblings by dotted version vector' }).click();
  await page.getByRole('heading', { level: 1, name: 'Siblings by dotted version vector' }).waitFor();
  await isTried(page);
  assert.equal(await law(page, 'As specified').getByText('holds', { exact: true }).count(), 1);
});

test('conflict rules are tried like types: arrival order fails where the last writer holds', async (t) => {
  const { page } = await open(t, { path: '/#/laws' });
  await types(page).getByRole('heading', { name: 'Conflict rules' }).waitFor();
  await types(page).getByRole('link', { name: /^Arrival order.*broken on purpose/u }).click();
  await isTried(page);
  const verdict = (name, said) => law(page, name).getByText(said, { exact: true }).count();
  assert.equal(await verdict('Convergence', 'broken'), 1);
  assert.equal(await verdict('Idempotent', 'holds'), 1);
  await types(page).getByRole('link', { name: 'Last writer wins', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Last writer wins' }).waitFor();
  await isTried(page);
  assert.equal(await verdict('Convergence', 'holds'), 1);
  await assertAccessible(page);
});

test('of a text by positions the smallest history that mixes two people is drawn', async (t) => {
  const { page } = await open(t, { path: '/#/laws/logoot' });
  await page.getByText('at the price of a law').waitFor();
  await isTried(page);
  assert.equal(await law(page, 'Convergence').getByText('holds', { exact: true }).count(), 1);
  await law(page, 'No interleaving').getByRole('button', { name: /^Smallest history/u }).click();
  const told = page.getByRole('region', { name: 'How it breaks: No interleaving' });
  await told.getByText(/shows .*acb.*would be .*abc/u).first().waitFor();
  await assertAccessible(page);
});

test('the published add-wins set is found broken, and its story is stepped through by keyboard', async (t) => {
  const { page } = await open(t, { path: '/#/lessons' });
  await page.getByRole('link', { name: 'Try the laws of replicated data types' }).click();
  await page.getByRole('heading', { level: 1, name: 'Law lab' }).waitFor();
  assert.match(await page.title(), /^Law lab/u);
  await types(page).getByRole('link', { name: /“Add-wins set” as published.*broken on purpose/u }).click();
  await page.getByRole('heading', { level: 1, name: '“Add-wins set” as published' }).waitFor();
  assert.equal(new URL(page.url()).hash, '#/laws/published_add_wins_set');
  await isTried(page);
  for (const name of ['Updates only go up', 'As specified', 'Deltas', 'Convergence']) {
    assert.equal(await law(page, name).getByText('broken', { exact: true }).count(), 1, name);
  }
  for (const name of ['Commutative', 'Associative', 'Idempotent', 'Operations']) {
    assert.equal(await law(page, name).getByText('holds', { exact: true }).count(), 1, name);
  }
  await law(page, 'Bounds').getByText('does not apply').waitFor();
  await law(page, 'Convergence').getByRole('button', { name: /^Smallest history/u }).click();
  await page.getByRole('region', { name: 'How it breaks: Convergence' }).waitFor();
  const steps = story(page).getByRole('listitem').getByRole('button');
  const count = await steps.count();
  assert.ok(count >= 3, `${count} steps`);
  const status = story(page).getByRole('status');
  assert.match(await status.textContent(), new RegExp(`^Step 1 of ${count - 1}`, 'u'));
  await story(page).getByRole('group', { name: /^The history as a picture/u }).focus();
  for (let at = 2; at < count; at += 1) {
    await page.keyboard.press('ArrowRight');
    await until(async () => (await status.textContent()).startsWith(`Step ${at} of`), `step ${at}`);
    assert.equal(await steps.nth(at - 1).getAttribute('aria-current'), 'step');
  }
  await page.keyboard.press('ArrowRight');
  await status.getByText('What breaks').waitFor();
  await status.getByText(/after the same updates\.$/u).waitFor();
  const sides = story(page).getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3 }) });
  const values = await sides.locator('code').allTextContents();
  assert.equal(values.length, 2);
  assert.notEqual(values[0], values[1], 'the two that differ are shown');
  await page.keyboard.press('Home');
  await status.getByText(/^Step 1 of/u).waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await status.getByText(`Step ${count - 1} of`).waitFor();
  await button(page, 'First step').click();
  await status.getByText(/^Step 1 of/u).waitFor();
  assert.ok(await button(page, 'Step back').isDisabled());
});

test('a sound type keeps every law, and a seed gives the same tries again', async (t) => {
  const { page } = await open(t, { path: '/#/laws/observed_remove_set' });
  await isTried(page);
  await laws(page).getByText('no history of 2,000 breaks a law').waitFor();
  assert.equal(await laws(page).getByText('broken', { exact: true }).count(), 0);
  assert.equal(await story(page).count(), 0);
  const tried = () => law(page, 'Convergence').locator('p').textContent();
  const first = await tried();
  const seed = page.getByRole('textbox', { name: 'Seed' });
  await seed.fill('7');
  await until(async () => (await tried()) !== first, 'other histories to be tried');
  await isTried(page);
  const other = await tried();
  assert.notEqual(other, first);
  await seed.fill('seven');
  await page.getByText('What stands here was tried with 7.').waitFor();
  await seed.fill('0');
  await until(async () => (await tried()) === first, 'the same histories to come again', 60_000);
  await page.getByRole('combobox', { name: 'Histories' }).selectOption('500');
  await laws(page).getByText('no history of 500 breaks a law').waitFor({ timeout: 60_000 });
});

test('a sum is composed without typing, shared by its address, and breaks idempotence', async (t) => {
  const { page } = await open(t, { path: '/#/laws' });
  await types(page).getByRole('link', { name: 'Compose a merge rule' }).click();
  await page.getByRole('heading', { level: 1, name: 'Compose a merge rule' }).waitFor();
  const text = page.getByRole('textbox', { name: 'The rule as text' });
  assert.equal(await text.inputValue(), 'count: maximum');
  await page.getByRole('combobox', { name: 'How two become one' }).selectOption('sum');
  assert.equal(await text.inputValue(), 'count: sum');
  await button(page, 'Try this rule').click();
  await until(() => new URL(page.url()).hash === '#/laws/rule=count:%20sum', 'the address to have it');
  await isTried(page);
  await law(page, 'Idempotent').getByText('broken', { exact: true }).waitFor();
  await law(page, 'Idempotent').getByRole('button', { name: /^Smallest history/u }).click();
  await page.getByRole('region', { name: 'How it breaks: Idempotent' }).waitFor();
  await button(page, 'What breaks').click();
  await story(page).getByRole('status').getByText('A merged with itself is 2, and was 1.').waitFor();
  await page.reload();
  await isTried(page);
  assert.equal(await text.inputValue(), 'count: sum');
  await page.getByRole('combobox', { name: 'What is kept' }).selectOption('status');
  await page.getByRole('combobox', { name: 'State 4' }).selectOption('delivered');
  assert.equal(await text.inputValue(), 'status: placed < paid < shipped < delivered');
  await page.getByText('What stands below came of another rule: count: sum').waitFor();
  await button(page, 'Try this rule').click();
  await page.locator('#lab-results:focus').waitFor();
  await laws(page).getByText('breaks a law').waitFor({ timeout: 60_000 });
  await page.goBack();
  await until(async () => (await text.inputValue()) === 'count: sum', 'the rule before to come back');
});

test('a rule of one’s own decides in a world, and its broken half is marked there', async (t) => {
  const { page } = await open(t, { path: '/#/laws/rule=record:%20%7B%20minimum,%20sum%20%7D' });
  await isTried(page);
  await law(page, 'Idempotent').getByText('broken', { exact: true }).waitFor();
  await assertAccessible(page);
  await button(page, 'Let it decide in a world').click();
  const design = page.getByRole('region', { name: 'Design' });
  await design.getByRole('heading', { name: 'One profile, two people' }).waitFor();
  const chosen = (name) => design.getByRole('combobox', { name, exact: true });
  assert.equal(await chosen('What decides about the address').inputValue(), 'field_minimum');
  assert.equal(await chosen('What decides about the phone').inputValue(), 'field_sum');
  await design.getByText('Adds what arrives to the number of the field that is here.').waitFor();
  assert.ok((await design.locator('.sign.broken').count()) > 0, 'the sum is marked');

  // Nothing has to be done: people keep their profiles right, and each change counts again.
  await tab(page, 'Verdicts').click();
  const apart = panel(page).getByText(/keys? went apart with the same updates everywhere/u);
  await apart.first().waitFor({ timeout: 60_000 });
  await pause(page);
  await assertAccessible(page);

  await page.goto(new URL('/#/laws/rule=count:%20sum', page.url()).href);
  await page.getByText('No world is merged by this rule.').waitFor();
  assert.equal(await button(page, 'Let it decide in a world').count(), 0);
});

test('what is no rule and no type is told with the place', async (t) => {
  const { page } = await open(t, { path: '/#/laws/rule=set:%20sum' });
  await page.getByText('character 6: expected union or intersection, found “sum”').waitFor();
  assert.ok(await button(page, 'Try this rule').isDisabled());
  assert.equal(await laws(page).count(), 0);
  const text = page.getByRole('textbox', { name: 'The rule as text' });
  await text.fill('set: union');
  await button(page, 'Try this rule').click();
  await isTried(page);
  await page.goto(new URL('/#/laws/rule=%3Cimg%20src=x%3E%FF', page.url()).href);
  await page.getByText('character 1: expected count, cart').waitFor();
  await page.goto(new URL(`/#/laws/rule=${'count:%20'.repeat(60)}`, page.url()).href);
  await page.getByText('expected at most 200 characters').waitFor();
  await page.goto(new URL('/#/laws/no_such_type', page.url()).href);
  await page.getByRole('alert').getByText('There is no data type no_such_type').waitFor();
});

test('the lab is found in the palette', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await page.getByRole('button', { name: 'Commands' }).click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('laws of replicated');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Law lab' }).waitFor();
});

test('in Ukrainian everything is Ukrainian', async (t) => {
  const { page } = await open(t, { path: '/?lang=uk#/laws/cart_by_maximum' });
  await page.getByRole('heading', { level: 1, name: 'Кошик за максимумом' }).waitFor();
  await page.getByText(/^Готово: порушено 5 законів/u).waitFor({ timeout: 60_000 });
  assert.equal(await page.getByText(/ui\.|law\.|type\./u).count(), 0);
  const english = page.locator('main [lang="en"]');
  assert.deepEqual(
    (await english.allTextContents()).filter((it) => !/\d{4}/u.test(it)),
    [],
    'only titles of papers are in English',
  );
});

for (const colorScheme of ['dark', 'light']) {
  for (const screen of ['desktop', 'phone']) {
    test(`the lab fits and is accessible, ${screen}, ${colorScheme}`, async (t) => {
      const { page } = await open(t, { path: '/#/laws', screen, context: { colorScheme } });
      await page.getByRole('heading', { level: 1, name: 'Law lab' }).waitFor();
      await assertFits(page);
      await assertAccessible(page);
      await page.goto(new URL('/#/laws/own_on_equal_register', page.url()).href);
      await isTried(page);
      await assertFits(page);
      await assertAccessible(page);
      await button(page, 'What breaks').click();
      await assertFits(page);
      await assertAccessible(page);
      await page.goto(new URL('/#/laws/rule=record:%20%7B%20sum,%20a%20%3C%20b%20%7D', page.url()).href);
      await isTried(page);
      await assertFits(page);
      await assertAccessible(page);
    });
  }
}
