// Clocks at the events of the space-time diagram: what a wall clock, Lamport's, a vector
// clock and a hybrid one show, without a pointer and as text.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { isThere, letPass, pause, play, until, use } from './learner.mjs';

const diagram = (page) => page.getByRole('listbox', { name: 'Space-time diagram' });
const list = (page) => page.getByRole('combobox', { name: 'Show clock' });
const option = (page) => diagram(page).getByRole('option').getAttribute('id');
const said = (page) => diagram(page).getByRole('option').textContent();

/** What the diagram says of the event that is picked out, once it says this much. */
async function stampOf(page, pattern) {
  let found;
  await until(async () => (found = pattern.exec(await said(page))), `the diagram to say ${pattern}`);
  return found.slice(1);
}

/**
 * Goes back along the lane from the moment that is shown; the stamps of so many events of the region, the earliest
 * first, or of as many as it takes. What the payment gateway did is shown on the lane too, and has its clock.
 */
async function stampsAlong(page, enough, pattern) {
  const isEnough = typeof enough === 'number' ? (stamps) => stamps.length >= enough : enough;
  const stamps = [];
  await diagram(page).focus();
  await page.keyboard.press('Escape');
  await until(async () => /Arrow keys/u.test(await said(page)), 'nothing to be picked out');
  while (!isEnough(stamps)) {
    const before = await option(page);
    await diagram(page).focus();
    await page.keyboard.press('ArrowLeft');
    await until(async () => (await option(page)) !== before, `another event than ${await said(page)}`);
    const stamp = await stampOf(page, pattern);
    if (!/gateway/iu.test(await said(page))) stamps.unshift(stamp);
  }
  return stamps;
}

const isRising = (stamps, key) =>
  stamps.every((stamp, place) => place === 0 || key(stamps[place - 1]) < key(stamp));

const moment = ([minutes, seconds]) => Number(minutes) * 60 + Number(seconds);

test('a clock is chosen and its stamps are read from the keyboard', async (t) => {
  const { page } = await open(t, { path: '/?seed=3' });
  await isThere(page);
  await letPass(page, 8_000);
  await pause(page);
  for (let presses = 0; presses < 120; presses += 1) {
    if (await list(page).evaluate((one) => one === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('l');
  assert.equal(await list(page).evaluate((one) => one.selectedOptions[0].label), 'Lamport');

  const lamport = await stampsAlong(page, 6, /Lamport: (\d+)/u);
  assert.ok(isRising(lamport, ([count]) => Number(count)), `${lamport}`);

  await list(page).selectOption({ label: 'Hybrid' });
  const hybrid = await stampsAlong(page, 4, /Hybrid: l (\d+):(\d+\.\d{6}), c \d+/u);
  assert.ok(isRising(hybrid, moment), `${hybrid}`);

  await list(page).selectOption({ label: 'Vector' });
  const vectors = await stampsAlong(page, 3, /Vector: (\S+ \d+(?:, \S+ \d+){4})/u);
  const counts = vectors.map(([entries]) => entries.match(/\d+(?=,|$)/gu).map(Number));
  for (const [place, later] of counts.entries()) {
    const earlier = counts[place - 1] ?? later.map(() => 0);
    assert.ok(later.every((count, region) => count >= earlier[region]), `${vectors}`);
    assert.notDeepEqual(later, earlier, 'something happened in between');
  }

  await list(page).selectOption({ label: 'No clock' });
  await until(async () => !/Vector|Lamport|Hybrid/u.test(await said(page)), 'no stamp');
  await assertAccessible(page);
});

test('where a wall clock is set back, wall stamps go back and hybrid ones do not', async (t) => {
  const { page } = await open(t, { path: '/?seed=3' });
  await isThere(page);
  await letPass(page, 10_000);
  await pause(page);
  await use(page, 'Clock', { 'Ahead of true time': '-9000' });
  await play(page);
  // Long enough for something to happen there.
  await letPass(page, 6_000);
  await pause(page);
  await list(page).selectOption({ label: 'Wall clock' });
  // From after the step, whose own mark has no stamp, to the second event before it.
  const isPastStep = (stamps) => stamps.findIndex(([minutes]) => minutes === undefined) >= 2;
  const wall = await stampsAlong(page, isPastStep, /Wall clock: (?:(−?\d+):(\d+\.\d{6})|no stamp)/u);
  const times = wall.filter(([minutes]) => minutes !== undefined);
  assert.ok(!isRising(times, moment), `the wall clock went back: ${times}`);

  await list(page).selectOption({ label: 'Hybrid' });
  const pattern = /Hybrid: (?:l (\d+):(\d+\.\d{6}), c (\d+)|no stamp)/u;
  const stamps = (await stampsAlong(page, 8, pattern)).filter(([minutes]) => minutes !== undefined);
  const isOrdered = (one, two) =>
    moment(one) < moment(two) || (moment(one) === moment(two) && Number(one[2]) < Number(two[2]));
  assert.ok(stamps.every((it, place) => place === 0 || isOrdered(stamps[place - 1], it)), `${stamps}`);
});

test('on a phone the list of clocks fits and can be touched', async (t) => {
  const { page } = await open(t, { screen: 'phone' });
  await isThere(page);
  await page.getByRole('button', { name: 'Diagram' }).or(page.getByRole('tab', { name: 'Diagram' })).first().tap();
  await list(page).selectOption({ label: 'Vector' });
  const box = await list(page).boundingBox();
  assert.ok(box.height >= 44 && box.x >= 0 && box.x + box.width <= 390, JSON.stringify(box));
  await assertAccessible(page);
});
