// How long the main thread is busy for each frame while the page plays, out of
// Chromium's own trace. Prints lines `bench NAME VALUE` in milliseconds.

import { fileURLToPath } from 'node:url';
import { launch } from '../e2e/browser.mjs';
import { serve } from '../e2e/static_server.mjs';

const WARM_UP_MS = 3_000;
const MEASURED_MS = 10_000;

const dist = process.env.SPLITBRAIN_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const server = await serve([dist]);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${server.origin}/`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForTimeout(WARM_UP_MS);
  await browser.startTracing(page, {
    categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  });
  await page.waitForTimeout(MEASURED_MS);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  const busy = busyPerFrame(trace.traceEvents);
  for (const share of [50, 95, 99]) {
    console.log(`bench frame_p${share} ${percentile(busy, share).toFixed(2)}`);
  }
  console.log(`bench frames_per_s ${(busy.length / (MEASURED_MS / 1000)).toFixed(1)}`);
} finally {
  await browser.close();
  await server.close();
}

/** Milliseconds of tasks on the page's main thread between one frame and the next. */
function busyPerFrame(events) {
  const key = ({ pid, tid }) => `${pid} ${tid}`;
  const starts = new Map();
  for (const event of events.filter(({ name }) => name === 'FireAnimationFrame')) {
    starts.set(key(event), [...(starts.get(key(event)) ?? []), event.ts]);
  }
  const [thread, frames] = [...starts].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  if (frames === undefined) throw new Error('the page asked for no animation frames');
  frames.sort((a, b) => a - b);
  const busy = new Array(frames.length).fill(0);
  const tasks = events
    .filter((event) => event.ph === 'X' && event.name === 'RunTask' && key(event) === thread)
    .sort((a, b) => a.ts - b.ts);
  let frame = -1;
  let end = 0;
  for (const { ts, dur } of tasks) {
    while (frame + 1 < frames.length && frames[frame + 1] <= ts + dur) frame += 1;
    // Tasks that run within another are part of it already.
    if (frame >= 0 && ts >= end) busy[frame] += dur / 1000;
    end = Math.max(end, ts + dur);
  }
  return busy;
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * share) / 100) - 1)];
}
