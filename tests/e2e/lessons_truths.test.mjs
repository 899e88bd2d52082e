// The lessons on two truths, solved as a learner would; the first of them stands in lessons.test.mjs.

import { test } from './page.mjs';
import { use } from './learner.mjs';
import { bench, build } from './lab_steps.mjs';
import { begin, goal, isMet, nextStep, predict, rail, still, watch } from './lesson_steps.mjs';

const write = (page, customer, item, price) =>
  use(page, 'Write', { Customer: customer, Item: item, 'Price, €': price });

test('who knew what: by hearsay, ten seconds apart, and after both', async (t) => {
  const { page } = await begin(t, 'Who knew what?');
  await nextStep(page, 'By hearsay');
  await write(page, 'Nora', 'lamp', '95');
  await watch(page, 2_000);
  await write(page, 'Chiyo', 'lamp', '99');
  await watch(page, 2_000);
  await isMet(page, 'Dublin wrote knowing');
  await isMet(page, 'Tokyo wrote knowing');

  await nextStep(page, 'A published example');
  await predict(page, /^Neither knew the other/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('1, 0 is nowhere larger than 1, 1').waitFor();

  await nextStep(page, 'Ten seconds apart, and concurrent');
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await write(page, 'Mika', 'mug', '12');
  await watch(page, 11_000);
  await write(page, 'Nora', 'mug', '11');
  await watch(page, 1_000);
  await isMet(page, 'ten seconds apart, neither knowing');

  await nextStep(page, 'What the vectors say');
  await nextStep(page, 'Equal');
  await predict(page, /^The same price/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });

  // The published comparison: a version against itself, against a stranger, and against
  // what its writer had heard of.
  await nextStep(page, 'The published comparison');
  const itself = bench(page, 'in conflict with itself');
  await build(itself, ['A: write(1)']);
  await isMet(page, 'in conflict with itself');
  const apart = bench(page, 'cannot be compared');
  await build(apart, ['A: write(1)', 'Value = 2', 'B: write(2)']);
  await isMet(page, 'cannot be compared');
  await apart.getByRole('region', { name: 'How it breaks: Commutative' }).waitFor();
  const heard = bench(page, 'does not replace it');
  await build(heard, ['A: write(1)', 'Value = 2', 'B: write(2)', 'B: merge A']);
  await goal(page, 'does not replace it').getByText('The law holds in this history').waitFor({ timeout: 30_000 });
  await build(heard, ['Value = 1', 'A: write(1)', 'B: merge A', 'Value = 2', 'B: write(2)']);
  await isMet(page, 'does not replace it');

  await nextStep(page, 'A write that knew both');
  await use(page, 'Heal', { 'one link': true, From: 'us-east-1', To: 'eu-west-1' });
  await watch(page, 4_000);
  await write(page, 'Chiyo', 'mug', '10');
  await watch(page, 1_000);
  await isMet(page, 'knew Virginia’s and Dublin’s');
  await rail(page).getByText('7 actions, par 7').waitFor();
  await nextStep(page, 'Where real systems do this');
});

test('arrival order never agrees: two in one moment, and one hand that mends', async (t) => {
  const { page } = await begin(t, 'Arrival order never agrees');
  await nextStep(page, 'In the same moment');
  await predict(page, /^The same price/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('Nobody in Virginia ever wrote 13').waitFor();

  await nextStep(page, 'Let them part');
  await still(page);
  await write(page, 'Mika', 'mug', '12');
  await write(page, 'Nora', 'mug', '11');
  await watch(page, 2_000);
  await isMet(page, 'different prices for the mug');
  await nextStep(page, 'Why they part');
  await nextStep(page, 'A minute later');
  await predict(page, /^They stay apart/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });

  await nextStep(page, 'Mend it, and leave the mug alone');
  await still(page);
  await write(page, 'Mika', 'lamp', '100');
  await write(page, 'Nora', 'lamp', '110');
  await watch(page, 4_000);
  await isMet(page, 'The price of the lamp was apart');
  await write(page, 'Mika', 'lamp', '105');
  await watch(page, 3_000);
  await isMet(page, 'shows the same price of the lamp');
  await rail(page).getByText('5 actions, par 5').waitFor();

  await nextStep(page, 'A stamp, and its equal');
  await predict(page, /each keeps its own/u);
  await rail(page).getByText('“larger” is true of neither').or(rail(page).getByText('Equal stamps, and neither is larger')).first().waitFor();
  await nextStep(page, 'Where real systems do this');
});

test('the fast clock wins: over whoever has not heard of it', async (t) => {
  const { page } = await begin(t, 'The fast clock wins');
  await nextStep(page, 'Two seconds later');
  await predict(page, /^14/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('still 3 seconds behind hers').waitFor();

  await nextStep(page, 'Heed what you have heard');
  await rail(page)
    .getByRole('combobox', { name: 'When two writes meet' })
    .selectOption({ label: 'Last writer wins, by hybrid clock' });
  await write(page, 'Nora', 'lamp', '100');
  await watch(page, 1_000);
  await write(page, 'Mika', 'lamp', '90');
  await watch(page, 1_500);
  await isMet(page, 'came within three seconds, and stays');

  await nextStep(page, 'What the stamp knows');
  await nextStep(page, 'Without a word between them');
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await write(page, 'Nora', 'mug', '11');
  await watch(page, 2_500);
  await write(page, 'Mika', 'mug', '12');
  await watch(page, 1_500);
  await use(page, 'Heal', { 'one link': true, From: 'us-east-1', To: 'eu-west-1' });
  await watch(page, 4_000);
  await isMet(page, 'neither knowing the other');
  await isMet(page, 'The first of the two stays');
  await rail(page).getByText('7 actions, par 7').waitFor();

  await nextStep(page, 'It spreads');
  await predict(page, /^60/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Where real systems do this');
});

const rule = (page, label) =>
  rail(page).getByRole('combobox', { name: 'When two writes meet' }).selectOption({ label });

const read = (page, customer, item) =>
  use(page, 'Read', { Customer: customer, What: `price of the ${item}` });

test('keep both: somebody who has read both decides, and dots tell two customers apart', async (t) => {
  const { page } = await begin(t, 'Keep both');
  await nextStep(page, 'What is read');
  await predict(page, /^One price/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });

  await nextStep(page, 'Somebody decides');
  await rule(page, 'Siblings by dotted version vector');
  await still(page);
  await write(page, 'Mika', 'lamp', '100');
  await write(page, 'Nora', 'lamp', '110');
  await watch(page, 3_000);
  await read(page, 'Mika', 'lamp');
  await watch(page, 1_000);
  await write(page, 'Mika', 'lamp', '105');
  await watch(page, 3_000);
  await isMet(page, 'did not know each other');
  await isMet(page, 'neither was lost');
  await isMet(page, 'One price of the lamp again');
  await nextStep(page, 'Why nothing is lost');
  await nextStep(page, 'Two customers, one region');
  await predict(page, /^61: his is gone/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'One vector for all');
  await predict(page, /^Two, the last of each/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('sibling explosion').waitFor();

  await nextStep(page, 'The dot');
  await write(page, 'Mika', 'mug', '12');
  await watch(page, 2_000);
  await write(page, 'Ana', 'mug', '11');
  await watch(page, 2_000);
  await write(page, 'Mika', 'mug', '13');
  await watch(page, 2_000);
  await isMet(page, 'Two prices of the mug');
  await isMet(page, 'wrote in turn');
  await rail(page).getByText('8 actions, par 8').waitFor();
  await nextStep(page, 'A forgetful app');
  await predict(page, /^Four/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });
  await nextStep(page, 'Where real systems do this');
});

test('ask the user: a question raised, settled, and the next one spared', async (t) => {
  const { page } = await begin(t, 'Ask the user');
  await nextStep(page, 'Raise a question');
  await still(page);
  await write(page, 'Mika', 'lamp', '100');
  await write(page, 'Nora', 'lamp', '110');
  await watch(page, 3_000);
  await isMet(page, 'Somebody is asked');
  await nextStep(page, 'What is shown meanwhile?');
  await predict(page, /^61/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });

  await nextStep(page, 'Answer it');
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '105', 'All that stand': true });
  await watch(page, 3_000);
  await isMet(page, 'The question about the lamp is settled');
  await isMet(page, 'Both prices were saved');
  await nextStep(page, 'Why this is no loss');
  await nextStep(page, 'Who is asked?');
  await predict(page, /^About neither/u);
  await rail(page).getByText('what *she* has seen'.replaceAll('*', '')).waitFor();
  await nextStep(page, 'A busy day');
  await predict(page, /^Somebody is asked/u);
  await rail(page).getByText('The budget is spent').waitFor({ timeout: 30_000 });

  await nextStep(page, 'Under the budget');
  await write(page, 'Mika', 'mug', '12');
  await watch(page, 2_000);
  await read(page, 'Nora', 'mug');
  await watch(page, 1_500);
  await write(page, 'Nora', 'mug', '11');
  await watch(page, 3_000);
  await isMet(page, 'Both set the mug’s price');
  await isMet(page, 'One question in all');
  await rail(page).getByText('6 actions, par 6').waitFor();
  await nextStep(page, 'How many questions a day?');
  await nextStep(page, 'Where real systems do this');
});
