// The judge: a history of one's own, or one that is there to try, held against the
// models of consistency.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, isThere, until } from './learner.mjs';

const path = '/#/judge';
const verdicts = (page) => page.getByRole('region', { name: 'Verdicts' });
const row = (page, model) =>
  verdicts(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: model, exact: true }) });
const proof = (page) => page.getByRole('region', { name: 'Proof' });
const files = (page) => page.getByRole('region', { name: 'Files' });
const timeline = (page) => page.getByRole('listbox', { name: 'Timeline' });

/** Opens one of the histories that are there to try, and waits for all verdicts. */
async function tryOne(page, file, words = '') {
  await page.getByRole('button', { name: `${file}${words}` }).last().click();
  await isJudged(page, file);
}

async function isJudged(page, file) {
  await page.getByRole('heading', { level: 2, name: file }).waitFor();
  const status = page.getByRole('status').filter({ hasText: file });
  await until(async () => (await status.count()) > 0, `${file} to be judged`, 60_000);
}

/** Chooses files through the button and the system's own dialog. */
async function choose(page, ...chosen) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Choose history files/u }).click();
  await (await chooser).setFiles(
    chosen.map(([name, text]) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })),
  );
}

/** What was painted: the colours of the timeline, counted. */
const painted = (page) =>
  timeline(page)
    .locator('canvas')
    .evaluate((canvas) => {
      // Read from a copy, so that the page's own canvas stays as it is.
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = copy.getContext('2d', { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let drawn = 0;
      let reddish = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] > 0) drawn += 1;
        if (data[at + 3] > 200 && data[at] > 180 && data[at + 1] < 150) reddish += 1;
      }
      return { drawn, reddish };
    });

test('an etcd log that is not linearizable shows verdict, proof and why', async (t) => {
  const { page, requests } = await open(t);
  await isThere(page);
  await page.getByRole('link', { name: 'Judge' }).click();
  await page.getByRole('heading', { level: 1, name: 'Judge' }).waitFor();
  assert.match(await page.title(), /^Judge/u);
  await tryOne(page, 'etcd_000.log');
  await row(page, 'Linearizable').getByText('violated').waitFor();
  await row(page, 'Sequential').getByText(/undecided|holds|violated/u).waitFor();
  await verdicts(page).getByText('These models are of reads and writes').waitFor();
  assert.ok(await page.getByRole('combobox', { name: 'Format' }).isVisible());
  const taken = page.getByRole('combobox', { name: 'Taken for' });
  assert.match(await taken.textContent(), /^compare-and-set register \(guessed\)/u);
  await proof(page).getByText('A value was read although it had been replaced').waitFor();
  const lines = await proof(page).getByRole('listitem').allTextContents();
  assert.ok(lines.length >= 2, 'the operations are listed');
  for (const line of lines) assert.match(line, /^process \d+.*on line \d+/u);
  await until(async () => (await painted(page)).reddish > 40, 'the proof to be lit');
  await row(page, 'Linearizable').getByRole('button', { name: /^Proof/u }).click();
  await proof(page).waitFor({ state: 'hidden' });
  await until(async () => (await painted(page)).reddish === 0, 'the proof to go out');
  const origin = new URL(page.url()).origin;
  for (const request of requests) assert.ok(request.startsWith(origin) || request.startsWith('blob:'));
});

test('an etcd log that is linearizable holds, and has no proof', async (t) => {
  const { page } = await open(t, { path });
  await tryOne(page, 'etcd_002.log');
  await row(page, 'Linearizable').getByText('holds').waitFor();
  await row(page, 'Sequential').getByText('holds').waitFor();
  assert.equal(await proof(page).count(), 0);
  await until(async () => (await painted(page)).drawn > 1_000, 'the timeline to be painted');
});

test('a key-value and a transactional history are told apart', async (t) => {
  const { page } = await open(t, { path });
  await tryOne(page, 'c01-bad.txt');
  await row(page, 'Linearizable').getByText('violated').waitFor();
  await proof(page).getByText('append').first().waitFor();
  await page.getByText('38 operations of 1 process').waitFor();
  await tryOne(page, 'lost-update.txt');
  await page.getByText('5 operations in 3 transactions of 3 sessions').waitFor();
  for (const model of ['Causal convergence', 'Causal', 'Read atomic', 'Read committed'])
    await row(page, model).getByText('holds').waitFor();
  assert.equal(await row(page, 'Linearizable').count(), 0);
  assert.equal(await page.getByRole('combobox', { name: 'Taken for' }).count(), 0);
  // Both are still there to go back to.
  await files(page).getByRole('button', { name: /^c01-bad\.txt/u }).click();
  await page.getByRole('heading', { level: 2, name: 'c01-bad.txt' }).waitFor();
  await proof(page).waitFor();
});

const STALE = JSON.stringify([
  { process: 'ann', f: 'write', value: 1, call: 0, return: 10 },
  { process: 'bob', f: 'read', value: 1, call: 20, return: 30 },
  { process: 'bob', f: 'read', value: null, call: 40, return: 50 },
]);

test('a file of one’s own is judged by every model that applies', async (t) => {
  const { page } = await open(t, { path });
  await choose(page, ['mine.json', STALE]);
  await isJudged(page, 'mine.json');
  for (const model of ['Linearizable', 'Sequential', 'Causal', 'Monotonic reads'])
    await row(page, model).getByText('violated').waitFor();
  for (const model of ['Read your writes', 'Monotonic writes'])
    await row(page, model).getByText('holds').waitFor();
  await row(page, 'Monotonic reads').getByRole('button', { name: /^Proof/u }).click();
  await proof(page).getByText('A session read less than it had read before.').waitFor();
  await proof(page).getByText('process bob').first().waitFor();
});

test('a damaged file names its line, and the earlier result stays', async (t) => {
  const { page } = await open(t, { path });
  await choose(page, ['mine.json', STALE]);
  await isJudged(page, 'mine.json');
  const line = 'INFO  jepsen.util - 0\t:invoke\t:write\t1\n';
  await choose(page, ['bad.log', line + line], ['huge.log', Buffer.alloc((10 << 20) + 1)]);
  const errors = files(page).getByRole('alert');
  await errors.getByText('Line 2: expected the return of the call').waitFor();
  await errors.getByText('at most 10 MB').waitFor();
  await page.getByRole('heading', { level: 2, name: 'mine.json' }).waitFor();
  await row(page, 'Linearizable').getByText('violated').waitFor();
  // Taken for something that it is not, it says so and keeps what was found.
  await page.getByRole('combobox', { name: 'Format' }).selectOption('AWDIT');
  await errors.getByText('Line 1: expected r KEY VALUE').waitFor();
  await row(page, 'Linearizable').getByText('violated').waitFor();
  await page.getByRole('combobox', { name: 'Format' }).selectOption('JSON');
  await isJudged(page, 'mine.json');
  await page.getByRole('combobox', { name: 'Taken for' }).selectOption('queue');
  await row(page, 'Linearizable').or(verdicts(page)).getByText('A queue knows no').first().waitFor();
  await button(page, 'Remove bad.log').click();
  await errors.getByText('Line 2').waitFor({ state: 'hidden' });
});

test('hostile files are answered with an error, and the page lives', async (t) => {
  const { page } = await open(t, { path });
  await choose(
    page,
    ['deep.edn', '('.repeat(10 << 20)],
    ['noise.bin', Buffer.from([0xff, 0xfe, 0x00, 0x28])],
    ['map.edn', `{:process 0 ${'{:a '.repeat(100_000)}`],
    ['empty.json', '[]'],
    ['text.txt', 'Dear judge'],
  );
  const errors = files(page).getByRole('alert');
  await until(async () => (await errors.count()) === 5, 'five errors', 60_000);
  const said = await errors.allTextContents();
  assert.match(said[1], /UTF-8/u);
  await choose(page, ['mine.json', STALE]);
  await isJudged(page, 'mine.json');
});

test('the judge works by keyboard alone', async (t) => {
  const { page } = await open(t, { path });
  await page.getByRole('heading', { level: 1, name: 'Judge' }).waitFor();
  await until(async () => {
    await page.keyboard.press('Tab');
    return page.evaluate(() => document.activeElement?.textContent?.startsWith('etcd_004.log'));
  }, 'the focus to come to a history to try');
  await page.keyboard.press('Enter');
  await isJudged(page, 'etcd_004.log');
  await until(async () => {
    await page.keyboard.press('Tab');
    return timeline(page).evaluate((it) => it === document.activeElement);
  }, 'the focus to come to the timeline');
  const told = () => timeline(page).getByRole('option').textContent();
  await page.keyboard.press('ArrowRight');
  const first = await told();
  assert.match(first, /^process \d+: .+ on line \d+/u);
  const seen = new Set([first]);
  for (const key of ['End', 'Home', 'ArrowDown', 'ArrowRight', 'ArrowUp']) {
    await page.keyboard.press(key);
    seen.add(await told());
  }
  assert.ok(seen.size >= 4, [...seen].join('\n'));
  const before = await painted(page);
  for (const key of ['0', '+', '+', 'PageDown']) await page.keyboard.press(key);
  await until(async () => (await painted(page)).drawn !== before.drawn, 'the picture to change');
  await page.keyboard.press('Escape');
  assert.match(await told(), /^Arrow keys/u);
});

test('a search that takes long can be stopped, and the page goes on', async (t) => {
  const { page } = await open(t, { path });
  // Everything overlaps and one read can never be: every order has to be tried.
  const writes = Array.from({ length: 60 }, (_, at) => ({
    process: at,
    f: 'write',
    value: at % 7,
    key: at % 2,
    call: at,
    return: 1_000 + at,
  }));
  const reads = Array.from({ length: 20 }, (_, at) => ({
    process: 100,
    f: 'read',
    value: (at * 5) % 7,
    key: at % 2,
    call: 2_000 + 10 * at,
    return: 2_005 + 10 * at,
  }));
  await choose(page, ['long.json', JSON.stringify([...writes, ...reads])], ['mine.json', STALE]);
  const stop = verdicts(page).getByRole('button', { name: 'Stop' });
  await stop.or(row(page, 'Writes follow reads')).first().waitFor({ timeout: 60_000 });
  if (await stop.isVisible()) {
    await stop.click({ timeout: 2_000 }).catch(async (gone) => {
      if (!(await row(page, 'Writes follow reads').isVisible())) throw gone;
    });
  }
  await files(page).getByRole('button', { name: /^mine\.json/u }).getByText('violated').waitFor();
  await files(page).getByRole('button', { name: /^mine\.json/u }).click();
  await isJudged(page, 'mine.json');
});

test('where no worker can be started, the page judges by itself and says so', async (t) => {
  const before = (page) =>
    page.addInitScript(() => {
      globalThis.Worker = class {
        constructor() {
          throw new DOMException('refused', 'SecurityError');
        }
      };
    });
  const { page } = await open(t, { path, before });
  await tryOne(page, 'etcd_000.log');
  await page.getByText('This browser starts no worker here').waitFor();
  await row(page, 'Linearizable').getByText('violated').waitFor();
  await tryOne(page, 'etcd_005.log');
  await row(page, 'Sequential').getByText('holds').waitFor();
});

test('thousands of operations are painted and hit', async (t) => {
  const { page } = await open(t, { path });
  const many = Array.from({ length: 20_000 }, (_, at) => ({
    process: at % 40,
    f: 'write',
    value: at,
    call: 10 * at,
    return: 10 * at + 395,
  }));
  await choose(page, ['many.json', many.map((it) => JSON.stringify(it)).join('\n')]);
  await isJudged(page, 'many.json');
  await until(async () => (await painted(page)).drawn > 1_000, 'the timeline to be painted');
  for (let at = 0; at < 14; at += 1) await button(page, 'Show less, in more detail').click();
  const box = await timeline(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await until(
    async () => /^process \d+: write/u.test(await timeline(page).getByRole('option').textContent()),
    'the operation under the pointer to be told',
  );
});

test('from a phone the judge is found through catalogue and palette', async (t) => {
  const { page } = await open(t, { path: '/#/lessons', screen: 'phone' });
  await page.getByRole('link', { name: 'Judge a history of your own' }).click();
  await page.getByRole('heading', { level: 1, name: 'Judge' }).waitFor();
  await tryOne(page, 'etcd_000.log');
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(wide, 0, 'nothing stands out at the side');
  await assertAccessible(page);
  await page.goto(`${new URL(page.url()).origin}/#/lessons`);
  await button(page, 'Commands').click();
  await page.getByRole('combobox', { name: 'Search commands' }).fill('history of your');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'etcd_000.log' }).waitFor();
});

for (const colorScheme of ['dark', 'light']) {
  test(`the judge is accessible, ${colorScheme}`, async (t) => {
    const { page } = await open(t, { path, context: { colorScheme } });
    await page.getByRole('heading', { level: 1, name: 'Judge' }).waitFor();
    await assertAccessible(page);
    await choose(page, ['bad.log', 'INFO  jepsen.util - nothing'], ['mine.json', STALE]);
    await isJudged(page, 'mine.json');
    await assertAccessible(page);
    await tryOne(page, 'etcd_000.log');
    await timeline(page).press('ArrowRight');
    await assertAccessible(page);
    await tryOne(page, 'lost-update.txt');
    await assertAccessible(page);
  });
}

test('the judge speaks Ukrainian', async (t) => {
  const { page } = await open(t, { path: '/?lang=uk#/judge' });
  await page.getByRole('heading', { level: 1, name: 'Суддя' }).waitFor();
  await page.getByRole('button', { name: 'etcd_000.log' }).click();
  await page.getByRole('heading', { level: 2, name: 'Лінеаризовність: чому ні' }).waitFor();
  const words = await page.getByRole('main').innerText();
  assert.doesNotMatch(words, /ui\.judge/u);
});
