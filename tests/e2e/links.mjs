// Links to runs: made through the page, taken apart and forged.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { open } from './page.mjs';
import { button, isThere, letPass, pause, use } from './learner.mjs';

export const MIB = 1 << 20;

/** Opens the share dialog and takes the link out of it. */
export async function linkOf(page) {
  await button(page, 'Share').click();
  const dialog = page.getByRole('dialog', { name: 'Share this run' });
  const field = dialog.getByRole('textbox', { name: /^Link/u });
  await field.waitFor();
  const link = await field.inputValue();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return link;
}

/** The bytes of the run in a link. */
export const unpack = (link) => inflateRawSync(Buffer.from(link.split('#s=v1.')[1], 'base64url'));

/** The address of a link with these bytes in it. */
export const pack = (bytes) => `/#s=v1.${deflateRawSync(bytes).toString('base64url')}`;

/** A page with a run in which something was done, paused. */
export async function madeRun(t, options) {
  const opened = await open(t, options);
  const { page } = opened;
  await isThere(page);
  await letPass(page, 1_000);
  await use(page, 'Write', { Customer: 'Mika', Item: 'lamp', 'Price, €': '123' });
  await letPass(page, 1_500);
  await pause(page);
  return opened;
}
