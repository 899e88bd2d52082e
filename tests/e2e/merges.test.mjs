// A merge as a step of its own, in the panel of regions: what a region held, what arrived,
// what it holds now; and from merge to merge.

import assert from 'node:assert/strict';
import { assertAccessible, test } from './page.mjs';
import { button, until, use } from './learner.mjs';
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
  await merges(page).getByText('There is no further merge').or(merges(page).getByText('merges at')).waitFor();
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
