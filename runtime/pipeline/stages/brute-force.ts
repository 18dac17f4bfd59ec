/** Stops clients whose network has failed too often, before anything is asked about their credentials. */
import type { Login } from '../../login/login.ts';
import { toUtf8String } from '../../login/text.ts';
import { block, findOffence } from '../brute-force/block.ts';
import { exemptionOf, unlessRedisFails } from '../brute-force/index.ts';
import type { Exemption } from '../brute-force/rules.ts';
import type { Generation } from '../generation.ts';
import { defineStage, type StageOutcome } from '../stage.ts';

export default defineStage({
  name: 'brute-force',
  order: 20,
  modes: ['auth'],
  run: (login, generation) => {
    if (login.memoryCache === 'Hit') {
      login.script.explanation?.note({ rules: 'all', result: 'skipped: the memory cache knows the login' });
      return 'next';
    }
    const exemption = exemptionOf(login, generation.config);
    if (exemption === undefined) return check(login, generation);
    login.script.explanation?.note({ rules: 'all', result: `skipped: ${EXEMPTIONS[exemption]}` });
    if (exemption === 'local') login.script.logs.push(['brute_force', 'localhost']);
    else if (exemption === 'whitelisted') login.script.logs.push(['brute_force', 'Client is whitelisted']);
    else if (exemption === 'protocol') noteProtocol(login, generation);
    return 'next';
  },
});

const EXEMPTIONS: Readonly<Record<Exemption, string>> = {
  off: 'not configured',
  local: 'the client is local',
  whitelisted: 'the client is whitelisted',
  protocol: 'not for this protocol',
};

async function check(login: Login, generation: Generation): Promise<StageOutcome> {
  const done = generation.services.metrics.time('brute_force', 'brute_force_check_request_total');
  const hit = await unlessRedisFails(findOffence(login, generation), login, generation).finally(done);
  return hit === undefined ? 'next' : block(login, hit, generation);
}

function noteProtocol(login: Login, { services }: Generation): void {
  const protocol = toUtf8String(login.protocol);
  services.log.debug('brute_force', { session: login.session, brute_force: `Not enabled for protocol '${protocol}'` });
}
