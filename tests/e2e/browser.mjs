// Chromium for the tests and the measurements: which one, and with what flags.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Without a screen, as root too, and without traffic of its own. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** The browser that `cargo xtask` found, else the first on the PATH. */
export function executable() {
  const named = process.env.SPLITBRAIN_CHROMIUM;
  if (named) return named;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) {
      const file = join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  throw new Error('no Chromium on the PATH; `cargo xtask setup` installs one');
}

/** Starts a browser with a fresh profile. */
export function launch() {
  return chromium.launch({ executablePath: executable(), headless: true, args: FLAGS });
}
