// Runs the end-to-end tests: `node run.mjs [PART OF A FILE NAME | --name=PATTERN]...`
//
// Each file is a process of its own with a browser of its own. Prints every test
// and, at the end, how many passed and failed.

import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { basename, join, relative } from 'node:path';
import { availableParallelism } from 'node:os';

/** No file may take longer; page.mjs says how long a test may. */
const FILE_TIMEOUT_MS = 900_000;

const here = fileURLToPath(new URL('.', import.meta.url));
const names = process.argv.slice(2).filter((argument) => argument.startsWith('--name='));
const parts = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const files = readdirSync(here)
  .filter((file) => file.endsWith('.test.mjs'))
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
  .sort()
  .map((file) => join(here, file));
if (files.length === 0) {
  console.error(`no file *.test.mjs in tests/e2e has ${parts.join(' or ')} in its name`);
  process.exit(2);
}
const results = process.env.SPLITBRAIN_RESULTS ?? join(here, 'results');
rmSync(results, { recursive: true, force: true });

let passed = 0;
let failed = 0;
// Without tests of its own a file is reported as one test under its path: a file
// that cannot even be loaded counts as failed, a suite counts by its tests.
const isTest = ({ name, details }) => details?.type !== 'suite' && !files.includes(name);

const stream = run({
  files,
  concurrency: Math.max(1, Math.min(2, availableParallelism())),
  timeout: FILE_TIMEOUT_MS,
  testNamePatterns: names.map((name) => new RegExp(name.slice('--name='.length), 'u')),
});
stream.on('test:pass', (event) => {
  if (isTest(event) && !event.skip && !event.todo) passed += 1;
});
stream.on('test:fail', (event) => {
  const ofSubtests = event.details?.error?.failureType === 'subtestsFailed';
  if (!ofSubtests && event.details?.type !== 'suite') failed += 1;
});
const report = stream.compose(new spec());
report.pipe(process.stdout);
report.on('end', () => {
  const all = files.length === 1 ? basename(files[0]) : `${files.length} files`;
  console.log(`e2e: ${passed} passed, ${failed} failed`);
  if (failed > 0) console.log(`screenshots and consoles of ${all}: ${relative(process.cwd(), results)}`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
});
