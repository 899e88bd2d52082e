// What somebody does is kept, whatever the browser's storage is like.

import assert from 'node:assert/strict';
import { open, test } from './page.mjs';
import { branches, button, isThere, letPass, now, pause, until, use } from './learner.mjs';

const KEPT = 'splitbrain.desk.playground';

/** Pauses with something done, and waits until it is kept. */
async function work(page) {
  await isThere(page);
  await letPass(page, 1_000);
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '123' });
  await letPass(page, 500);
  await pause(page);
}

test('the run, its branches and its moment are there after a reload', async (t) => {
  const { page } = await open(t);
  await work(page);
  for (let steps = 0; steps < 10; steps += 1) await button(page, 'Step back').click();
  await use(page, 'Crash', { Region: 'eu-west-1' });
  await until(async () => (await branches(page)) === 2, 'a branch');
  await until(async () => button(page, 'Play').isVisible(), 'a pause');
  const moment = await now(page);
  await page.reload();
  await isThere(page);
  assert.equal(await branches(page), 2);
  await until(async () => (await now(page)) >= moment, 'the moment at which it was left');
});

test('the page opens already running where it was left', async (t) => {
  const { page } = await open(t);
  await work(page);
  const moment = await now(page);
  await page.reload();
  await button(page, 'Pause').waitFor();
  await until(async () => (await now(page)) > moment, 'time to go on');
});

test('where storage is refused everything works, and is said to be forgotten', async (t) => {
  const { page } = await open(t, {
    before: (page) =>
      page.addInitScript(() => {
        Object.defineProperty(window, 'localStorage', {
          get() {
            throw new DOMException('no', 'SecurityError');
          },
        });
      }),
  });
  await page.getByText(/browser refuses storage/u).waitFor();
  await work(page);
  await page.getByRole('link', { name: 'Lessons' }).first().click();
  await page.getByRole('link', { name: 'Charged twice' }).click();
  await page.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await until(async () => (await now(page)) === 1_000, 'the moment at which the lesson begins');
  await page.getByRole('link', { name: 'Splitbrain' }).click();
  await until(async () => (await now(page)) > 1_400, 'the run that was laid aside');
});

test('where storage is full it is said once, and the page goes on', async (t) => {
  const { page } = await open(t, {
    before: (page) =>
      page.addInitScript(() => {
        localStorage.setItem('other', 'x');
        Storage.prototype.setItem = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
      }),
  });
  await work(page);
  await page.getByText(/storage is full/u).waitFor();
  await letPassAgain(page);
  assert.equal(await page.getByText(/storage is full/u).count(), 1);
});

async function letPassAgain(page) {
  await button(page, 'Play').click();
  await letPass(page, 1_000);
}

for (const [name, text, said] of [
  ['foreign', 'hello', /not a record of Splitbrain/u],
  ['cut short', 'splitbrain 1\nopen 0\nbranch 0 - 0 AQEK', /line 3/u],
  ['of a newer version', 'splitbrain 7\nopen 0', /newer Splitbrain/u],
]) {
  test(`what was kept and is ${name} is put aside and said`, async (t) => {
    const { page } = await open(t, {
      before: (page) =>
        page.addInitScript(
          ([key, text]) => {
            if (localStorage.getItem('once')) return;
            localStorage.setItem('once', '1');
            localStorage.setItem(key, text);
          },
          [KEPT, text],
        ),
    });
    await page.getByRole('alert').getByText(said).waitFor();
    await work(page);
    const aside = await page.evaluate((key) => localStorage.getItem(`${key}.aside-1`), KEPT);
    assert.equal(aside, text);
    await page.reload();
    await isThere(page);
    assert.equal(await page.getByRole('alert').count(), 0);
  });
}
