/** A folder as a web site, as Go's `http.FileServer` shows it: index pages, lists of files, ranges. */
import { once } from 'node:events';
import { ReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromUtf8, toUtf8String } from '../../host/index.ts';
import { encodeUrl, parseUrl, UrlError } from '../go/url.ts';
import { escapeHtml } from './html.ts';

const INDEX = 'index.html';

export async function answerFile(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await answerPath(folder, request, response);
  } catch {
    if (!response.headersSent) answerText(response, 500, '500 Internal Server Error');
    response.end();
  }
}

async function answerPath(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = pathOf(request.url ?? '/');
  if (asked === undefined || asked.includes('\0')) return answerText(response, 400, '400 Bad Request');
  // What leads out of the folder ends at it.
  const path = posix.normalize(`/${asked}`);
  const file = join(folder, path);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return answerText(response, 404, '404 page not found');
  if (path.endsWith(`/${INDEX}`)) return redirect(response, './');
  if (!found.isDirectory()) {
    if (path.endsWith('/')) return redirect(response, `../${posix.basename(path)}`);
    return sendFile(folder, path, request, response);
  }
  if (!path.endsWith('/')) return redirect(response, `${posix.basename(path)}/`);
  const index = await stat(join(file, INDEX)).catch(() => undefined);
  if (index !== undefined) return sendFile(folder, path + INDEX, request, response);
  return answerList(file, response);
}

function pathOf(target: string): string | undefined {
  try {
    return toUtf8String(parseUrl(target).path);
  } catch (thrown) {
    if (thrown instanceof UrlError) return undefined;
    throw thrown;
  }
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' });
  response.end(`${text}\n`);
}

/** Relative, so that it holds behind a proxy, too. */
function redirect(response: ServerResponse, location: string): void {
  response.writeHead(301, { Location: escapePath(location) }).end();
}

function escapePath(path: string): string {
  return encodeUrl(fromUtf8(path), 'path');
}

/** The library is loaded with the first file. */
async function sendFile(
  folder: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { send } = await import('@fastify/send');
  const options = { root: folder, index: false, dotfiles: 'allow', etag: false, cacheControl: false } as const;
  const { statusCode, headers, stream } = await send(request, escapePath(path), options);
  // Rejects for a file that cannot be read.
  if (stream instanceof ReadStream) await once(stream, 'open');
  response.writeHead(statusCode, headers);
  // When the client goes away, or reading fails, both sides are closed and nothing is left to say.
  await pipeline(stream, response).catch(() => undefined);
}

async function answerList(folder: string, response: ServerResponse): Promise<void> {
  const found = await readdir(folder, { withFileTypes: true });
  const names = found.map((each) => (each.isDirectory() ? `${each.name}/` : each.name)).sort();
  // A colon in the first segment would make it a scheme.
  const lines = names.map((name) => {
    const target = escapePath(name);
    return `<a href="${target.includes(':') ? './' : ''}${target}">${escapeHtml(name)}</a>\n`;
  });
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${lines.join('')}</pre>\n`,
  );
}
