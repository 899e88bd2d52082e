// The lessons on two truths, solved as a learner would; the first of them stands in lessons.test.mjs.

import { test } from './page.mjs';
import { use } from './learner.mjs';
import { begin, isMet, nextStep, predict, rail, watch } from './lesson_steps.mjs';

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
  await rail(page).getByText('You predicted otherwise').waitFor();
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
  await rail(page).getByText('As you predicted').waitFor();

  await nextStep(page, 'A write that knew both');
  await use(page, 'Heal', { 'one link': true, From: 'us-east-1', To: 'eu-west-1' });
  await watch(page, 4_000);
  await write(page, 'Chiyo', 'mug', '10');
  await watch(page, 1_000);
  await isMet(page, 'Virginia’s price of the mug');
  await isMet(page, 'Dublin’s price of the mug');
  await rail(page).getByText('7 actions, par 7').waitFor();
  await nextStep(page, 'Where real systems do this');
});
