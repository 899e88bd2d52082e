// Exercises in other people's pages, by the contract in docs/embedding.md.

import assert from 'node:assert/strict';
import { hostOrigin, open, pageOrigin, test } from './page.mjs';
import { until } from './learner.mjs';
import { toTheAnswer } from './lesson_steps.mjs';

/** A course page of another origin, with exercises in it. */
async function course(t, lessons, options = {}) {
  const path = `/course.html?from=${encodeURIComponent(await pageOrigin())}&lessons=${lessons}`;
  return open(t, { origin: await hostOrigin(), path, ...options });
}

/** A page that speaks to a frame by itself. */
async function plain(t, address, sandbox) {
  const src = encodeURIComponent((await pageOrigin()) + address);
  const given = sandbox === undefined ? '' : `&sandbox=${encodeURIComponent(sandbox)}`;
  const path = `/plain.html?src=${src}${given}`;
  return open(t, { origin: await hostOrigin(), path });
}

const frame = (page, lesson) => page.frameLocator(`iframe[title="Exercise: ${lesson}"]`);
const only = (page) => page.frameLocator('iframe[title="Exercise"]');
const events = (page) => page.getByRole('list', { name: 'Events' }).getByRole('listitem');

async function hears(page, pattern) {
  const line = events(page).filter({ hasText: pattern });
  await line.first().waitFor({ state: 'attached' });
  return (await line.last().textContent()) ?? '';
}

async function send(page, message) {
  await page.getByRole('textbox', { name: 'Message' }).fill(JSON.stringify(message));
  await page.getByRole('button', { name: 'Send' }).click();
}

async function act(inside, tool, fields) {
  await inside.getByRole('toolbar', { name: 'Act' }).getByRole('button', { name: tool, exact: true }).click();
  const form = inside.getByRole('dialog');
  await form.waitFor();
  for (const [label, value] of Object.entries(fields)) {
    const list = form.getByRole('combobox', { name: label });
    if (await list.count()) {
      const options = await list.getByRole('option').allTextContents();
      await list.selectOption({ label: options.find((option) => option.startsWith(value)) });
    } else await form.getByRole('textbox', { name: label }).fill(value);
  }
  await form.locator('button[type=submit]').click();
}

async function solveChargedTwice(inside) {
  const next = inside.getByRole('button', { name: 'Next step' });
  await next.click();
  await inside.getByRole('radio', { name: /^Twice$/u }).check();
  await inside.getByRole('button', { name: 'Lock in and play' }).click();
  await toTheAnswer(inside);
  await inside.getByText('As you predicted').waitFor();
  await next.click();
  await inside.getByRole('combobox', { name: 'Where idempotency keys live' }).selectOption({ index: 2 });
  await act(inside, 'Drop reply', { Region: 'us-east-1' });
  await act(inside, 'Pay', { Customer: 'Ana', 'Amount, €': '40' });
  await inside.getByText('3 actions, par 3').waitFor();
}

test('two exercises live in a page of another origin and tell it what happens', async (t) => {
  const { page } = await course(t, 'charged-twice,last-write-wins-loses');
  const inside = frame(page, 'charged-twice');
  await inside.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  assert.equal(await inside.getByRole('banner').count(), 0);
  await hears(page, /charged-twice ready .*"contract":1/u);
  await hears(page, /charged-twice resize .*"height":\d+/u);
  await hears(page, /charged-twice progress .*"step":1,"steps":6/u);
  await solveChargedTwice(inside);
  await hears(page, /prediction .*"step":2,"choice":3,"correct":true/u);
  await hears(page, /statement .*verbs\/answered/u);
  const completed = await hears(page, /charged-twice completed/u);
  assert.match(completed, /"actions":3,"par":3,"hints":0/u);
  await hears(page, /statement .*verbs\/completed/u);

  const second = frame(page, 'last-write-wins-loses');
  await page.getByRole('heading', { name: 'What the page was told' }).scrollIntoViewIfNeeded();
  await second.getByRole('heading', { level: 1, name: 'Two shopkeepers' }).waitFor();
});

test('its height follows what is in it', async (t) => {
  const { page } = await course(t, 'charged-twice');
  await frame(page, 'charged-twice').getByRole('heading', { level: 1 }).waitFor();
  await hears(page, /resize/u);
  const box = page.locator('iframe');
  const inner = () => box.evaluate((frame) => frame.clientHeight);
  const first = await inner();
  assert.ok(first >= 240 && first <= 4000, `${first}`);
  await page.setViewportSize({ width: 420, height: 800 });
  await until(async () => (await inner()) !== first, 'another height');
});

test('what was done is kept by the host and put back, and what is damaged is refused', async (t) => {
  const { page } = await course(t, 'charged-twice');
  const inside = frame(page, 'charged-twice');
  await solveChargedTwice(inside);
  await page.getByRole('button', { name: 'Keep' }).click();
  await hears(page, /done keep/u);
  await page.getByRole('button', { name: 'Start anew' }).click();
  await inside.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  assert.equal(await inside.getByText('3 actions, par 3').count(), 0);
  await page.getByRole('button', { name: 'Put back something damaged' }).click();
  await hears(page, /refused damaged: .*line \d/u);
  await inside.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await page.getByRole('button', { name: 'Put back', exact: true }).click();
  await hears(page, /done back/u);
  await inside.getByText('3 actions, par 3').waitFor();
});

test('the host changes language and controls while it runs', async (t) => {
  const { page } = await course(t, 'charged-twice');
  const inside = frame(page, 'charged-twice');
  await inside.getByRole('button', { name: 'Next step' }).waitFor();
  await page.getByRole('button', { name: 'Ukrainian' }).click();
  await inside.getByRole('button', { name: 'Наступний крок' }).waitFor();
  const diagram = inside.locator('.diagram');
  assert.equal(await diagram.isVisible(), false);
  await page.getByRole('button', { name: 'Show the diagram' }).click();
  await diagram.waitFor();
});

test('malformed messages are answered with what and where, and change nothing', async (t) => {
  const { page } = await plain(t, '/?embed=1&lang=en#/lesson/charged-twice');
  const inside = only(page);
  await inside.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await hears(page, /"type":"ready"/u);

  // Before hello nobody is listened to.
  await send(page, { splitbrain: 1, type: 'getState', id: 1 });
  await send(page, { splitbrain: 1, type: 'hello' });
  await hears(page, /"type":"resize"/u);
  assert.equal(await events(page).filter({ hasText: '"type":"state"' }).count(), 0);

  for (const [message, answer] of [
    [{ splitbrain: 1, type: 'getState', id: 'x' }, /"code":"message".*"where":"id"/u],
    [{ splitbrain: 1, type: 'setState', id: 2 }, /"id":2,"where":"state"/u],
    [{ splitbrain: 1, type: 'setState', id: 3, state: { version: 1 } }, /"id":3,"where":"state.lesson"/u],
    [
      { splitbrain: 1, type: 'setState', id: 4, state: { version: 8, lesson: 'charged-twice', record: '' } },
      /"code":"state".*"id":4,"where":"state.version"/u,
    ],
    [
      { splitbrain: 1, type: 'setState', id: 5, state: { version: 1, lesson: 'other', record: '' } },
      /"id":5,"where":"state.lesson"/u,
    ],
    [
      { splitbrain: 1, type: 'setState', id: 6, state: { version: 1, lesson: 'charged-twice', record: 'BIG' } },
      /"code":"large".*"id":6/u,
    ],
    [{ splitbrain: 1, type: 'configure', theme: 'pink' }, /"where":"theme"/u],
    [{ splitbrain: 1, type: 'configure', controls: '<b>' }, /"where":"controls"/u],
  ]) {
    await send(page, message);
    await hears(page, answer);
  }
  const before = await events(page).count();
  await send(page, { splitbrain: 2, type: 'getState', id: 7 });
  await send(page, { splitbrain: 1, type: 'unheardOf', id: 7 });
  await send(page, 'just words');
  await send(page, { splitbrain: 1, type: 'getState', id: 8 });
  await hears(page, /"type":"state","id":8/u);
  assert.equal(await events(page).filter({ hasText: '"id":7' }).count(), 0);
  assert.ok((await events(page).count()) >= before + 1);
  await inside.getByRole('button', { name: 'Next step' }).click();
  await hears(page, /"type":"progress".*"step":2/u);
});

test('it works without storage and without an origin', async (t) => {
  const { page } = await plain(t, '/?embed=1&lang=en#/lesson/charged-twice', 'allow-scripts');
  const inside = only(page);
  await inside.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await hears(page, /^null .*"type":"ready"/u);
  await send(page, { splitbrain: 1, type: 'hello' });
  await hears(page, /"type":"progress"/u);
  await solveChargedTwice(inside);
  await hears(page, /"type":"completed"/u);
});

test('a page that is no host is not listened to', async (t) => {
  const { page } = await open(t, { path: '/?embed=1&lang=en#/lesson/charged-twice' });
  await page.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await page.getByRole('button', { name: 'Next step' }).click();
  await page.evaluate(() => {
    window.postMessage({ splitbrain: 1, type: 'hello' }, '*');
    window.postMessage({ splitbrain: 1, type: 'reset' }, '*');
  });
  await page.waitForTimeout(300);
  await page.getByRole('heading', { level: 1, name: 'How often does Ana pay?' }).waitFor();
});

test('an exercise that is not there tells its host', async (t) => {
  const { page } = await course(t, 'no-such-lesson', { expectConsole: ['404 (Not Found)'] });
  await frame(page, 'no-such-lesson').getByText('There is no lesson').waitFor();
  await hears(page, /error .*"code":"lesson"/u);
});
