// What a learner does in the law lab of a lesson.

/** The law lab, in place of the stage. */
export const lab = (page) => page.getByRole('region', { name: 'Law lab', exact: true });
/** Where a goal is answered, by its title or a part of it. */
export const bench = (page, title) => lab(page).getByRole('region', { name: title });
/** Presses a button there. */
export const press = (at, name) => at.getByRole('button', { name, exact: true }).click();

/**
 * Builds a history from nothing, and asks about it. A step is a button, or a number that is
 * chosen for the buttons after it: `Value = 2`.
 */
export async function build(at, steps) {
  const clear = at.getByRole('button', { name: 'Start over' });
  if (await clear.isEnabled()) await clear.click();
  for (const step of steps) {
    const [list, number] = step.split(' = ');
    if (number === undefined) await press(at, step);
    else await at.getByRole('combobox', { name: list, exact: true }).selectOption(number);
  }
  await press(at, 'Does it break the law?');
}
