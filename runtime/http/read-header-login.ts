/** Logins that arrive as request headers: `header`, `nginx`, `basic` and their older names. */
import * as z from 'zod';
import { type Config, HEADER_FIELDS, type HeaderField, Secret } from '../config/index.ts';
import type { LoginInput } from '../login/login.ts';
import type { Generation } from '../pipeline/generation.ts';
import { refusal } from './answers.ts';
import { identifyClient } from './client-identity.ts';
import type { Operation, Parameter } from './description.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';
import { headerFieldsOf, headerParameters } from './header-fields.ts';
import { isValidUsername, QUERY_PARAMETERS, readQuery } from './read-query.ts';

/** What requests carry whose logins are read from headers; `except`: fields that come from elsewhere. */
export function describeHeaders(config: Config, except: readonly HeaderField[] = []): Pick<Operation, 'parameters'> {
  const wanted = HEADER_FIELDS.filter((field) => !except.includes(field));
  return { parameters: [...headerParameters(config, wanted), ...FORWARDED, ...QUERY_PARAMETERS] };
}

const FORWARDED: readonly Parameter[] = [
  {
    name: 'X-Forwarded-For',
    in: 'header',
    description: 'The client, said by a trusted proxy: the last address that is no trusted proxy itself.',
    schema: z.string(),
  },
  {
    name: 'X-Forwarded-Proto',
    in: 'header',
    description: '`https`: a trusted proxy says that the client has connected over TLS.',
    schema: z.string(),
  },
];

/** What differs between the endpoints that read headers. */
export interface HeaderLogin {
  readonly username: string;
  readonly password: Secret;
  readonly protocol: string;
  readonly authMethod: string;
}

/** Every field from its header; 400 for a user name with forbidden characters or a password that is no base64. */
export function readHeaderLogin(request: HttpRequest, generation: Generation): LoginInput | HttpAnswer {
  const fields = headerFieldsOf(generation.config);
  const { headers } = request;
  const query = readQuery(request.query);
  const username = fields.read(headers, 'username');
  if (query.mode !== 'list-accounts' && !isValidUsername(username)) return refusal('invalid username');
  const encoded = fields.read(headers, 'password_encoded') === '1';
  const sent = fields.read(headers, 'password');
  const password = encoded ? decodePassword(sent) : sent;
  if (password === undefined) return refusal('password encoding error');
  return headerLoginInput(request, generation, {
    username,
    password: new Secret(password),
    protocol: fields.read(headers, 'protocol') || 'default',
    authMethod: fields.read(headers, 'auth_method'),
  });
}

/** The fields that all of these endpoints read alike, around the credentials. */
export function headerLoginInput(request: HttpRequest, generation: Generation, login: HeaderLogin): LoginInput {
  const fields = headerFieldsOf(generation.config);
  const { headers } = request;
  const { client, forwardedTls, untrustedProxy } = identifyClient(request, generation.config);
  if (untrustedProxy !== undefined) {
    generation.services.log.warn({ msg: `Client IP '${untrustedProxy}' not matching the trusted proxies` });
  }
  const query = readQuery(request.query);
  return {
    service: request.path.slice(request.path.lastIndexOf('/') + 1),
    protocol: login.protocol,
    mode: query.mode,
    username: login.username,
    password: login.password,
    authMethod: login.authMethod,
    loginAttempts: readCount(fields.read(headers, 'login_attempt')),
    client,
    userAgent: headers['user-agent'] ?? '',
    localIp: fields.read(headers, 'local_ip'),
    localPort: fields.read(headers, 'local_port'),
    tls: fields.readTls(headers, forwardedTls),
    useMemoryCache: query.useMemoryCache,
    useRedisCache: query.useRedisCache,
    runsFeatures: true,
    uriPath: request.path,
  };
}

/** URL-safe base64 (RFC 4648 section 5) with or without padding, to a byte string; undefined when it is something else. */
function decodePassword(text: string): string | undefined {
  const bare = text.replace(/=+$/, '');
  if (!/^[A-Za-z0-9_-]*$/.test(bare) || bare.length % 4 === 1) return undefined;
  return Buffer.from(bare, 'base64url').toString('latin1');
}

/** Base-10 integer; everything else, also a negative number, is 0. */
function readCount(text: string): number {
  if (!/^\+?\d{1,10}$/.test(text)) return 0;
  return Number(text);
}
