/**
 * The history of wrong passwords: how often which one was tried for an account from an address. It tells a device that keeps
 * sending an old password from somebody who guesses. Passwords are kept as the reference keeps them, so that both can
 * share a Redis: 8 hexadecimal digits, far too few to find a password by.
 */
import { hash } from 'node:crypto';
import type { Login, PasswordHistory } from '../../login/login.ts';
import { splitMasterLogin } from '../../login/master-login.ts';
import { toUtf8String } from '../../login/text.ts';
import { type RedisReply, serverScript } from '../../services/index.ts';
import type { Generation } from '../generation.ts';
import { keysOf } from '../keys.ts';
import { flatPairs } from '../replies.ts';

/** A password counts as the user's own mistake unless it was tried so often for other accounts from this address. */
const OTHER_ACCOUNTS_LIMIT = 5;
/** More tries than this make a wrong password one that is known. */
const KNOWN_TRIES = 1;
/** Tries of one password that count at most, once it is not the only wrong one. */
const MOST_COUNTED_TRIES = 3;
const HASH_DIGITS = 8;

/**
 * KEYS: history of account and address, history of the address. ARGV: hashed password, most passwords, life time in
 * seconds, 1 to add the password. Gives tries of this password, passwords of the account, passwords altogether, tries of
 * this password for all accounts, points before and after, 1 when a history is full.
 *
 * Points: a password that stays the only wrong one of the account counts once, however often it is tried. When another
 * one follows somebody is guessing, and up to MOST_COUNTED_TRIES tries of each count.
 */
const HISTORY = serverScript(`
local function points(counts)
  local sum, passwords = 0, 0
  for i = 2, #counts, 2 do
    passwords = passwords + 1
    sum = sum + math.min(tonumber(counts[i]), ${MOST_COUNTED_TRIES})
  end
  return passwords < 2 and passwords or sum
end
local before = points(redis.call('HGETALL', KEYS[1]))
local full = 0
if ARGV[4] == '1' then
  for _, key in ipairs(KEYS) do
    if redis.call('HLEN', key) > tonumber(ARGV[2]) then
      full = 1
    else
      redis.call('HINCRBY', key, ARGV[1], 1)
      redis.call('EXPIRE', key, ARGV[3])
    end
  end
end
local own = redis.call('HGETALL', KEYS[1])
local total = redis.call('HLEN', KEYS[2])
for i = 1, #own, 2 do
  if redis.call('HEXISTS', KEYS[2], own[i]) == 0 then total = total + 1 end
end
local function tries(key) return tonumber(redis.call('HGET', key, ARGV[1]) or 0) end
return { tries(KEYS[1]), #own / 2, total, tries(KEYS[2]), before, points(own), full }
`);

interface HistoryState extends PasswordHistory {
  /** Tries of this password for all accounts from this address. */
  readonly anywhere: number;
  /** By how much the newest failure raises the counters of the rules. */
  readonly points: number;
}

/** Is a history kept for this login at all? Not for masters: the wrong password is not that of the account. */
export function hasHistory(login: Login, { config: { server } }: Generation): boolean {
  if (!server.features.includes('brute_force') || login.mode !== 'auth' || login.client.ip === '') return false;
  return splitMasterLogin(login.username, server.master_user) === undefined;
}

/** Adds the wrong password of a login to its history. Rejects with RedisError. */
export async function addToHistory(login: Login, account: string, generation: Generation): Promise<HistoryState> {
  const reply = await ask(login, account, true, generation);
  if (reply.isFull) {
    const msg = 'Too many password hashes for this account';
    generation.services.log.info({ session: login.session, msg });
  }
  login.history = reply.state;
  if (generation.config.brute_force.expose_history) {
    login.wrongPasswords = await listPasswords(login, account, generation);
  }
  // A history that is full or forgotten says nothing about this password: then it counts like any other.
  return reply.isFull ? { ...reply.state, points: 1 } : reply.state;
}

/** All hashed passwords of account and address; the counts of the address win. */
async function listPasswords(
  { client }: Login,
  account: string,
  { config, services }: Generation,
): Promise<ReadonlyMap<string, number>> {
  const keys = keysOf(config);
  const { defaultHandle: redis } = services.redis;
  const replies = await Promise.all([
    redis.write('HGETALL', keys.history(account, client.ip)),
    redis.write('HGETALL', keys.addressHistory(client.ip)),
  ]);
  return new Map(replies.flatMap(flatPairs).map(([password, count]) => [password, Number(count)]));
}

/** The history as it stands, with regard to the password of the login. Rejects with RedisError. */
export async function readHistory(login: Login, account: string, generation: Generation): Promise<HistoryState> {
  return (await ask(login, account, false, generation)).state;
}

/** Has the known user tried this very password before, and is it not one that is tried for everybody? */
export function isKnownMistake({ currentRetries, anywhere }: HistoryState): boolean {
  return currentRetries > KNOWN_TRIES && currentRetries + OTHER_ACCOUNTS_LIMIT >= anywhere;
}

/** Remembers the address from which a known account has failed. Rejects with RedisError. */
export async function rememberAddress(login: Login, account: string, { config, services }: Generation): Promise<void> {
  const key = keysOf(config).historyAddresses(account);
  const { defaultHandle: redis } = services.redis;
  const added = await redis.write('SADD', key, login.client.ip);
  if (added === 1) await redis.write('EXPIRE', key, config.server.redis.negative_cache_ttl);
}

async function ask(
  login: Login,
  account: string,
  adds: boolean,
  { config, services }: Generation,
): Promise<{ state: HistoryState; isFull: boolean }> {
  const keys = keysOf(config);
  const { max_password_history_entries: most, redis } = config.server;
  const reply = await services.redis.defaultHandle.run(
    HISTORY,
    [keys.history(account, login.client.ip), keys.addressHistory(login.client.ip)],
    [
      hashOf(login, config.environment.developer_mode, redis.password_nonce.reveal()),
      most,
      redis.negative_cache_ttl,
      adds ? 1 : 0,
    ],
  );
  const [currentRetries, accountSeen, totalSeen, anywhere, before, after, full] = numbers(reply);
  const state = { currentRetries, accountSeen, totalSeen, anywhere, points: Math.max(0, after - before) };
  return { state, isFull: full === 1 };
}

type Numbers = readonly [number, number, number, number, number, number, number];

function numbers(reply: RedisReply): Numbers {
  const at = (index: number): number => Number((Array.isArray(reply) ? reply[index] : 0) ?? 0);
  return [at(0), at(1), at(2), at(3), at(4), at(5), at(6)];
}

/** Hashed as text: the nonce may be any text, the password consists of bytes. */
function hashOf({ password }: Login, isPlain: boolean, nonce: string): string {
  const bytes = Buffer.concat([Buffer.from(`${nonce}\0`), Buffer.from(password.reveal(), 'latin1')]);
  return isPlain ? toUtf8String(bytes.toString('latin1')) : hash('sha256', bytes, 'hex').slice(0, HASH_DIGITS);
}
