// Links that are broken, foreign, newer or hostile: named, and nothing is lost.

import assert from 'node:assert/strict';
import { open, pageOrigin, test } from './page.mjs';
import { branches, isThere, letPass, now } from './learner.mjs';
import { linkOf, madeRun, MIB, pack, unpack } from './links.mjs';

const BAD = [
  ['a form that is none', '/#s=hello', /not a Splitbrain link/u],
  ['nothing in it', '/#s=v1.', /not a Splitbrain link/u],
  ['a foreign letter', '/#s=v1.abc$def', /“\$” at place 4/u],
  ['damaged contents', '/#s=v1.____', /damaged/u],
  ['a newer format', '/#s=v9.AAAA', /format 9, known here: 1/u],
  ['bytes that are no run', pack(Buffer.from('this is no run at all')), /byte|format/u],
  ['bytes of a newer version', pack(Buffer.from([9, 1, 1])), /format 9/u],
  ['a bomb', pack(Buffer.alloc(64 * MIB)), /beyond 4 MiB/u],
  ['no place', '/#/nowhere/at/all', /no place “\/nowhere/u],
];
for (const [name, path, message] of BAD) {
  test(`a bad link is named and the page goes on: ${name}`, async (t) => {
    const { page } = await open(t, { path });
    const said = page.getByRole('alert');
    await said.first().waitFor();
    assert.match(await said.first().innerText(), message);
    await isThere(page);
    await letPass(page, 500);
    await said.getByRole('button', { name: 'Dismiss' }).click();
    await said.waitFor({ state: 'hidden' });
  });
}

test('a link cut short is named with its place, and nothing is lost', async (t) => {
  const { page } = await madeRun(t);
  const link = await linkOf(page);
  const bytes = unpack(link);
  const { page: other } = await madeRun(t);
  const moment = await now(other);
  await other.goto((await pageOrigin()) + pack(bytes.subarray(0, bytes.length - 3)));
  await other.getByRole('alert').getByText(/byte \d+/u).waitFor();
  assert.equal(await branches(other), 1);
  assert.equal(await now(other), moment);
});

test('a run of another engine or of a changed world says that it may differ', async (t) => {
  const { page } = await madeRun(t);
  const bytes = unpack(await linkOf(page));
  const engine = Buffer.from(bytes);
  engine[1] = 99; // after the version comes the engine's revision
  const { page: other } = await open(t, { path: pack(engine) });
  await other.getByText(/engine revision 99.*may differ/u).waitFor();

  const world = Buffer.from(bytes);
  world[3 + 'playground'.length] ^= 1; // then the scenario's name, then its hash
  const { page: third } = await open(t, { path: pack(world) });
  await third.getByText(/“playground” has changed.*may differ/u).waitFor();

  const foreign = Buffer.from(bytes);
  foreign.write('plaYground', 3);
  const { page: fourth } = await open(t, { path: pack(foreign) });
  await fourth.getByRole('alert').getByText(/no world “plaYground”/u).waitFor();
});

test('a run that goes differently here than there says so', async (t) => {
  const { page } = await madeRun(t);
  const bytes = Buffer.from(unpack(await linkOf(page)));
  // The seed's first byte: after version, revision, name, hash and no choices.
  bytes[3 + 'playground'.length + 8 + 1] ^= 1;
  const { page: other } = await open(t, { path: pack(bytes) });
  await other.getByText('goes differently here').waitFor();
});
