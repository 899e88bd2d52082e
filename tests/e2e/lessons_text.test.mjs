// The lesson on writing one text together, solved as a learner would.

import { test } from './page.mjs';
import { use } from './learner.mjs';
import { begin, isMet, nextStep, predict, rail, watch } from './lesson_steps.mjs';

const insert = (page, customer, word, where) =>
  use(page, 'Insert', { Customer: customer, Word: word, Where: where });

test('writing together: what travels is the word, and not the line', async (t) => {
  const { page } = await begin(t, 'Writing together');
  await nextStep(page, 'Whole lines');
  await predict(page, /^“old cats sleep”/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('his line stays').waitFor();

  await nextStep(page, 'Nobody’s word goes');
  await rail(page)
    .getByRole('combobox', { name: 'When two writes meet' })
    .selectOption({ label: 'Sequence (Fugue)' });
  await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
  await insert(page, 'Ana', 'big', 'at the beginning');
  await insert(page, 'Ben', 'red', 'at the beginning');
  await watch(page, 1_500);
  await insert(page, 'Ana', 'cats', 'after word 1');
  await insert(page, 'Ben', 'dogs', 'after word 1');
  await watch(page, 1_500);
  await use(page, 'Heal', { From: 'us-east-1', To: 'eu-west-1' });
  await watch(page, 5_000);
  await isMet(page, 'neither region knows');
  await isMet(page, 'still there');
  await nextStep(page, 'Names in place of numbers');
  await nextStep(page, 'Shuffled');
  await predict(page, /^“big red old quiet cats”/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });

  await nextStep(page, 'In one piece');
  await isMet(page, 'word after word');
  await isMet(page, 'Both regions show');
  await isMet(page, 'Nothing was lost');
  await rail(page).getByText('7 actions, par 7').waitFor();
  await nextStep(page, 'Where real systems do this');
});
