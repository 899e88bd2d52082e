// A static file server for the tests, like a plain host: files, types, 404.
//
// Two of them on two ports are two origins, which is what the embed tests need.

import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.toml': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Serves the first of `folders` that has the file, at a port the system picks.
 * With `compress` text and wasm go out as brotli, as most hosts send them.
 * Returns `{ origin, close }`.
 */
export async function serve(folders, { compress = false } = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = await find(folders, decodeURIComponent(pathname));
    if (file === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`${pathname}: not found`);
      return;
    }
    const headers = {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'no-store',
      // embed.js is a module, which a page of another origin may load only so.
      'access-control-allow-origin': '*',
    };
    let body = await readFile(file);
    if (compress && /\bbr\b/u.test(request.headers['accept-encoding'] ?? '')) {
      headers['content-encoding'] = 'br';
      body = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
    }
    response.writeHead(200, headers);
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://localhost:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function find(folders, pathname) {
  const path = normalize(pathname).replace(/^(\.\.[/\\])+/, '');
  for (const folder of folders) {
    for (const file of [join(folder, path), join(folder, path, 'index.html')]) {
      if (file.startsWith(folder) && (await isFile(file))) return file;
    }
  }
  return undefined;
}

async function isFile(path) {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
