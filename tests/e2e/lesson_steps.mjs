// What a learner does in a lesson: open it, go on, predict, watch, meet goals.

import { open } from './page.mjs';
import { button, pass, until } from './learner.mjs';

/** The column of the lesson. */
export const rail = (page) => page.getByRole('region', { name: 'Lesson' });
/** A goal of the step that is open. */
export const goal = (page, title) => rail(page).getByRole('listitem').filter({ hasText: title });

/** Opens a lesson from the catalogue, as somebody who comes for the first time. */
export async function begin(t, title, options = {}) {
  const opened = await open(t, options);
  const { page } = opened;
  await page.getByRole('link', { name: 'Lessons' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Lessons' }).waitFor();
  await page.getByRole('link', { name: title }).click();
  await rail(page).waitFor();
  return opened;
}

/** To the next step, which has this title. */
export async function nextStep(page, title) {
  await button(page, 'Next step').click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** Chooses an answer and lets the engine say; what plays meanwhile is skipped. */
export async function predict(page, option) {
  await rail(page).getByRole('radio', { name: option }).check();
  await button(page, 'Lock in and play').click();
  await toTheAnswer(page);
}

/** Skips what plays before an answer; it may have played already, where the test was slow. */
export async function toTheAnswer(scope) {
  const skip = button(scope, 'To the answer');
  const isAnswered = scope.getByText(/As you predicted|You predicted otherwise/u).first();
  await skip.or(isAnswered).first().waitFor();
  if (!(await skip.isVisible())) return;
  await skip.click({ timeout: 3_000 }).catch(async (gone) => {
    if (!(await isAnswered.isVisible())) throw gone;
  });
}

/** Stops time by hand, whoever stopped it before: what is asked for then happens in one moment. */
export async function still(page) {
  if (await button(page, 'Play').isVisible()) await button(page, 'Play').click();
  await button(page, 'Pause').click();
  await button(page, 'Play').waitFor();
}

/** Lets exactly so much of the run's time pass. */
export async function watch(page, milliseconds) {
  if (await button(page, 'Pause').isVisible()) await button(page, 'Pause').click();
  await pass(page, milliseconds);
}

/** Waits until a goal is met. */
export async function isMet(page, title) {
  const row = goal(page, title);
  await until(async () => /: met/u.test(await row.textContent()), `“${title}” to be met`);
}
