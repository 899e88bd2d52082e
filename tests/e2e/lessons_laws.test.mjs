// The lesson in the law lab, solved as a learner would: laws named, histories built by hand
// and compared with the machine's, a rule composed, and the cart mended in the world.

import assert from 'node:assert/strict';
import { assertAccessible, test } from './page.mjs';
import { button, until, use } from './learner.mjs';
import { bench, build, lab, press } from './lab_steps.mjs';
import { begin, goal, isMet, nextStep, predict, rail, watch } from './lesson_steps.mjs';

/** To the first step in the lab. */
async function toTheLab(page) {
  await nextStep(page, 'Out for good?');
  await predict(page, /^It is gone/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('Nobody added the book again').waitFor();
  await nextStep(page, 'Five laws');
}

const WHICH = 'You named the laws it breaks';

test('the law lab: laws are named, broken by hand, and the machine needs as many steps', async (t) => {
  const { page } = await begin(t, 'The law lab');
  await toTheLab(page);
  assert.ok(await button(page, 'Next step').isDisabled());
  const which = bench(page, WHICH);
  await which.getByRole('checkbox', { name: /^Commutative/u }).check();
  await which.getByRole('checkbox', { name: /^As specified/u }).check();
  await press(which, 'Check');
  await goal(page, WHICH).getByText('Of what you named, 1 law holds').waitFor({ timeout: 30_000 });
  await which.getByRole('checkbox', { name: /^Commutative/u }).uncheck();
  await which.getByRole('checkbox', { name: /^Updates only go up/u }).check();
  await press(which, 'Check');
  await isMet(page, WHICH);
  await which.getByRole('status').getByText(/^Done/u).waitFor({ timeout: 60_000 });
  await nextStep(page, 'The smallest history');

  const own = bench(page, 'undoes a removal');
  await build(own, ['A: add(0)', 'B: merge A']);
  await goal(page, 'undoes a removal').getByText('The law holds in this history').waitFor();
  await press(own, 'Undo');
  await press(own, 'A: remove(0)');
  await press(own, 'Does it break the law?');
  await isMet(page, 'undoes a removal');
  await own.getByRole('region', { name: 'How it breaks: Updates only go up' }).waitFor();

  const back = bench(page, 'the same updates differ');
  await build(back, ['A: add(0)', 'C: merge A', 'A: remove(0)', 'A: merge C']);
  await goal(page, 'the same updates differ').getByText('3 are enough').waitFor();
  await build(back, ['A: add(0)', 'A: remove(0)', 'B: merge A']);
  await isMet(page, 'the same updates differ');
  await press(back, 'Compare with the machine');
  await back.getByText('The machine found nothing smaller').waitFor({ timeout: 60_000 });
  await back.getByRole('heading', { name: 'The machine’s smallest history' }).waitFor();

  const late = bench(page, 'What was added last');
  await build(late, ['A: remove(0)', 'A: add(0)']);
  await isMet(page, 'What was added last');
  await nextStep(page, 'Why three laws are not enough');
  await nextStep(page, 'One tag, twice');
  // What was answered is kept, and the lab tries it again.
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'One tag, twice' }).waitFor();
  const tag = bench(page, 'an addition that it never saw');
  await build(tag, ['A: add(0)', 'B: add(0)', 'A: remove(0)', 'B: merge A']);
  await isMet(page, 'an addition that it never saw');

  await nextStep(page, 'A rule of your own');
  const rule = bench(page, 'A set that keeps every law');
  await press(rule, 'Try this rule');
  await goal(page, 'A set that keeps every law').getByText('This rule breaks').waitFor({ timeout: 30_000 });
  await rule.getByRole('checkbox', { name: /^It is only ever added to/u }).check();
  await press(rule, 'Try this rule');
  await isMet(page, 'A set that keeps every law');

  await nextStep(page, 'Back in the shop');
  await rail(page).getByRole('combobox', { name: 'When two writes meet' }).selectOption({ label: 'Observed-remove set' });
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await use(page, 'Add', { Customer: 'Ana', Item: 'lamp' });
  await watch(page, 1_000);
  await use(page, 'Add', { Customer: 'Ben', Item: 'lamp' });
  await watch(page, 1_000);
  await use(page, 'Remove', { Customer: 'Ana', Item: 'lamp' });
  await watch(page, 1_000);
  await use(page, 'Remove', { Customer: 'Ana', Item: 'book' });
  await watch(page, 1_000);
  await use(page, 'Heal', { From: 'us-east-1', To: 'eu-west-1' });
  await watch(page, 5_000);
  await isMet(page, 'During one cut Ana put the lamp in');
  await isMet(page, 'removal of the book holds');
  await isMet(page, 'The lamp is in');
  await rail(page).getByText('7 actions, par 7').waitFor();
  await nextStep(page, 'Where real systems do this');
});

test('after the last hint the lab shows what the solution answers, and the learner answers', async (t) => {
  const { page } = await begin(t, 'The law lab');
  await toTheLab(page);
  assert.equal(await button(page, 'Show me a solution').isVisible(), false);
  for (const hint of ['Hint 1 of 3', 'Hint 2 of 3', 'Hint 3 of 3']) await button(page, hint).click();
  const which = bench(page, WHICH);
  assert.equal(await which.getByRole('heading', { name: 'A solution' }).count(), 0);
  await button(page, 'Show me a solution').click();
  await which.getByRole('heading', { name: 'A solution' }).waitFor();
  assert.deepEqual(await which.getByRole('status').getByRole('listitem').allTextContents(), [
    'Updates only go up',
    'As specified',
  ]);
  assert.ok(await button(page, 'Next step').isDisabled(), 'to read it is not to answer');
  await assertAccessible(page);
  await which.getByRole('checkbox', { name: /^Updates only go up/u }).check();
  await which.getByRole('checkbox', { name: /^As specified/u }).check();
  await press(which, 'Check');
  await isMet(page, WHICH);

  await nextStep(page, 'The smallest history');
  assert.equal(await lab(page).getByRole('heading', { name: 'A solution' }).count(), 0);
  for (const hint of ['Hint 1 of 3', 'Hint 2 of 3', 'Hint 3 of 3']) await button(page, hint).click();
  await button(page, 'Show me a solution').click();
  const back = bench(page, 'the same updates differ');
  await back.getByRole('heading', { name: 'A solution' }).waitFor();
  await back.getByText('A: remove(0). A shows {}.').waitFor();
  assert.equal(await lab(page).getByRole('heading', { name: 'A solution' }).count(), 3);
});

test('a history is built and undone by keyboard alone', async (t) => {
  const { page } = await begin(t, 'The law lab');
  await toTheLab(page);
  const which = bench(page, WHICH);
  await which.getByRole('checkbox', { name: /^Updates only go up/u }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await isMet(page, WHICH);
  await nextStep(page, 'The smallest history');
  const own = bench(page, 'undoes a removal');
  await own.getByRole('combobox', { name: 'Item' }).focus();
  await page.keyboard.press('ArrowDown');
  await own.getByRole('button', { name: 'A: add(1)', exact: true }).focus();
  await page.keyboard.press('Enter');
  await own.getByText('A: add(1). A shows {1}.').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await own.getByText('A: remove(1). A shows {}.').waitFor();
  await own.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await until(async () => (await own.getByText('A: remove(1). A shows {}.').count()) === 0, 'the step to be undone');
});

for (const [screen, colorScheme] of [['desktop', 'dark'], ['phone', 'light']]) {
  test(`the lab in a lesson fits and is accessible, ${screen}, ${colorScheme}`, async (t) => {
    const { page } = await begin(t, 'The law lab', { screen, context: { colorScheme } });
    const tab = async (name) => {
      if (screen === 'phone') await page.getByRole('navigation', { name: 'View' }).getByRole('button', { name }).click();
    };
    await toTheLab(page);
    await assertAccessible(page);
    await tab('Law lab');
    const which = bench(page, WHICH);
    await which.waitFor();
    await assertAccessible(page);
    await which.getByRole('checkbox', { name: /^Updates only go up/u }).check();
    await which.getByRole('checkbox', { name: /^As specified/u }).check();
    await press(which, 'Check');
    await which.getByRole('status').getByText(/^Done/u).waitFor({ timeout: 60_000 });
    await tab('Lesson');
    await nextStep(page, 'The smallest history');
    await tab('Law lab');
    const own = bench(page, 'undoes a removal');
    await build(own, ['A: add(0)', 'A: remove(0)']);
    await own.getByRole('region', { name: 'How it breaks: Updates only go up' }).waitFor();
    await assertAccessible(page);
    const wide = await lab(page).evaluate((one) => one.scrollWidth - one.clientWidth);
    assert.equal(wide, 0, `${wide} px stick out`);
  });
}
