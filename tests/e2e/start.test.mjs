// The page starts: the one test that was there, red, before the page was.

import assert from 'node:assert/strict';
import { brotliCompressSync, constants } from 'node:zlib';
import { assertAccessible, open, test } from './page.mjs';

const FIRST_LOAD_MAX_BYTES = 300_000;

/** Files of what opens later; see `src/chunk.rs`. */
const LATER = /\/(?:pieces-[0-9a-f]+\.bin|(?!splitbrain-page-)[a-z_\d]+-[0-9a-f]+\.wasm)$/u;

test('the page says what it is', async (t) => {
  const { page } = await open(t);
  await page.getByRole('heading', { level: 1, name: /Splitbrain/u }).waitFor();
  assert.match(await page.title(), /Splitbrain/u);
});

test('what the browser asks for at the start is within the budget', async (t) => {
  let bytes = 0;
  const bodies = [];
  const { page, requests } = await open(t, {
    before: (page) =>
      page.on('response', (response) => bodies.push(response.body().catch(() => Buffer.alloc(0)))),
  });
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  for (const body of await Promise.all(bodies)) {
    bytes += brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  }
  t.diagnostic(`${bytes} bytes brotli`);
  assert.deepEqual(requests.filter((url) => LATER.test(url)), [], 'nothing comes that opens later');
  assert.ok(bytes <= FIRST_LOAD_MAX_BYTES, `${bytes} bytes of ${FIRST_LOAD_MAX_BYTES}`);
});

test('axe-core has nothing to say about the start', async (t) => {
  const { page } = await open(t);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await assertAccessible(page);
});

test('what opens later comes in few requests, small parts together', async (t) => {
  const { page, requests } = await open(t);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  const before = requests.length;
  await page.getByRole('link', { name: 'Lessons', exact: true }).first().click();
  await page.getByRole('link', { name: 'Try the laws of replicated data types' }).click();
  await page.getByRole('heading', { level: 1, name: 'Law lab' }).waitFor();
  await page.waitForLoadState('networkidle');
  const code = requests.slice(before).filter((url) => LATER.test(url));
  t.diagnostic(`${code.length} files of code`);
  assert.equal(code.filter((url) => url.endsWith('.bin')).length, 1, 'small parts come once, together');
  assert.ok(code.length <= 30, code.join('\n'));
});

test('small parts that did not come are asked for again', async (t) => {
  const { page } = await open(t, {
    before: (page) => page.route('**/pieces-*.bin', (route) => route.abort()),
    expectConsole: [/ERR_FAILED/u, /Failed to fetch/u],
  });
  const pay = page.getByRole('toolbar', { name: 'Act' }).getByRole('button', { name: 'Pay', exact: true });
  await pay.click();
  await page.getByText('A part of the page did not come').waitFor();
  await page.unroute('**/pieces-*.bin');
  await pay.click();
  await page.getByRole('dialog').waitFor();
});

test('a part of the page that does not come is said so, and comes when it is asked for again', async (t) => {
  const { page, context } = await open(t, {
    before: (page) => page.route('**/dialogs-*.wasm', (route) => route.abort()),
    expectConsole: [/ERR_FAILED/u, /Failed to fetch/u],
  });
  const pay = page.getByRole('toolbar', { name: 'Act' }).getByRole('button', { name: 'Pay', exact: true });
  await pay.click();
  await page.getByText('A part of the page did not come').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.getByRole('slider', { name: /moment|time/iu }).first().waitFor();
  await page.unroute('**/dialogs-*.wasm');
  await pay.click();
  await page.getByRole('dialog').waitFor();
  assert.equal(context.pages().length, 1);
});
