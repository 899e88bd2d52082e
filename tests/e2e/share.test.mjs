// A run leaves the page as a link or a file, and comes back as it was.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { assertAccessible, open, pageOrigin, test } from './page.mjs';
import { branches, button, isThere, letPass, now, panel, pause, tab, until, use } from './learner.mjs';
import { linkOf, madeRun } from './links.mjs';

/** What the regions panel says, which is what two pages must agree on. */
async function regions(page) {
  await tab(page, 'Regions').click();
  return panel(page).innerText();
}

test('a link opens the whole run at its moment, in another browser', async (t) => {
  const { page } = await madeRun(t);
  const [link, moment, shown] = [await linkOf(page), await now(page), await regions(page)];
  assert.ok(link.startsWith(`${await pageOrigin()}/#s=v1.`), link);
  assert.ok(link.length < 8_000, `${link.length} characters`);

  const { page: other } = await open(t, { path: link.slice((await pageOrigin()).length) });
  await other.getByText(/Opened a shared run at/u).waitFor();
  await until(async () => (await now(other)) === moment, 'the moment of the link');
  assert.equal(await regions(other), shown);
  assert.equal(new URL(other.url()).hash, '#/');
  await button(other, 'Play').waitFor();
  assert.equal(await other.getByText('the outcome').count(), 0);
});

test('the share dialog copies, says how long the link is, and is accessible', async (t) => {
  const { page } = await madeRun(t, { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await button(page, 'Share').click();
  const dialog = page.getByRole('dialog', { name: 'Share this run' });
  const field = dialog.getByRole('textbox', { name: /^Link, \d+ characters/u });
  await field.waitFor();
  await assertAccessible(page, { exclude: ['.map'] });
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await field.inputValue());
});

test('a file holds the run too', async (t) => {
  const { page } = await madeRun(t);
  const moment = await now(page);
  await button(page, 'Share').click();
  const dialog = page.getByRole('dialog', { name: 'Share this run' });
  const coming = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save as a file' }).click();
  const download = await coming;
  assert.match(download.suggestedFilename(), /\.splitbrain$/u);
  const bytes = await readFile(await download.path());

  const { page: other } = await open(t);
  await isThere(other);
  await button(other, 'Share').click();
  const choosing = other.waitForEvent('filechooser');
  await other.getByRole('button', { name: 'Open a file' }).click();
  await (await choosing).setFiles({ name: 'run.splitbrain', mimeType: '', buffer: bytes });
  await other.getByText(/Opened a shared run at/u).waitFor();
  await until(async () => (await now(other)) === moment, 'the moment of the file');
});

test('a link does not take away what one was doing', async (t) => {
  const { page } = await madeRun(t);
  const link = await linkOf(page);

  const { page: other } = await madeRun(t);
  const moment = await now(other);
  await other.goto(link);
  await other.getByText(/Opened a shared run at/u).waitFor();
  await until(async () => (await branches(other)) === 2, 'the own run as a branch');
  await other.reload();
  await isThere(other);
  assert.equal(await branches(other), 2);
  await pause(other);
  await other.getByRole('button', { name: /2 branches/u }).click();
  const list = other.getByRole('dialog');
  await list.getByRole('button', { name: /First run|Branch/u }).first().click();
  await until(async () => Math.abs((await now(other)) - moment) < 1, 'the own moment');
});

test('a run of a lesson opens in its lesson', async (t) => {
  const { page } = await open(t, { path: '/#/lesson/charged-twice' });
  await page.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await use(page, 'Pay', { Customer: 'Ana', 'Amount, €': '40' });
  await letPass(page, 1_000);
  await pause(page);
  const [link, moment] = [await linkOf(page), await now(page)];
  const { page: other } = await open(t, { path: link.slice((await pageOrigin()).length) });
  await other.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await until(async () => (await now(other)) === moment, 'the moment of the link');
});
