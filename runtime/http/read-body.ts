/** Reading a request body once, whatever its content type; nothing waits when there is none. */
import type { IncomingMessage } from 'node:http';

/** Largest body accepted, in bytes; a login needs far less. */
export const BODY_LIMIT = 1 << 20;

/** Milliseconds until a body has to be complete. */
const BODY_TIMEOUT = 10_000;

const EMPTY = Buffer.alloc(0);

/** `undefined`: larger than the limit. */
export type ReadBody = (body: Buffer | undefined) => void;

/** Calls `done` once, unless the client goes away first. */
export function readBody(request: IncomingMessage, done: ReadBody): void {
  const length = request.headers['content-length'];
  // HTTP/2 needs neither header for a body.
  const isEmpty = length === undefined ? request.httpVersionMajor < 2 : length === '0';
  if (request.headers['transfer-encoding'] === undefined && isEmpty) {
    request.resume();
    done(EMPTY);
  } else if (Number(length) > BODY_LIMIT) {
    done(undefined);
  } else {
    collectBody(request, done);
  }
}

function collectBody(request: IncomingMessage, done: ReadBody): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
    else refuse();
  };
  // Requests of HTTP/1.1 have this limit from their server.
  if (request.httpVersionMajor >= 2) limitTime(request);
  const finish = (): void => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size));
  const refuse = (): void => {
    request.off('data', take);
    request.off('end', finish);
    request.resume();
    done(undefined);
  };
  request.on('data', take);
  request.on('end', finish);
}

function limitTime(request: IncomingMessage): void {
  const limit = setTimeout(() => request.destroy(), BODY_TIMEOUT);
  request.once('end', () => clearTimeout(limit));
  request.once('close', () => clearTimeout(limit));
}
