/** Can logins be answered now? */
import type { Generation } from './generation.ts';

export interface Readiness {
  readonly isReady: boolean;
  /** Name of each service that was asked, and whether it answered. */
  readonly services: ReadonlyMap<string, boolean>;
}

/** Asks the services that logins need, within a bounded time. Never rejects; the reasons of failures are in the log. */
export async function askReadiness({ config, services }: Generation): Promise<Readiness> {
  const answered = new Map<string, boolean>();
  if (services.redis.isShared) {
    const reply = await services.redis.defaultHandle.write('PING').catch(() => undefined);
    answered.set('redis', reply === 'PONG');
  }
  const goesOnWithout = config.brute_force.when_redis_fails === 'continue';
  return { isReady: goesOnWithout || answered.get('redis') !== false, services: answered };
}
