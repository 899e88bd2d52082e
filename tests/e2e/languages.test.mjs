// Both languages, and the theme.

import assert from 'node:assert/strict';
import { assertAccessible, open, test } from './page.mjs';
import { button, isThere } from './learner.mjs';

const html = (page, name) => page.evaluate((name) => document.documentElement.getAttribute(name), name);

test('the page speaks Ukrainian when asked, and remembers it', async (t) => {
  const { page, requests } = await open(t);
  await isThere(page);
  assert.equal(requests.filter((url) => url.includes('/words/')).length, 0);
  await page.getByRole('combobox', { name: 'Language' }).selectOption('uk');
  await page.getByRole('link', { name: 'Уроки' }).waitFor();
  assert.equal(await html(page, 'lang'), 'uk');
  await page.reload();
  await page.getByRole('button', { name: 'Поділитися' }).waitFor();
  await page.getByRole('combobox', { name: 'Мова' }).selectOption('en');
  await button(page, 'Share').waitFor();
  assert.equal(await html(page, 'lang'), 'en');
});

test('a browser in Ukrainian gets Ukrainian, and an address may say otherwise', async (t) => {
  const context = { locale: 'uk-UA' };
  const { page } = await open(t, { context });
  await page.getByRole('button', { name: 'Поділитися' }).waitFor();
  await assertAccessible(page, { exclude: ['.map'] });
  const { page: other } = await open(t, { context, path: '/?lang=en' });
  await button(other, 'Share').waitFor();
});

test('nothing on the page stays in English', async (t) => {
  const { page } = await open(t, { path: '/?lang=uk' });
  await isThere(page);
  const names = new Set(['Enter', 'Splitbrain', 'Mika', 'Nora', 'Ana', 'Ben', 'Chiyo', 'Davi', 'Ella', 'Farid', 'Grace']);
  const words = await page.evaluate(() => document.body.innerText);
  const english = words
    .split(/\s+/u)
    .filter((word) => /^[a-z]{4,}$/iu.test(word))
    .filter((word) => !names.has(word) && !/^(?:Ashburn|Dublin|Tokyo|Sydney|Paulo)$/u.test(word));
  assert.deepEqual(english, []);
});

test('a lesson speaks Ukrainian, and so does the list of lessons', async (t) => {
  const { page } = await open(t, { path: '/?lang=uk#/lessons' });
  await page.getByRole('link', { name: /Списано двічі/u }).click();
  const heading = page.getByRole('heading', { level: 1, name: 'Один дотик' });
  await heading.waitFor();
  assert.equal(await heading.evaluate((heading) => heading.closest('[lang]').lang), 'uk');
  assert.match(await page.title(), /^Списано двічі/u);
  await page.getByText('Цей урок поки що лише англійською.').waitFor({ state: 'hidden' });
  await page.getByRole('combobox', { name: 'Мова' }).selectOption('en');
  await page.getByRole('heading', { level: 1, name: 'One tap' }).waitFor();
});

test('a lesson that is in English only says so and is marked', async (t) => {
  const { page } = await open(t, {
    path: '/?lang=uk#/lesson/charged-twice',
    before: (page) =>
      page.route('**/lessons/charged-twice.json', async (route) => {
        const response = await route.fetch();
        const lesson = await response.json();
        delete lesson.texts.uk;
        await route.fulfill({ response, json: lesson });
      }),
  });
  await page.getByText('Цей урок поки що лише англійською.').waitFor();
  const heading = page.getByRole('heading', { level: 1, name: 'One tap' });
  await heading.waitFor();
  const lang = await heading.evaluate((heading) => heading.closest('[lang]').lang);
  assert.equal(lang, 'en');
});

test('where the words do not come, the page stays in English and says so', async (t) => {
  const { page } = await open(t, {
    before: (page) => page.route('**/words/uk.txt', (route) => route.fulfill({ status: 500 })),
    expectConsole: ['500 (Internal Server Error)'],
  });
  await isThere(page);
  await page.getByRole('combobox', { name: 'Language' }).selectOption('uk');
  await page.getByText(/words of this language could not be fetched/u).waitFor();
  await button(page, 'Share').waitFor();
});

test('the theme goes from the system to dark to light and is remembered', async (t) => {
  const { page } = await open(t, { context: { colorScheme: 'light' } });
  await isThere(page);
  const theme = page.getByRole('button', { name: /^Theme/u });
  await theme.click();
  assert.equal(await html(page, 'data-theme'), 'dark');
  await page.reload();
  await isThere(page);
  assert.equal(await html(page, 'data-theme'), 'dark');
  await theme.click();
  assert.equal(await html(page, 'data-theme'), 'light');
  await theme.click();
  assert.equal(await html(page, 'data-theme'), null);
});
