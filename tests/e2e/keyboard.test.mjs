// Everything from the keyboard: no pointer touches the page here.

import assert from 'node:assert/strict';
import { open, test } from './page.mjs';
import { branches, button, isThere, letPass, now, panel, tab, until } from './learner.mjs';

/** Presses Tab until a control of this role and name has the focus. */
async function tabTo(page, control, what, most = 120) {
  await control.first().waitFor();
  for (let presses = 0; presses < most; presses += 1) {
    if (await control.evaluateAll((all) => all.includes(document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${most} presses of Tab did not lead to ${what}`);
}

const hasFocus = (control) => control.evaluate((one) => one === document.activeElement);

test('play, steps, moments, speed and branches have keys', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 3_000);
  await page.keyboard.press('Space');
  await button(page, 'Play').waitFor();
  const stopped = await now(page);
  await page.keyboard.press('ArrowLeft');
  await until(async () => (await now(page)) < stopped, 'a step back');
  const before = await now(page);
  await page.keyboard.press('Shift+ArrowLeft');
  await until(async () => (await now(page)) <= before - 900, 'a second back');
  await page.keyboard.press('Home');
  await until(async () => (await now(page)) === 0, 'the start');
  await page.keyboard.press('End');
  await until(async () => (await now(page)) === stopped, 'the end');
  const speed = page.getByRole('combobox', { name: 'Speed' });
  const chosen = () => speed.evaluate((list) => list.selectedOptions[0].label);
  assert.equal(await chosen(), '×1');
  await page.keyboard.press('+');
  await until(async () => (await chosen()) === '×2', 'twice the speed');
  await page.keyboard.press('b');
  await page.getByRole('dialog', { name: 'Branches' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('a price is set and a link cut without a pointer', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await letPass(page, 1_000);
  await page.keyboard.press('Space');
  const toolbox = page.getByRole('toolbar', { name: 'Act' });
  const write = toolbox.getByRole('button', { name: 'Write', exact: true });
  await tabTo(page, toolbox.getByRole('button'), 'the toolbox');
  await page.keyboard.press('Home');
  assert.ok(await hasFocus(write), 'the first tool');
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog');
  await form.waitFor();
  await tabTo(page, form.getByRole('textbox', { name: 'Price' }), 'the price');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('543');
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'hidden' });
  assert.ok(await hasFocus(write), 'the focus is back at the tool');
  const link = page.getByRole('button', { name: /^us-east-1 – eu-west-1, / });
  await tabTo(page, link, 'the link on the map');
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await tabTo(page, button(page, 'Play'), 'play');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^us-east-1 – eu-west-1, .*cut/u }).waitFor();
  await tabTo(page, page.getByRole('tab'), 'the tabs of the panels');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  assert.equal(await tab(page, 'Ledger').getAttribute('aria-selected'), 'true');
  await panel(page).getByRole('row').filter({ hasText: /“saved”.*543/u }).first().waitFor();
});

test('every command is found by its words in the palette', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await page.keyboard.press('Control+K');
  const palette = page.getByRole('dialog');
  await palette.waitFor();
  await page.keyboard.type('pause');
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'hidden' });
  await button(page, 'Play').waitFor();
  assert.equal(await branches(page), 1);
});

test('the focus is always seen and never trapped', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  await page.keyboard.press('Tab');
  assert.ok(await hasFocus(button(page, 'Skip to the stage')), 'the first stop leads past the bar');
  const seen = new Set();
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const held = document.activeElement;
      if (!held || held === document.body) return 'outside';
      const { outlineStyle, boxShadow } = getComputedStyle(held);
      const shown = outlineStyle !== 'none' || boxShadow !== 'none' || held instanceof SVGElement;
      return `${shown ? '' : 'UNSEEN '}${held.tagName} ${held.getAttribute('aria-label') ?? held.textContent.slice(0, 40)}`;
    });
    assert.ok(!stop.startsWith('UNSEEN'), stop);
    if (stop === 'outside') return;
    seen.add(stop);
  }
  throw new Error(`150 presses of Tab stay within ${seen.size} controls`);
});

test('a lesson is opened by its name from the palette, where it was left', async (t) => {
  const { page } = await open(t);
  await isThere(page);
  const opens = async (typed) => {
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog');
    await palette.getByRole('option', { name: 'Lesson: Charged twice' }).waitFor();
    await page.keyboard.type(typed);
    await until(async () => (await palette.getByRole('option').count()) === 1, 'one lesson');
    await page.keyboard.press('Enter');
  };
  await opens('lesson charged');
  await page.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
  await button(page, 'Next step').press('Enter');
  await page.getByRole('heading', { level: 1, name: 'How often does Ana pay?' }).waitFor();
  await opens('lesson cart');
  await page.getByRole('heading', { level: 1, name: 'One cart for two' }).waitFor();
  await opens('charged lesson');
  await page.getByRole('heading', { level: 1, name: 'How often does Ana pay?' }).waitFor();
});
