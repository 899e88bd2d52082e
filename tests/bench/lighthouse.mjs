// Lighthouse on the release page, served compressed as a static host does.
// Prints a line `bench NAME VALUE` per category, and why points are missing.

import { fileURLToPath } from 'node:url';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { executable, FLAGS } from '../e2e/browser.mjs';
import { serve } from '../e2e/static_server.mjs';

const dist = process.env.SPLITBRAIN_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const server = await serve([dist], { compress: true });
const chrome = await launch({
  chromePath: executable(),
  chromeFlags: [...FLAGS, '--headless'],
  logLevel: 'error',
});
try {
  const options = { port: chrome.port, output: 'json', logLevel: 'error' };
  for (const [screen, config] of [['', desktopConfig], ['_phone', undefined]]) {
    const { lhr } = await lighthouse(`${server.origin}/`, options, config);
    for (const category of Object.values(lhr.categories)) {
      const name = category.id.replaceAll('-', '_');
      console.log(`bench lighthouse_${name}${screen} ${Math.round(category.score * 100)}`);
      for (const { id, weight } of category.auditRefs) {
        const { score, title, displayValue } = lhr.audits[id];
        if (weight > 0 && score !== null && score < 1) {
          console.log(`  ${category.id}: ${title} (${score}) ${displayValue ?? ''}`);
        }
      }
    }
  }
} finally {
  chrome.kill();
  await server.close();
}
