// How long the main thread is busy for each frame while the page plays, out of
// Chromium's own trace. Prints lines `bench NAME VALUE` in milliseconds:
//
// - `frame_calm_*`: the playground as it opens
// - `frame_*`: five regions and more than 200 messages in flight: the run of the
//   link in SPLITBRAIN_RUN (200 requests a second, see `cargo xtask bench`), with
//   every link between regions made slower by hand
//
// A frame is everything from one call of the animation callbacks to the next, with
// style, layout and paint; `*_script_*` is what of it was spent in scripts. Where
// other work wants the processor, frames take longer, so measure on a quiet machine;
// `*_cpu_*` is the processor's time for the same, without the waiting.

import { fileURLToPath } from 'node:url';
import { launch } from '../e2e/browser.mjs';
import { serve } from '../e2e/static_server.mjs';

const WARM_UP_MS = 4_000;
const MEASURED_MS = 10_000;
/** For all of it; a browser that no longer answers would be waited for without end. */
const DEADLINE_MS = 180_000;

/** Added to every message between regions, so that more than 200 are under way. */
const SLOWER_BY_MS = 750;

/** What Chromium calls the work of scripts, callbacks of frames among it. */
const SCRIPT = ['FireAnimationFrame', 'FunctionCall', 'EvaluateScript', 'RunMicrotasks', 'TimerFire'];

const dist = process.env.SPLITBRAIN_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const deadline = setTimeout(() => {
  console.error(`frames: not done after ${DEADLINE_MS / 1000} s, given up`);
  // Ends the browser too, which was started to end with this process.
  process.exit(1);
}, DEADLINE_MS);
const server = await serve([dist]);
const browser = await launch();
try {
  await measure('frame_calm', '/', async () => {});
  const run = process.env.SPLITBRAIN_RUN;
  if (run) await measure('frame', `/#${run}`, slowEveryLink);
  else console.log('no SPLITBRAIN_RUN, so only the calm playground was measured');
} finally {
  await browser.close();
  await server.close();
  clearTimeout(deadline);
}

async function measure(name, path, prepare) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(server.origin + path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await prepare(page);
  const play = page.getByRole('button', { name: 'Play', exact: true });
  if (await play.isVisible()) await play.click();
  await page.waitForTimeout(WARM_UP_MS);
  await browser.startTracing(page, {
    categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  });
  await page.waitForTimeout(MEASURED_MS);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  await context.close();
  const { frames, scripts, cpu } = busyPerFrame(trace.traceEvents);
  for (const share of [50, 95, 99]) {
    console.log(`bench ${name}_p${share} ${percentile(frames, share).toFixed(2)}`);
    console.log(`bench ${name}_script_p${share} ${percentile(scripts, share).toFixed(2)}`);
    console.log(`bench ${name}_cpu_p${share} ${percentile(cpu, share).toFixed(2)}`);
  }
  console.log(`bench ${name}s_per_s ${(frames.length / (MEASURED_MS / 1000)).toFixed(1)}`);
}

/** Through the tool that a learner has for it. */
async function slowEveryLink(page) {
  // The run of a link opens paused, but not at once: what is there before it plays.
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  const tool = page.getByRole('button', { name: 'Degrade', exact: true });
  await tool.click();
  const dialog = page.getByRole('dialog');
  // The form is fetched when it is first opened, and counting waits for nothing.
  const from = dialog.getByLabel('From');
  await from.waitFor();
  const regions = await from.getByRole('option').count();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  for (let a = 0; a < regions; a += 1) {
    for (let b = a + 1; b < regions; b += 1) {
      await tool.click();
      await from.selectOption({ index: a });
      // The other list lacks the region that the first one names.
      await dialog.getByLabel('To').selectOption({ index: b - 1 });
      await dialog.getByLabel('Lost, %').fill('0');
      await dialog.getByLabel('Slower by, ms').fill(`${SLOWER_BY_MS}`);
      await dialog.getByRole('button', { name: 'Do it' }).or(dialog.locator('[type=submit]')).first().click();
      await dialog.waitFor({ state: 'hidden' });
    }
  }
}

/** Milliseconds of the page's main thread between one frame and the next. */
function busyPerFrame(events) {
  const key = ({ pid, tid }) => `${pid} ${tid}`;
  const starts = new Map();
  for (const event of events.filter(({ name }) => name === 'FireAnimationFrame')) {
    starts.set(key(event), [...(starts.get(key(event)) ?? []), event.ts]);
  }
  const [thread, times] = [...starts].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  if (times === undefined) throw new Error('the page asked for no animation frames');
  times.sort((a, b) => a - b);
  const own = events.filter((event) => event.ph === 'X' && key(event) === thread);
  const tasks = own.filter(({ name }) => name === 'RunTask');
  const scripts = own.filter(({ name }) => SCRIPT.includes(name));
  return {
    frames: shareOut(tasks, times),
    scripts: shareOut(scripts, times),
    cpu: shareOut(tasks, times, ({ tdur }) => tdur ?? 0),
  };
}

/** The time of pieces of work, for each frame that they were done for. */
function shareOut(pieces, times, timeOf = ({ dur }) => dur) {
  const busy = new Array(times.length).fill(0);
  let frame = -1;
  let end = 0;
  for (const piece of pieces.sort((a, b) => a.ts - b.ts)) {
    const { ts, dur } = piece;
    while (frame + 1 < times.length && times[frame + 1] <= ts + dur) frame += 1;
    // What runs within another piece is part of it already.
    if (frame >= 0 && ts >= end) busy[frame] += timeOf(piece) / 1000;
    end = Math.max(end, ts + dur);
  }
  return busy;
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * share) / 100) - 1)];
}
