// The lessons on merging, solved as a learner would; the cart stands in lessons.test.mjs.

import { test } from './page.mjs';
import { use } from './learner.mjs';
import { bench, build } from './lab_steps.mjs';
import { begin, goal, isMet, nextStep, predict, rail, still, watch } from './lesson_steps.mjs';

const rule = (page, label) =>
  rail(page).getByRole('combobox', { name: 'When two writes meet' }).selectOption({ label });

test('counting likes: a count for each region, and one row for what was taken back', async (t) => {
  const { page } = await begin(t, 'Counting likes');
  await nextStep(page, 'In one moment');
  await predict(page, /^Two/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('it never travelled').waitFor();

  await nextStep(page, 'Count both');
  await rule(page, 'Counter that goes up and down');
  await still(page);
  await use(page, 'Like', { Customer: 'Ana', Item: 'lamp' });
  await use(page, 'Like', { Customer: 'Ben', Item: 'lamp' });
  await watch(page, 3_000);
  await isMet(page, 'neither knows of the other');
  await isMet(page, 'Both likes count');
  await nextStep(page, 'A count for each region');
  await nextStep(page, 'Only up');
  await predict(page, /cannot be done/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });

  // The published cart loses an addition, and undoes a removal.
  await nextStep(page, 'A published cart');
  const lost = bench(page, 'one is lost');
  await build(lost, ['A: raise(0, 1)', 'B: merge A', 'B: raise(0, 1)']);
  await goal(page, 'one is lost').getByText('The law holds in this history').waitFor({ timeout: 30_000 });
  await build(lost, ['A: raise(0, 1)', 'B: raise(0, 1)', 'A: merge B']);
  await isMet(page, 'one is lost');
  const undone = bench(page, 'comes back');
  await build(undone, ['A: raise(0, 1)', 'A: lower(0, 1)']);
  await isMet(page, 'comes back');
  await undone.getByRole('region', { name: 'How it breaks: Updates only go up' }).waitFor();

  await nextStep(page, 'Up and down');
  await use(page, 'Like', { Customer: 'Ana', Item: 'mug' });
  await watch(page, 1_500);
  await use(page, 'Like', { Customer: 'Ben', Item: 'mug' });
  await watch(page, 1_500);
  await use(page, 'Unlike', { Customer: 'Ben', Item: 'mug' });
  await watch(page, 3_000);
  await isMet(page, 'shows one like of the mug');
  await isMet(page, 'Ben liked the mug, and then took it back');
  await isMet(page, 'Nothing that was called saved');
  await rail(page).getByText('6 actions, par 6').waitFor();
  await nextStep(page, 'Where real systems do this');
});

test('never below zero: rights sell during a cut, and move where they are wanted', async (t) => {
  const { page } = await begin(t, 'Never below zero');
  await nextStep(page, 'Two buyers');
  await predict(page, /^No/u);
  await rail(page).getByText('You predicted otherwise').waitFor({ timeout: 30_000 });
  await rail(page).getByText('the stock is −1').waitFor();

  await nextStep(page, 'Rights');
  await rule(page, 'Counter that never falls below zero');
  await use(page, 'Cut', { From: 'eu-west-1', To: 'ap-northeast-1' });
  await use(page, 'Cut', { From: 'us-east-1', To: 'ap-northeast-1' });
  await use(page, 'Buy', { Customer: 'Ana', Item: 'lamp' });
  await watch(page, 1_000);
  await use(page, 'Buy', { Customer: 'Chiyo', Item: 'lamp' });
  await watch(page, 5_000);
  await isMet(page, 'Ana bought a lamp');
  await isMet(page, 'Chiyo was refused during');
  await isMet(page, 'Chiyo was refused while Dublin');
  await nextStep(page, 'Why she was refused');
  await nextStep(page, 'Rights elsewhere');
  await predict(page, /^Bought, after/u);
  await rail(page).getByText('As you predicted').waitFor({ timeout: 30_000 });

  await nextStep(page, 'Within reach');
  await use(page, 'Buy', { Customer: 'Ben', Item: 'mug' });
  await watch(page, 2_000);
  await isMet(page, 'Ben bought the mug');
  await use(page, 'Heal', { 'one link': true, From: 'us-east-1', To: 'ap-northeast-1' });
  await watch(page, 3_000);
  await use(page, 'Buy', { Customer: 'Chiyo', Item: 'book' });
  await watch(page, 2_000);
  await isMet(page, 'Chiyo bought the book');
  await rail(page).getByText('8 actions, par 8').waitFor();
  await nextStep(page, 'Where real systems do this');
});
