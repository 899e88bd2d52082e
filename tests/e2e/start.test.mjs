// The page starts: the one test that was there, red, before the page was.

import assert from 'node:assert/strict';
import { brotliCompressSync, constants } from 'node:zlib';
import { assertAccessible, open, test } from './page.mjs';

const FIRST_LOAD_MAX_BYTES = 420_000;

test('the page says what it is', async (t) => {
  const { page } = await open(t);
  await page.getByRole('heading', { level: 1, name: /Splitbrain/u }).waitFor();
  assert.match(await page.title(), /Splitbrain/u);
});

test('what the browser asks for at the start is within the budget', async (t) => {
  let bytes = 0;
  const bodies = [];
  const { page } = await open(t, {
    before: (page) =>
      page.on('response', (response) => bodies.push(response.body().catch(() => Buffer.alloc(0)))),
  });
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  for (const body of await Promise.all(bodies)) {
    bytes += brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  }
  t.diagnostic(`${bytes} bytes brotli`);
  assert.ok(bytes <= FIRST_LOAD_MAX_BYTES, `${bytes} bytes of ${FIRST_LOAD_MAX_BYTES}`);
});

test('axe-core has nothing to say about the start', async (t) => {
  const { page } = await open(t);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await assertAccessible(page);
});
