/** Stops clients whose network has failed too often, before anything is asked about their credentials. */
import type { BruteForceHit, Login } from '../../login/login.ts';
import { toUtf8String } from '../../login/text.ts';
import { fail } from '../../login/verdict.ts';
import { runActions } from '../actions.ts';
import { exemptionOf, findHit, isForgivable, storeBlock, unlessRedisFails } from '../brute-force/index.ts';
import type { Generation } from '../generation.ts';
import { isSoftWhitelisted } from '../soft-whitelist.ts';
import { defineStage, type StageOutcome } from '../stage.ts';

export default defineStage({
  name: 'brute-force',
  order: 20,
  modes: ['auth'],
  run: (login, generation) => {
    if (login.memoryCache === 'Hit') return 'next';
    const exemption = exemptionOf(login, generation.config);
    if (exemption === undefined) return check(login, generation);
    if (exemption === 'local') login.script.logs.push(['brute_force', 'localhost']);
    else if (exemption === 'whitelisted') login.script.logs.push(['brute_force', 'Client is whitelisted']);
    else if (exemption === 'protocol') noteProtocol(login, generation);
    return 'next';
  },
});

async function check(login: Login, generation: Generation): Promise<StageOutcome> {
  const hit = await unlessRedisFails(findOffence(login, generation), login, generation);
  if (hit === undefined) return 'next';
  login.feature = 'brute_force';
  noteHit(login, hit, generation);
  await unlessRedisFails(storeBlock(login, hit, generation), login, generation);
  await runActions('brute_force', login, generation);
  login.wantsPostActions = true;
  return fail('brute-force');
}

/** A hit that nothing excuses. */
async function findOffence(login: Login, generation: Generation): Promise<BruteForceHit | undefined> {
  const hit = await findHit(login, generation);
  if (hit === undefined) return undefined;
  if (await isSoftWhitelisted(login, 'brute_force', generation)) {
    login.script.logs.push(['brute_force', 'Client is whitelisted for this user']);
    return undefined;
  }
  const { metrics } = generation.services;
  metrics.count('bruteforce_rejected_total', { bucket: hit.bucket });
  if (!(await isForgivable(login, generation))) return hit;
  login.isForgiven = true;
  metrics.count('brutefore_hits_total', { bucket: hit.bucket });
  return undefined;
}

function noteHit(login: Login, hit: BruteForceHit, { services }: Generation): void {
  services.log.info({
    session: login.session,
    brute_force: hit.repeating ? 'Brute force attack detected (cached result)' : 'Brute force attack detected',
    username: toUtf8String(login.username),
    client_ip: login.client.ip,
    rule_network: hit.network,
    rule: hit.bucket,
  });
}

function noteProtocol(login: Login, { services }: Generation): void {
  const protocol = toUtf8String(login.protocol);
  services.log.debug('brute_force', { session: login.session, brute_force: `Not enabled for protocol '${protocol}'` });
}
