// axe-core on every view, dark and light, with what is open over it.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, isThere, letPass, panel, pause, tab, use } from './learner.mjs';

const PANELS = ['Regions', 'Ledger', 'Verdicts', 'Lag', 'Log', 'Fidelity'];
const TOOLS = [
  'Write',
  'Add',
  'Remove',
  'Pay',
  'Read',
  'Drop reply',
  'Cut',
  'Heal',
  'Degrade',
  'Crash',
  'Restart',
  'Freeze',
  'Unfreeze',
  'Slow',
  'Clock',
];
const LESSONS = [
  'one-writer',
  'each-region-owns-its-own',
  'the-price-of-synchronous',
  'last-write-wins-loses',
  'arrival-order-never-agrees',
  'the-fast-clock-wins',
  'who-knew-what',
  'keep-both',
  'ask-the-user',
  'the-business-decides',
  'counting-likes',
  'the-cart-that-remembers',
  'never-below-zero',
  'a-majority-decides',
  'two-primaries',
  'answers-before-questions',
  'charged-twice',
];

for (const colorScheme of ['dark', 'light']) {
  const context = { colorScheme };

  test(`the playground and its panels are accessible, ${colorScheme}`, async (t) => {
    const { page } = await open(t, { context });
    await isThere(page);
    await letPass(page, 1_500);
    await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
    await use(page, 'Crash', { Region: 'sa-east-1' });
    await use(page, 'Drop reply', { Region: 'eu-west-1' });
    await letPass(page, 4_000);
    await pause(page);
    for (const name of PANELS) {
      await tab(page, name).click();
      await assertAccessible(page);
    }
    await tab(page, 'Ledger').click();
    await panel(page).getByRole('button', { name: /why/iu }).first().click();
    await page.getByRole('complementary', { name: 'Why?' }).waitFor();
    await assertAccessible(page);
  });

  test(`what opens over the page is accessible, ${colorScheme}`, async (t) => {
    const { page } = await open(t, { context });
    await isThere(page);
    await pause(page);
    // With two links cut, a region down and one frozen every tool is there, with all of its fields.
    await use(page, 'Cut', { From: 'us-east-1', To: 'eu-west-1' });
    await use(page, 'Cut', { From: 'us-east-1', To: 'sa-east-1' });
    await use(page, 'Crash', { Region: 'ap-southeast-2' });
    await use(page, 'Freeze', { Region: 'ap-northeast-1' });
    const toolbox = page.getByRole('toolbar', { name: 'Act' });
    await toolbox.getByRole('button', { name: 'Restart' }).waitFor();
    await toolbox.getByRole('button', { name: 'Unfreeze' }).waitFor();
    assert.deepEqual(await toolbox.getByRole('button').allTextContents(), TOOLS);
    const bar = page.getByRole('banner');
    const openers = [
      ...TOOLS.map((name) => toolbox.getByRole('button', { name, exact: true })),
      ...['Share', 'Commands', 'Keys'].map((name) => bar.getByRole('button', { name })),
      page.getByRole('button', { name: /^\d+ branch/u }),
    ];
    for (const opener of openers) {
      await opener.click();
      await page.getByRole('dialog').waitFor();
      await assertAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    await page.getByRole('button', { name: /^eu-west-1, / }).press('Enter');
    await page.getByRole('menu').waitFor();
    await assertAccessible(page);
  });

  test(`the lessons are accessible, ${colorScheme}`, async (t) => {
    const { page } = await open(t, { context, path: '/#/lessons' });
    await page.getByRole('heading', { level: 1, name: 'Lessons' }).waitFor();
    await assertAccessible(page);
    for (const lesson of LESSONS) {
      await page.goto(page.url().replace(/#.*/u, `#/lesson/${lesson}`));
      await isThere(page);
      await button(page, 'Next step').waitFor();
      await assertAccessible(page);
      await button(page, 'Next step').click();
      await assertAccessible(page);
    }
  });

  test(`an embedded exercise is accessible, ${colorScheme}`, async (t) => {
    const { page } = await open(t, { context, path: '/?embed=1#/lesson/charged-twice' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await assertAccessible(page);
  });
}
