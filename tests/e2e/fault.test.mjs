// The engine stops, and the learner's run does not.

import assert from 'node:assert/strict';
import { test } from './page.mjs';
import { button, isThere, now, until } from './learner.mjs';
import { madeRun } from './links.mjs';

test('after a panic the page says so, keeps the run and starts again from it', async (t) => {
  const { page } = await madeRun(t, { expectConsole: [/panicked|unreachable|createElementNS|closure invoked|recursively/u] });
  const moment = await now(page);
  await page.waitForTimeout(2_000); // until it is kept
  // A browser that stops making elements is as good a fault as any.
  await page.evaluate(() => {
    document.createElementNS = () => {
      throw new Error('createElementNS is broken');
    };
  });
  await button(page, 'Share').click();
  await page.getByRole('heading', { name: 'The engine stopped' }).waitFor();
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save the run as a file' }).click();
  assert.match((await coming).suggestedFilename(), /\.splitbrain$/u);
  await page.getByRole('link', { name: 'Restart from the run' }).click();
  await isThere(page);
  await button(page, 'Play').waitFor();
  await until(async () => Math.abs((await now(page)) - moment) < 1, 'the moment of before');
  assert.equal(new URL(page.url()).search, '');
});
