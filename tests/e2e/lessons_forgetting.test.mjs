// The lesson on tombstones, solved as a learner would, after a try that only looks right.

import { test } from './page.mjs';
import { until, use } from './learner.mjs';
import { begin, goal, isMet, nextStep, predict, rail, watch } from './lesson_steps.mjs';

const forget = (page, label) =>
  rail(page).getByRole('combobox', { name: 'When removals are forgotten' }).selectOption({ label });

test('forgetting safely: when everybody has the removal, and not when it is old', async (t) => {
  const { page } = await begin(t, 'Forgetting safely');
  await nextStep(page, 'Twenty seconds');
  await predict(page, /^In neither/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('takes it for new').waitFor();

  await nextStep(page, 'Forget safely');
  await forget(page, 'When every region has them');
  const link = { From: 'us-east-1', To: 'eu-west-1' };
  await use(page, 'Cut', link);
  await use(page, 'Remove', { Customer: 'Ana', Item: 'lamp' });
  await watch(page, 45_000);
  const heard = goal(page, '40 seconds late');
  await until(async () => /not heard/u.test(await heard.textContent()), 'Dublin not to have heard');
  await page.getByText('until known to eu-west-1').first().waitFor();
  await use(page, 'Heal', link);
  await watch(page, 10_000);
  await isMet(page, '40 seconds late');
  await isMet(page, 'gone for good');
  await isMet(page, 'No region remembers');
  await rail(page).getByText('4 actions, par 4').waitFor();
  await nextStep(page, 'What may be forgotten');
  await nextStep(page, 'Meanwhile');
  await predict(page, /^Both/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Where real systems do this');
});
