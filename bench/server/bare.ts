/** The yardstick: a bare fastify handler that gives the answer to a login, and asks Redis the same when told so. */
import { parseArgs } from 'node:util';
import fastify from 'fastify';
import { Redis } from 'ioredis';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    redis: { type: 'string', default: '' },
    steps: { type: 'string', default: '' },
    cache: { type: 'string', default: 'Miss' },
  },
});
const steps = new Set(options.steps.split(','));
const redis = steps.has('') ? undefined : new Redis(Number(options.redis), '127.0.0.1');
const hasRoute = steps.has('route');

interface LoginRequest {
  readonly username: string;
  readonly password: string;
  readonly client_ip: string;
}

const SESSION = '00000000-0000-4000-8000-000000000000';

/** The body of an accepted login. */
function accept(account: string, route: Readonly<Record<string, string>>): object {
  const added = hasRoute ? { routes: [String(Object.keys(route).length)], store: [route.store ?? 'none'] } : {};
  return {
    passdb_backend: 3,
    account_field: 'account',
    totp_secret_field: null,
    webauth_userid_field: null,
    display_name_field: null,
    attributes: { account: [account], hostip: ['192.0.2.200'], quota: ['1048576'], ...added },
  };
}

/** As a post action does: behind the answer. */
async function count(isAccepted: boolean): Promise<void> {
  await redis?.hincrby('bench:logins', isAccepted ? 'success' : 'failure', 1);
  await redis?.expire('bench:logins', 3600);
}

const server = fastify({ keepAliveTimeout: 60_000 });
server.post<{ Body: LoginRequest }>('/api/v1/auth/json', async (request, reply) => {
  const { username, password, client_ip } = request.body;
  if (steps.has('block-list')) await redis?.sismember('bench:blocked', client_ip);
  const isAccepted = password === 'correct horse';
  const route = isAccepted && hasRoute ? await redis?.hgetall('bench:route') : undefined;
  if (steps.has('counter')) setImmediate(() => void count(isAccepted));
  reply.type('application/json; charset=UTF-8').header('X-Nauthilus-Session', SESSION);
  if (!isAccepted) {
    reply.code(403).header('Auth-Status', 'Invalid login or password');
    return reply.send('null');
  }
  const account = `${username}@example.test`;
  reply.headers({ 'Auth-Status': 'OK', 'Auth-User': account, 'X-Nauthilus-Memory-Cache': options.cache });
  return accept(account, route ?? {});
});
server.listen({ host: '127.0.0.1', port: Number(options.port) }, (error) => {
  if (error !== null) throw error;
});
