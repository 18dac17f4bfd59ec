/** Checks that need no password: scripts first, then the built-in ones; the first that triggers ends the login. */
import type { Explanation } from '../../login/explanation.ts';
import type { Login } from '../../login/login.ts';
import { isLocalAddress } from '../../login/network.ts';
import { fail, TLS_REQUIRED, tempfail, type Verdict } from '../../login/verdict.ts';
import { runActions } from '../actions.ts';
import { countRejection, unlessRedisFails } from '../brute-force/index.ts';
import { blockListsFeature } from '../features/block-lists.ts';
import type { Feature, FeatureOutcome } from '../features/feature.ts';
import { luaFeature } from '../features/lua.ts';
import { relayDomainsFeature } from '../features/relay-domains.ts';
import { tlsEncryptionFeature } from '../features/tls-encryption.ts';
import type { Generation } from '../generation.ts';
import { isSoftWhitelisted } from '../soft-whitelist.ts';
import { defineStage, type StageOutcome } from '../stage.ts';

/** In the order in which they run, whatever the order in the configuration. */
export const FEATURES: readonly Feature[] = [luaFeature, tlsEncryptionFeature, relayDomainsFeature, blockListsFeature];

export default defineStage({
  name: 'features',
  order: 30,
  modes: ['auth'],
  run: (login, generation) => {
    if (login.memoryCache === 'Hit' || !login.runsFeatures) {
      const why = login.runsFeatures ? 'the memory cache knows the login' : 'the endpoint does not know the client';
      login.script.explanation?.note({ features: 'all', result: `skipped: ${why}` });
      return 'next';
    }
    return runFrom(0, login, generation);
  },
});

function runFrom(first: number, login: Login, generation: Generation): StageOutcome | Promise<StageOutcome> {
  for (let at = first; at < FEATURES.length; at++) {
    const feature = FEATURES[at]!;
    if (!feature.isActive(generation)) {
      login.script.explanation?.note({ feature: feature.name, result: 'skipped: not configured' });
      continue;
    }
    if (isLocalAddress(login.client.ip)) {
      login.script.logs.push([`feature_${feature.name}`, 'localhost']);
      login.script.explanation?.note({ feature: feature.name, result: 'skipped: the client is local' });
      continue;
    }
    const { metrics, clock } = generation.services;
    login.script.explanation?.beginStep(clock.monotonic());
    const done = metrics.time('feature', feature.name);
    const outcome = feature.run(login, generation);
    if (outcome instanceof Promise) {
      return outcome
        .finally(done)
        .then((late) => end(late, feature, login, generation))
        .then((ended) => ended ?? runFrom(at + 1, login, generation));
    }
    done();
    const ended = end(outcome, feature, login, generation);
    if (ended instanceof Promise) return ended.then((late) => late ?? runFrom(at + 1, login, generation));
    if (ended !== undefined) return ended;
  }
  return 'next';
}

/** What an outcome means for the login; undefined when the next feature is to run. */
function end(
  outcome: FeatureOutcome,
  feature: Feature,
  login: Login,
  generation: Generation,
): StageOutcome | Promise<StageOutcome | undefined> | undefined {
  const { explanation } = login.script;
  explanation?.note({
    feature: feature.name,
    result: CONCLUSIONS[outcome],
    ms: explanation.stepMs(generation.services.clock.monotonic()),
  });
  if (outcome === 'pass') return undefined;
  if (outcome === 'abort') {
    if (explanation !== undefined) noteAborted(feature, explanation);
    return 'next';
  }
  return outcome === 'trigger' ? trigger(feature, login, generation) : tempfail();
}

const CONCLUSIONS: Readonly<Record<FeatureOutcome, string>> = {
  pass: 'passed',
  trigger: 'triggered',
  abort: 'aborted the features behind it',
  error: 'no answer',
};

function noteAborted(by: Feature, explanation: Explanation): void {
  for (const { name } of FEATURES.slice(FEATURES.indexOf(by) + 1)) {
    explanation.note({ feature: name, result: `skipped: ${by.name} ${CONCLUSIONS.abort}` });
  }
}

async function trigger(feature: Feature, login: Login, generation: Generation): Promise<Verdict | undefined> {
  const { softWhitelist } = feature;
  if (softWhitelist !== undefined && (await isSoftWhitelisted(login, softWhitelist, generation))) {
    login.script.logs.push([`feature_${feature.name}`, 'Client is whitelisted for this user']);
    login.script.explanation?.conclude('triggered, but the client is whitelisted for this user');
    return undefined;
  }
  login.feature = feature.name;
  if (feature.learns && generation.config.brute_force.learning.includes(feature.name)) {
    await unlessRedisFails(countRejection(login, generation), login, generation);
  }
  await runActions(feature.name, login, generation);
  login.wantsPostActions = true;
  return feature.name === 'tls_encryption' ? tempfail(TLS_REQUIRED) : fail('feature');
}
