/**
 * Forgetting what is remembered of users: cached logins in Redis and in the memory of every instance. Instances tell each
 * other over a channel of Redis.
 */
import type { Config } from '../config/index.ts';
import type { Services } from '../services/index.ts';
import { allCacheNames } from './backends/cache-names.ts';
import type { Generation } from './generation.ts';
import { keysOf } from './keys.ts';
import type { MemoryCache } from './memory-cache.ts';

/** Removes all cached logins of an account, everywhere; gives the keys. Rejects with RedisError. */
export async function forgetAccount(
  account: string,
  { config, memory, services }: Generation,
): Promise<readonly string[]> {
  const { defaultHandle: redis } = services.redis;
  memory.forget(account);
  const keys = allCacheNames(config).map((name) => keysOf(config).cachedLogin(name, account));
  await Promise.all([
    ...keys.map((key) => redis.write('DEL', key)),
    redis.write(
      'PUBLISH',
      channelOf(config),
      JSON.stringify({ account: Buffer.from(account, 'latin1').toString('base64') }),
    ),
  ]);
  return keys;
}

/** Tells all instances, this one included, to forget every login they hold in memory. Rejects with RedisError. */
export async function forgetEverybody({ config, memory, services }: Generation): Promise<void> {
  memory.clear();
  await services.redis.defaultHandle.write('PUBLISH', channelOf(config), '{}');
}

/** Obeys what other instances say, until the function that it gives is called. `memory` gives the current one. */
export function obeyForgetting(config: Config, { redis }: Services, memory: () => MemoryCache): () => void {
  return redis.defaultHandle.listen(channelOf(config), {
    onMessage: (text) => {
      const account = readAccount(text);
      if (account === undefined) memory().clear();
      else memory().forget(account);
    },
    onGap: () => memory().clear(),
  });
}

/** Where instances with this configuration tell each other what to forget. */
export function channelOf(config: Config): string {
  return `${config.server.redis.prefix}nauthilus:forget`;
}

/** The account that a message names; undefined: all of them. */
function readAccount(text: string): string | undefined {
  try {
    const message: unknown = JSON.parse(text);
    const isNamed = typeof message === 'object' && message !== null && 'account' in message;
    if (!isNamed || typeof message.account !== 'string') return undefined;
    return Buffer.from(message.account, 'base64').toString('latin1');
  } catch {
    return undefined;
  }
}
