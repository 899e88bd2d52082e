// The lesson on rules of the application's own, solved as a learner would.

import { test } from './page.mjs';
import { button, use } from './learner.mjs';
import { bench, press } from './lab_steps.mjs';
import { begin, goal, isMet, nextStep, predict, rail, still, watch } from './lesson_steps.mjs';

const rule = (page, service, label) =>
  rail(page).locator(`#slot-${service}-merge`).selectOption({ label });

test('the business decides: a rule for each, and none for everything', async (t) => {
  const { page } = await begin(t, 'The business decides');
  await nextStep(page, 'A parcel');
  await predict(page, /^Shipped/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('the parcel is on its way').waitFor();

  await nextStep(page, 'Shipped is shipped');
  await rule(page, 'orders', 'Order of states');
  await still(page);
  await use(page, 'Order', { Customer: 'Mika', Whose: 'Ana’s order', shipped: true });
  // In one moment the nearer of the two would be the first.
  for (let step = 0; step < 2; step += 1) await button(page, 'Step on').click();
  await use(page, 'Order', { Customer: 'Ana', cancelled: true });
  await watch(page, 3_000);
  await isMet(page, 'neither knew of the other');
  await isMet(page, 'was first, was never lost');
  await nextStep(page, 'What he was told');
  await predict(page, /it is lost$/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'A safe rule still loses');
  await rail(page).getByRole('link', { name: 'law lab' }).waitFor();

  await nextStep(page, 'Two fields');
  await rule(page, 'profiles', 'Field by field');
  await still(page);
  await use(page, 'Profile', { Customer: 'Ana', Field: 'address' });
  await use(page, 'Profile', { Customer: 'Mika', Whose: 'Ana’s profile', Field: 'phone' });
  await watch(page, 3_000);
  await isMet(page, 'Two regions changed');
  await isMet(page, 'Both changes were saved');
  await nextStep(page, 'Add them up');
  await predict(page, /^60/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await nextStep(page, 'The lower price');
  await predict(page, /^80/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });

  // Two rules fail in the law lab, each by a law of its own, and one does not.
  await nextStep(page, 'Which rules are safe?');
  const price = bench(page, 'A rule for a price');
  const law = (name) =>
    price
      .getByRole('region', { name: 'What each law came to' })
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name, exact: true }) });
  for (const [how, broken, holds] of [
    ['sum', 'Idempotent', 'Commutative'],
    ['minimum', 'Updates only go up', 'Idempotent'],
  ]) {
    await price.getByRole('combobox', { name: 'How two become one' }).selectOption(how);
    await press(price, 'Try this rule');
    await law(broken).getByText('broken', { exact: true }).waitFor({ timeout: 60_000 });
    await law(holds).getByText('holds', { exact: true }).waitFor({ timeout: 60_000 });
    await goal(page, 'A rule for a price').getByText('This rule breaks').waitFor();
  }
  await price.getByRole('combobox', { name: 'How two become one' }).selectOption('latest');
  await press(price, 'Try this rule');
  await isMet(page, 'A rule for a price');

  await nextStep(page, 'The sale ends');
  await rule(page, 'prices', 'Last writer wins');
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '120' });
  await watch(page, 3_000);
  await isMet(page, 'shows 120');
  await rail(page).getByText('8 actions, par 8').waitFor();
  await nextStep(page, 'Where real systems do this');
});
