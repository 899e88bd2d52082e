// What a learner does with the page, through the controls that a learner sees.

import assert from 'node:assert/strict';

/** A button of the page by its whole name. */
export const button = (page, name) => page.getByRole('button', { name, exact: true });

/** A tab of the panels. Its name may go on with a count. */
export const tab = (page, name) => page.getByRole('tab', { name: new RegExp(`^${name}`, 'u') });

/** The panel that is shown. */
export const panel = (page) => page.getByRole('tabpanel');

/** Waits until the page is there. */
export async function isThere(page) {
  await page.getByRole('slider').first().waitFor();
}

export async function pause(page) {
  await button(page, 'Pause').click();
  await button(page, 'Play').waitFor();
}

export async function play(page) {
  await button(page, 'Play').click();
  await button(page, 'Pause').waitFor();
}

/** The moment that the page is at, in milliseconds, out of the words of its slider. */
export async function now(page) {
  const words = await page.getByRole('slider', { name: 'Time' }).getAttribute('aria-valuetext');
  const found = /(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)/u.exec(words ?? '');
  assert.ok(found, `the slider says a moment, not “${words}”`);
  const [, hours = '0', minutes, seconds] = found;
  return Math.round(((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}

/** Opens a ready world from the design column. */
export async function openWorld(page, name) {
  await button(page, 'Ready worlds').click();
  const dialog = page.getByRole('dialog', { name: 'Ready worlds' });
  await dialog.getByRole('button', { name }).click();
  await dialog.waitFor({ state: 'hidden' });
  const design = page.getByRole('region', { name: 'Design' });
  await design.getByRole('heading', { name }).waitFor();
}

/**
 * Waits until the page's own time has gone on by so much. A frame stands for a tenth of a
 * second at most, so time goes slower on a machine whose frames take longer.
 */
export async function letPass(page, milliseconds) {
  const begin = await now(page);
  const has = async () => (await now(page)) >= begin + milliseconds;
  await until(has, `${milliseconds} ms to pass`, 30_000 + 4 * Math.min(milliseconds, 10_000));
}

/**
 * Lets exactly so much of the run's time pass while it stands still, by the keys of the
 * slider: played, a busy machine would let more of it pass, and what has to come within a
 * second would come late.
 */
export async function pass(page, milliseconds) {
  await button(page, 'Play').waitFor();
  const slider = page.getByRole('slider', { name: 'Time' });
  const end = (await now(page)) + milliseconds;
  // A key that a busy page did not hear is pressed again.
  while ((await now(page)) < end) {
    const before = await now(page);
    const [key, step] = end - before >= 1_000 ? ['PageUp', 1_000] : ['ArrowRight', 100];
    await slider.press(key);
    const isThere = async () => (await now(page)) >= before + step;
    await until(isThere, 'the slider to move', 5_000).catch(() => {});
  }
}

/** Waits until something holds; what it waits for is said when it does not. */
export async function until(holds, what, limitMs = 30_000) {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s for ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/**
 * Goes on event by event, while time stands still, until this is shown. It may be there for
 * a moment only, which a playing page shows no frame of.
 */
export async function stepUntilSeen(page, shown) {
  const isSeen = async () => {
    await button(page, 'Step on').click();
    return (await shown.count()) > 0;
  };
  await until(isSeen, 'a moment that shows it', 60_000);
}

/**
 * Takes a tool from the toolbox, fills its form in and sends it. Fields are named by
 * their labels: a string for a list or a number, `true` for one of several choices.
 */
export async function use(page, name, fields = {}) {
  const toolbox = page.getByRole('toolbar', { name: 'Act' });
  await toolbox.getByRole('button', { name, exact: true }).click();
  const form = page.getByRole('dialog');
  await form.waitFor();
  for (const [label, value] of Object.entries(fields)) {
    if (value === true) await form.getByRole('radio', { name: label }).check();
    else if (await form.getByRole('combobox', { name: label }).count()) {
      const list = form.getByRole('combobox', { name: label });
      const options = await list.getByRole('option').allTextContents();
      const option = options.find((option) => option.startsWith(value));
      assert.ok(option, `${label} offers ${value}, not only ${options.join(', ')}`);
      await list.selectOption({ label: option });
    } else await form.getByRole('textbox', { name: label }).fill(value);
  }
  await form.getByRole('button').last().click();
  await form.waitFor({ state: 'hidden' });
}

/** The number of branches that the transport bar tells. */
export async function branches(page) {
  const name = page.getByRole('button', { name: /^\d+ branch/u });
  return Number.parseInt((await name.getAttribute('aria-label')) ?? '', 10);
}
