// What every end-to-end test starts from: the release page in Chromium.
//
//   import { open, test } from './page.mjs';
//
//   test('the page opens running', async (t) => {
//     const { page } = await open(t);
//     await page.getByRole('button', { name: 'Pause' }).click();
//   });
//
// Act through visible controls only, found by role and name. A test fails at any
// error or warning in the console, at any uncaught error, and at any request that
// fails; what a test provokes on purpose it names in `expectConsole`. A failed
// test leaves a screenshot and the console in tests/e2e/results.
//
// What the page of `open` draws at random comes from the test's name, so a run that fails
// fails again; loaded again, it draws the same once more. Further tabs draw their own.
// SPLITBRAIN_SEED=7 tries the tests with other seeds, which they have to pass too.
// SPLITBRAIN_SLOWER=3 tries them on a page for which the processor is so many times as slow.

import { after, test as nodeTest } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { serve } from './static_server.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const RESULTS = process.env.SPLITBRAIN_RESULTS ?? join(HERE, 'results');
const DIST = process.env.SPLITBRAIN_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));

/** Chromium's remark on Trunk's preloads. It says nothing about the page. */
const HARMLESS = ['`integrity` attribute is currently ignored for preload destinations'];

/** How long a control may take to appear or to react, on a machine that has much else to do. */
export const TIMEOUT_MS = 20_000;

/** No test may take longer; a page that hangs must not hang the run. */
const TEST_TIMEOUT_MS = 300_000;

/** Screens that tests ask for by name. */
export const SCREENS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  tablet: { viewport: { width: 820, height: 1180 }, hasTouch: true },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

let browser;
let servers;

/** The tests that have failed, since Node 20 does not tell their hooks. */
const failed = new WeakSet();

/** A test, by a sentence about what a learner sees. */
export function test(name, body) {
  nodeTest(name, { timeout: TEST_TIMEOUT_MS }, async (t) => {
    try {
      await body(t);
    } catch (error) {
      failed.add(t);
      throw error;
    }
  });
}

/** The origin of the page. */
export async function pageOrigin() {
  return (await started()).page.origin;
}

/** Another origin: `tests/e2e/host` in front of the files of the page. */
export async function hostOrigin() {
  return (await started()).host.origin;
}

async function started() {
  servers ??= (async () => ({
    page: await serve([DIST]),
    host: await serve([join(HERE, 'host'), DIST]),
  }))();
  return servers;
}

after(async () => {
  await (await browser)?.close();
  if (servers) {
    const { page, host } = await servers;
    await Promise.all([page.close(), host.close()]);
  }
});

/**
 * Opens the page for one test in a browser profile of its own.
 *
 * Options:
 * - `path`: what follows the origin, '/' unless told ('/?lang=uk#/lessons')
 * - `origin`: another origin than the page's
 * - `screen`: a name out of SCREENS
 * - `context`: further options of Playwright's browser context
 * - `before`: called with the page before it goes to the address
 * - `expectConsole`: texts or patterns of console lines that are expected
 *
 * Returns `{ page, context, log, requests }`.
 */
export async function open(t, options = {}) {
  browser ??= launch();
  const context = await (await browser).newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'no-preference',
    ...SCREENS[options.screen ?? 'desktop'],
    ...options.context,
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  const watched = watch(context, options.expectConsole ?? []);
  t.after(async () => {
    // A page that a test has killed or closed says nothing any more.
    const bare = failed.has(t) ? [] : await bareIds(page).catch(() => []);
    const slides = failed.has(t) ? 0 : await slidesBy(page).catch(() => 0);
    if (watched.complaints.length + bare.length + slides > 0 || failed.has(t)) await keep(t, page, watched);
    await context.close();
    assert.deepEqual(bare, [], 'everything has words, not only an id');
    assert.equal(slides, 0, 'the page itself stands still: what is longer scrolls inside of it');
    assert.deepEqual(watched.complaints, [], 'the console is clean');
  });
  await page.addInitScript(drawFrom, entropyOf(t.name));
  if (process.env.SPLITBRAIN_SLOWER) {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: Number(process.env.SPLITBRAIN_SLOWER) });
  }
  await options.before?.(page);
  await page.goto((options.origin ?? (await pageOrigin())) + (options.path ?? '/'));
  return { page, context, log: watched.log, requests: watched.requests };
}

/** What a test draws its seeds from: 64 bits of its name and of SPLITBRAIN_SEED. */
function entropyOf(name) {
  const hash = createHash('sha256').update(`${process.env.SPLITBRAIN_SEED ?? ''}/${name}`);
  return `0x${hash.digest('hex').slice(0, 16)}`;
}

/** In the page: `crypto.getRandomValues` gives SplitMix64's numbers from here on. */
function drawFrom(entropy) {
  let state = BigInt(entropy);
  const next = () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  Crypto.prototype.getRandomValues = (array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    bytes.forEach((_, place) => (bytes[place] = Number(next() >> 56n)));
    return array;
  };
}

/** How far the page can be scrolled as a whole, header and all; embedded it is as long as it is. */
async function slidesBy(page) {
  return page.evaluate(() => {
    const isFixed = document.querySelector('.app') && !('embed' in document.documentElement.dataset);
    const { scrollHeight, clientHeight } = document.scrollingElement;
    return isFixed ? scrollHeight - clientHeight : 0;
  });
}

/** Ids out of the catalogues of words that the page shows or says because it has no words for them. */
export async function bareIds(page) {
  return page.evaluate(() => {
    const id = /(?<![\w/.-])(?:ui|fact|policy|slot|service|error|verdict|violation|property|cost|command|did)\.[a-z_]\w*(?:\.\w+)*(?![\w.]*=)/gu;
    const said = [document.title];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      if (!texts.currentNode.parentElement.closest('script, style')) said.push(texts.currentNode.data);
    }
    for (const one of document.querySelectorAll('[aria-label], [title], [aria-valuetext], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'aria-valuetext', 'placeholder']) said.push(one.getAttribute(name) ?? '');
    }
    return [...new Set(said.flatMap((text) => text.match(id) ?? []))];
  });
}

/** Collects the console and the requests of all pages of a context. */
function watch(context, expected) {
  const log = [];
  const complaints = [];
  const requests = [];
  const complain = (kind, text) => {
    log.push(`${kind}: ${text}`);
    const matches = (pattern) =>
      typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
    if (!HARMLESS.some(matches) && !expected.some(matches)) complaints.push(`${kind}: ${text}`);
  };
  context.on('console', (message) => {
    const type = message.type();
    const text = `${message.text()} (${message.location().url})`;
    if (type === 'error' || type === 'warning') complain(type, text);
    else log.push(`${type}: ${text}`);
  });
  context.on('weberror', (error) => complain('uncaught', error.error().stack ?? `${error.error()}`));
  context.on('request', (request) => requests.push(request.url()));
  context.on('requestfailed', (request) => {
    log.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  return { log, complaints, requests };
}

async function keep(t, page, watched) {
  await mkdir(RESULTS, { recursive: true });
  const name = t.name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80);
  try {
    await page.screenshot({ path: join(RESULTS, `${name}.png`) });
  } catch {
    // The page may be closed or dead, which the test has said already.
  }
  await writeFile(join(RESULTS, `${name}.log`), `${page.url()}\n${watched.log.join('\n')}\n`);
}

/** Runs axe-core on the page as it is, and fails with what it found. */
export async function assertAccessible(page, { exclude = [] } = {}) {
  const axe = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
  // Evaluated, not added as a script, which the page's policy rightly refuses.
  await page.evaluate(await readFile(axe, 'utf8'));
  // What is still coming in is fainter than it will be.
  await page.evaluate(() => {
    const comes = document.getAnimations().filter((it) => it.effect.getComputedTiming().endTime !== Infinity);
    const ends = comes.map((it) => it.finished.catch(() => {}));
    return Promise.race([Promise.all(ends), new Promise((end) => setTimeout(end, 1_000))]);
  });
  const violations = await page.evaluate(async (exclude) => {
    const result = await globalThis.axe.run({ exclude }, { resultTypes: ['violations'] });
    return result.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
    }));
  }, exclude);
  assert.deepEqual(violations, [], 'axe-core finds no violations');
}
