// A merge as a step of its own, in the panel of regions: what a region held, what arrived,
// what it holds now; and from merge to merge.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, isThere, letPass, openWorld, pass, pause, tab, until, use } from './learner.mjs';
import { begin, nextStep, predict, rail, watch } from './lesson_steps.mjs';

const merges = (page) => page.getByRole('region', { name: 'Merges', exact: true });
const side = (page, name) =>
  merges(page).getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name, exact: true }) });

/** The cart that both fill, with something merged, and its card open. */
async function opened(t, options = {}) {
  const { page } = await begin(t, 'The cart that remembers', options);
  await nextStep(page, 'What is left in the cart?');
  await predict(page, /^The mug is missing/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Keep what both put in');
  await rail(page).getByRole('combobox', { name: 'When two writes meet' }).selectOption({ label: 'Observed-remove set' });
  await use(page, 'Add', { Customer: 'Ben', Item: 'scarf' });
  await watch(page, 2_000);
  await page.getByRole('button', { name: 'Carts', exact: true }).click();
  await merges(page).waitFor();
  return { page };
}

test('a merge shows what was held, what arrived, and what it became', async (t) => {
  const { page } = await opened(t);
  await button(page, 'Previous merge').click();
  await merges(page).getByText('us-east-1 merges at').waitFor();
  await side(page, 'Arrived, and new here').getByText('scarf').waitFor();
  await side(page, 'Holds now').getByText('scarf').first().waitFor();
  assert.equal(await side(page, 'Held before').getByText('scarf').count(), 0);
  const told = await merges(page).getByText('merges at').textContent();
  await button(page, 'Previous merge').click();
  await merges(page).getByText('eu-west-1 merges at').waitFor();
  await side(page, 'Arrived, and new here').getByText('book').first().waitFor();
  await button(page, 'Next merge').focus();
  await page.keyboard.press('Enter');
  await until(async () => (await merges(page).getByText('merges at').textContent()) === told, 'the later merge to be back');
  await button(page, 'Next merge').click();
  await merges(page).getByText('No later merge').or(merges(page).getByText('merges at')).first().waitFor();
  await button(page, 'Previous merge').click();
  await merges(page).getByText('merges at').waitFor();
  await button(page, 'Play').click();
  await merges(page).getByText('Nothing is merged at this moment').waitFor();
  await button(page, 'Pause').click();
});

test('the card of a merge is accessible', async (t) => {
  const { page } = await opened(t, { context: { colorScheme: 'light', reducedMotion: 'reduce' } });
  await button(page, 'Previous merge').click();
  await merges(page).getByText('merges at').waitFor();
  await assertAccessible(page);
});

/** Opens a ready world, with this in places of its design, and lets it run for a while. */
async function inWorld(page, name, service, chosen) {
  if (name !== 'The playground') {
    await openWorld(page, name);
  }
  await letPass(page, 500);
  await pause(page);
  // What a service can be set to comes with the strategies: the page has opened without them.
  const heading = page.getByRole('heading', { level: 2, name: service, exact: true });
  const own = page.getByRole('region', { name: 'Design' }).locator('section').filter({ has: heading });
  for (const [slot, label] of chosen) {
    const list = own.getByRole('combobox', { name: slot, exact: true });
    await list.getByRole('option', { name: label, exact: true }).waitFor({ state: 'attached' });
    await list.selectOption({ label });
  }
  // A price is set seldom enough that one has to be set.
  if (name === 'The playground') {
    await use(page, 'Write', { Customer: 'Mika', Price: '70' });
    await use(page, 'Add', { Customer: 'Mika', Item: 'mug' });
  }
  // Two people type now and then: in three seconds it may be that nothing was merged.
  await pass(page, 10_000);
  await tab(page, 'Regions').click();
}

const RULE = 'When two writes meet';

for (const [world, service, chosen, held] of [
  ['The playground', 'Prices', [[RULE, 'Last writer wins']], /: dot \d·\d+, stamp /u],
  ['The playground', 'Prices', [[RULE, 'Siblings by dotted version vector']], /: dot \d·\d+, stamp /u],
  ['The playground', 'Prices', [[RULE, 'Minimum']], /: dot \d·\d+, stamp /u],
  ['The playground', 'Prices', [[RULE, 'Multi-value register']], /\d·\d+/u],
  ['The playground', 'Prices', [[RULE, 'Last-write-wins register']], /@/u],
  ['The playground', 'Carts', [], /\d·\d+/u],
  ['One profile, two people', 'Profiles', [[RULE, 'Field by field']], /: dot \d·\d+, stamp /u],
  ['One profile, two people', 'Profiles', [[RULE, 'Observed-remove map']], /\d·\d+/u],
  ['Orders that are cancelled and shipped', 'Orders', [[RULE, 'Order of states']], /: dot \d·\d+, stamp /u],
  ['People who like things', 'Likes', [], /^\+?(?:new: )?[a-z]+-[a-z]+-\d \d+$/u],
  ['Two people write one line', 'Documents', [], /\d·\d+/u],
]) {
  const by = chosen.length > 0 ? chosen.at(-1)[1] : 'its own type';
  test(`a merge of ${service.toLowerCase()} by ${by} is a step of its own`, async (t) => {
    const { page } = await open(t);
    await isThere(page);
    await inWorld(page, world, service, chosen);
    const choice = page.getByRole('button', { name: service, exact: true });
    if ((await choice.count()) > 0) await choice.click();
    await button(page, 'Previous merge').click();
    await merges(page).getByText('merges at').waitFor();
    await side(page, 'Arrived, and new here').getByRole('listitem').first().waitFor();
    await side(page, 'Held before').waitFor();
    // From merge to merge back: one of them has brought something, and says what.
    const now = side(page, 'Holds now');
    const brings = async () =>
      (await now.getByText(held).count()) > 0 && (await now.getByRole('insertion').count()) > 0;
    for (let left = 30; !(await brings()); left -= 1) {
      assert.ok(left > 0, 'a merge that brings something');
      const before = await merges(page).getByText('merges at').textContent();
      await button(page, 'Previous merge').click();
      await until(async () => (await merges(page).getByText('merges at').textContent()) !== before, 'an earlier merge');
    }
  });
}
