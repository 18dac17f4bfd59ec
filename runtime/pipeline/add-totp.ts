/** Storing the secret of a second factor in the first backend that knows the user. */
import { addScriptTotp, type Registration } from '../scripts/classes/backend.ts';
import { LdapError, RedisError } from '../services/index.ts';
import { storeLdapTotp, usesLdap } from './backends/ldap.ts';
import { forgetAccount } from './forget.ts';
import type { Generation } from './generation.ts';
import { keysOf } from './keys.ts';

/** Never rejects: why something was not stored is in the log. */
export async function addTotp(
  registration: Registration,
  generation: Generation,
): Promise<'stored' | 'unknown user' | 'not stored'> {
  const { backends } = generation.config.server;
  for (const backend of backends) {
    const outcome = await store(backend, registration, generation);
    if (outcome === 'unknown user') continue;
    if (outcome === 'stored') await forget(registration, generation);
    return outcome;
  }
  return 'unknown user';
}

async function store(backend: string, registration: Registration, generation: Generation) {
  const { services, scripts, config } = generation;
  const done = services.metrics.time('store_totp', `${backend}_store_totp_request_total`);
  try {
    if (backend === 'lua') return await addScriptTotp(registration, scripts);
    if (backend === 'ldap' && usesLdap(config)) return await storeLdapTotp(registration, generation);
    return 'unknown user';
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    const { session, secret } = registration;
    services.log.hiding(secret).error({ session, passdb: backend, msg: error.message });
    return 'not stored';
  } finally {
    done();
  }
}

/** Cached answers still have the old secret. */
async function forget({ session, username }: Registration, generation: Generation): Promise<void> {
  const { config, services } = generation;
  try {
    const account = await services.redis.defaultHandle.read('HGET', keysOf(config).accounts, username);
    if (typeof account === 'string') await forgetAccount(account, generation);
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    services.log.error({ session, msg: `The old TOTP secret may still be cached: ${error.reason}` });
  }
}
