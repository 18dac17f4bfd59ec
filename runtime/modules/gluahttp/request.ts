/** The options table of a request of glua_http. */
import { entries, LuaTable, type LuaValue, rawGet, textOf, toBuffer, toUtf8String } from '../../host/index.ts';
import type { OutboundRequest } from '../../services/index.ts';
import { isHttpToken } from '../../services/index.ts';
import { parseDuration } from '../go/duration.ts';
import { basicCredentials, isHeaderValue } from '../go/headers.ts';
import { quote } from '../go/quote.ts';

/** What is wrong with the options; the message is a byte string, for the script. */
export class UnusableOptions extends Error {}

type Header = readonly [name: string, value: string];

/** Throws UnusableOptions or InvalidDuration. Options that are no table are no options. */
export function readRequest(method: string, url: string, given: LuaValue): OutboundRequest {
  const options = given instanceof LuaTable ? given : new LuaTable();
  const query = rawGet(options, 'query');
  const body = rawGet(options, 'body');
  const form = rawGet(options, 'form');
  const content = typeof body === 'string' ? body : typeof form === 'string' ? form : undefined;
  const isForm = typeof body !== 'string' && typeof form === 'string';
  const headers: Header[] = [];
  if (isForm) headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
  headers.push(...cookieHeader(rawGet(options, 'cookies')), ...authHeader(rawGet(options, 'auth')));
  return {
    method: toUtf8String(method).toUpperCase(),
    url: typeof query === 'string' ? withQuery(toUtf8String(url), toUtf8String(query)) : toUtf8String(url),
    headers: checked(withOwn(headers, rawGet(options, 'headers'))),
    body: content === undefined ? undefined : toBuffer(content),
    timeoutMs: readTimeout(rawGet(options, 'timeout')),
  };
}

function withQuery(url: string, query: string): string {
  const [, before = '', , fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  return query === '' ? before + fragment : `${before}?${query}${fragment}`;
}

function cookieHeader(cookies: LuaValue): readonly Header[] {
  if (!(cookies instanceof LuaTable)) return [];
  const pairs = [...entries(cookies)].map(([name, value]) => `${textOf(name)}=${textOf(value)}`);
  return pairs.length === 0 ? [] : [['Cookie', pairs.join('; ')]];
}

function authHeader(auth: LuaValue): readonly Header[] {
  if (!(auth instanceof LuaTable)) return [];
  const [user, pass] = [rawGet(auth, 'user'), rawGet(auth, 'pass')];
  if (user === undefined || pass === undefined) {
    throw new UnusableOptions('auth table must contain no nil user and pass fields');
  }
  return [['Authorization', basicCredentials(textOf(user), textOf(pass))]];
}

/** The script's own headers replace those that options have made. */
function withOwn(made: readonly Header[], given: LuaValue): readonly Header[] {
  if (!(given instanceof LuaTable)) return made;
  const own = [...entries(given)].map(([name, value]): Header => [textOf(name), textOf(value)]);
  const replaced = new Set(own.map(([name]) => name.toLowerCase()));
  return [...made.filter(([name]) => !replaced.has(name.toLowerCase())), ...own];
}

/** A line break would begin a header of its own (RFC 9110 section 5.5). */
function checked(headers: readonly Header[]): readonly Header[] {
  for (const [name, value] of headers) checkHeader(name, value);
  return headers;
}

function checkHeader(name: string, value: string): void {
  if (!isHttpToken(name)) throw new UnusableOptions(`net/http: invalid header field name ${quote(name)}`);
  if (!isHeaderValue(value)) throw new UnusableOptions(`net/http: invalid header field value for ${quote(name)}`);
}

/** Milliseconds; a number is seconds. */
function readTimeout(timeout: LuaValue): number | undefined {
  if (typeof timeout === 'number') return timeout * 1000;
  return typeof timeout === 'string' ? parseDuration(toUtf8String(timeout)) : undefined;
}
