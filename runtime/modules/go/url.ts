/** URLs as Go's net/url reads and writes them; byte strings. Stricter in some places and laxer in others than browsers. */
import { charge } from '../../host/index.ts';
import { quote } from './quote.ts';

/** Why a text is no URL; `message` is what scripts get. */
export class UrlError extends Error {}

export interface UserInfo {
  readonly username: string;
  readonly password: string | undefined;
}

export interface GoUrl {
  readonly scheme: string;
  /** What follows a scheme without a slash: `mailto:a@b`. */
  readonly opaque: string;
  readonly user: UserInfo | undefined;
  /** With the port. */
  readonly host: string;
  /** Decoded. */
  readonly path: string;
  /** As it was written, where that is not how it would be written by default. */
  readonly rawPath: string;
  /** Was there a `?` with nothing behind it? */
  readonly hasEmptyQuery: boolean;
  readonly rawQuery: string;
}

export const EMPTY_URL: GoUrl = {
  scheme: '',
  opaque: '',
  user: undefined,
  host: '',
  path: '',
  rawPath: '',
  hasEmptyQuery: false,
  rawQuery: '',
};

type Place = 'path' | 'host' | 'user' | 'query';

/** What does not stay as it is. */
const ESCAPED: Readonly<Record<Place, RegExp>> = {
  path: /[^A-Za-z0-9\-_.~$&+,/:;=@]/g,
  host: /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/g,
  user: /[^A-Za-z0-9\-_.~$&+,;=]/g,
  query: /[^A-Za-z0-9\-_.~]/g,
};

export function encodeUrl(bytes: string, place: Place): string {
  return bytes.replace(ESCAPED[place], (character) =>
    character === ' ' && place === 'query'
      ? '+'
      : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Throws `UrlError`: `invalid URL escape "%zz"`. */
export function decodeUrl(text: string, place: Place): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = place === 'query' ? text.replaceAll('+', ' ') : text;
  return spaced.replace(/%(.{0,2})/gs, (all, digits: string) => {
    const isHost = place === 'host' && /^[0-7]/.test(digits) && digits !== '25';
    if (!/^[0-9a-f]{2}$/i.test(digits) || isHost) throw new UrlError(`invalid URL escape ${quote(all)}`);
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
}

/** Throws `UrlError` with the text in front: `parse ":x": missing protocol scheme`. */
export function parseUrl(text: string): GoUrl {
  try {
    return parse(text);
  } catch (thrown) {
    if (thrown instanceof UrlError) throw new UrlError(`parse ${quote(text)}: ${thrown.message}`);
    throw thrown;
  }
}

function parse(text: string): GoUrl {
  const [beforeFragment = '', fragment] = cut(text, '#');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\0-\x1f\x7f]/.test(text)) throw new UrlError('net/url: invalid control character in URL');
  if (fragment !== undefined) decodeUrl(fragment, 'path');
  if (beforeFragment === '*') return { ...EMPTY_URL, path: '*' };
  const { scheme, rest: afterScheme } = splitScheme(beforeFragment);
  const [rest = '', query] = cut(afterScheme, '?');
  const base = { ...EMPTY_URL, scheme, rawQuery: query ?? '', hasEmptyQuery: query === '' };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...base, opaque: rest };
    if (/^[^/]*:/.test(rest)) throw new UrlError('first path segment in URL cannot contain colon');
  }
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///'))) return { ...base, ...readPath(rest) };
  const end = rest.indexOf('/', 2);
  const authority = end < 0 ? rest.slice(2) : rest.slice(2, end);
  return { ...base, ...readAuthority(authority), ...readPath(end < 0 ? '' : rest.slice(end)) };
}

function cut(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function splitScheme(text: string): { readonly scheme: string; readonly rest: string } {
  if (text.startsWith(':')) throw new UrlError('missing protocol scheme');
  const [all, scheme] = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text) ?? [];
  if (all === undefined || scheme === undefined) return { scheme: '', rest: text };
  return { scheme: scheme.toLowerCase(), rest: text.slice(all.length) };
}

function readPath(text: string): Pick<GoUrl, 'path' | 'rawPath'> {
  const path = decodeUrl(text, 'path');
  return { path, rawPath: encodeUrl(path, 'path') === text ? '' : text };
}

function readAuthority(authority: string): Pick<GoUrl, 'user' | 'host'> {
  const at = authority.lastIndexOf('@');
  const host = readHost(authority.slice(at + 1));
  if (at < 0) return { user: undefined, host };
  const given = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(given)) throw new UrlError('net/url: invalid userinfo');
  const [name, password] = cut(given, ':');
  return {
    user: {
      username: decodeUrl(name, 'user'),
      password: password === undefined ? undefined : decodeUrl(password, 'user'),
    },
    host,
  };
}

function readHost(text: string): string {
  const end = text.startsWith('[') ? text.lastIndexOf(']') : undefined;
  if (end === -1) throw new UrlError("missing ']' in host");
  const colon = end === undefined ? text.lastIndexOf(':') : end + 1;
  const port = colon < 0 ? '' : text.slice(colon);
  if (!/^(:[0-9]*)?$/.test(port)) throw new UrlError(`invalid port ${quote(port)} after host`);
  const [foreign] = /(?![%A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"])[\0-\x7f]/.exec(text) ?? [];
  if (foreign !== undefined) throw new UrlError(`invalid character ${quote(foreign)} in host name`);
  return decodeUrl(text, 'host');
}

/** The path as it is sent. */
export function escapedPath({ path, rawPath }: GoUrl): string {
  if (rawPath !== '' && /^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]/%]*$/.test(rawPath)) return rawPath;
  return path === '*' ? '*' : encodeUrl(path, 'path');
}

/** Path and query, as in the first line of a request. */
export function requestTarget(url: GoUrl): string {
  const query = url.rawQuery !== '' || url.hasEmptyQuery ? `?${url.rawQuery}` : '';
  return (escapedPath(url) || '/') + query;
}

export function urlText(url: GoUrl, hidesPassword = false): string {
  const { scheme, opaque, user, host } = url;
  let text = scheme === '' ? '' : `${scheme}:`;
  const query = url.rawQuery !== '' || url.hasEmptyQuery ? `?${url.rawQuery}` : '';
  if (opaque !== '') return text + opaque + query;
  const path = escapedPath(url);
  if (scheme !== '' || host !== '' || user !== undefined) {
    if (host !== '' || path !== '' || user !== undefined) text += '//';
    if (user !== undefined) text += `${userText(user, hidesPassword)}@`;
    text += encodeUrl(host, 'host');
  }
  if (path !== '' && !path.startsWith('/') && host !== '') text += '/';
  // A colon in the first segment would make it a scheme.
  if (text === '' && /^[^/]*:/.test(path)) text += './';
  return text + path + query;
}

function userText({ username, password }: UserInfo, hidesPassword: boolean): string {
  const name = encodeUrl(username, 'user');
  if (password === undefined) return name;
  return `${name}:${hidesPassword ? '***' : encodeUrl(password, 'user')}`;
}

/** The digits after the host; empty when there are none. */
export function portOf({ host }: GoUrl): string {
  return /:([0-9]+)$/.exec(host)?.[1] ?? '';
}

/** Without port and brackets. */
export function hostNameOf({ host }: GoUrl): string {
  return host.replace(/:[0-9]*$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** What a reference in a document at `base` leads to (RFC 3986 section 5.2). Throws `UrlError`. */
export function resolveUrl(base: GoUrl, reference: string): GoUrl {
  const target = parseUrl(reference);
  if (target.scheme !== '') return { ...target, ...withoutDots(escapedPath(target)) };
  const { scheme } = base;
  if (target.host !== '' || target.user !== undefined)
    return { ...target, scheme, ...withoutDots(escapedPath(target)) };
  const { user, host } = base;
  if (target.path === '' && target.opaque === '') {
    const keepsQuery = target.rawQuery === '' && !target.hasEmptyQuery;
    return { ...base, ...(keepsQuery ? {} : { rawQuery: target.rawQuery, hasEmptyQuery: target.hasEmptyQuery }) };
  }
  const path = escapedPath(target);
  const own = escapedPath(base);
  const full = path.startsWith('/') ? path : own.slice(0, own.lastIndexOf('/') + 1) + path;
  return { ...target, scheme, user, host, ...withoutDots(full) };
}

function withoutDots(path: string): Pick<GoUrl, 'path' | 'rawPath'> {
  if (path === '') return { path: '', rawPath: '' };
  const segments = path.split('/');
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  const last = segments.at(-1);
  if (last === '.' || last === '..') kept.push('');
  return readPath(`/${kept.join('/').replace(/^\/+/, '')}`);
}

const STEPS_PER_PAIR = 8;

/** Names with their values in order; pairs with a semicolon or a broken escape are dropped. */
export function parseQuery(rawQuery: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const pair of rawQuery.split('&')) {
    charge(STEPS_PER_PAIR);
    if (pair === '' || pair.includes(';')) continue;
    const [name, value = ''] = cut(pair, '=');
    try {
      const key = decodeUrl(name, 'query');
      const decoded = decodeUrl(value, 'query');
      const values = found.get(key);
      if (values === undefined) found.set(key, [decoded]);
      else values.push(decoded);
    } catch (thrown) {
      if (!(thrown instanceof UrlError)) throw thrown;
    }
  }
  return found;
}

/** Names sorted by bytes. */
export function queryText(values: ReadonlyMap<string, readonly string[]>): string {
  const names = [...values.keys()].sort();
  return names
    .flatMap((name) =>
      (values.get(name) ?? []).map((value) => {
        charge(STEPS_PER_PAIR);
        return `${encodeUrl(name, 'query')}=${encodeUrl(value, 'query')}`;
      }),
    )
    .join('&');
}
