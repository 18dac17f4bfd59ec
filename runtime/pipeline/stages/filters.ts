/**
 * The last word: filters may reject a login, accept a rejected one, and change the attributes. They run for accepted and
 * rejected logins alike and never change what caches and counters have learned.
 */
import { mergeAttributes } from '../../login/attributes.ts';
import type { Explanation } from '../../login/explanation.ts';
import type { Login } from '../../login/login.ts';
import { toUtf8String } from '../../login/text.ts';
import { fail, OK, tempfail, type Verdict } from '../../login/verdict.ts';
import { type FilterDecision, runFilterScripts } from '../../scripts/classes/filter.ts';
import { defineStage } from '../stage.ts';

export default defineStage({
  name: 'filters',
  order: 50,
  modes: ['auth', 'no-auth'],
  run: (login, { scripts, services: { metrics } }) => {
    if (scripts.registry.filters.length === 0) {
      login.script.explanation?.note({ filters: 'none' });
      return login.authenticated ? OK : fail('credentials');
    }
    const done = metrics.time('filter', 'lua_filter_request_total');
    const decision = runFilterScripts(login, scripts);
    if (decision instanceof Promise) return decision.finally(done).then((late) => verdictOf(late, login));
    done();
    return verdictOf(decision, login);
  },
});

/** Which of the asked changes of attributes take effect. */
function noteMerge(
  explanation: Explanation,
  { attributes, script: { removedAttributes, addedAttributes } }: Login,
): void {
  const remains = (name: string): boolean => attributes.has(name) && !removedAttributes.has(name);
  const removed = [...removedAttributes].filter((name) => attributes.has(name));
  const added = [...addedAttributes.keys()].filter((name) => !remains(name));
  const kept = [...addedAttributes.keys()].filter(remains);
  if (removed.length + added.length + kept.length === 0) return;
  explanation.note({
    attributes: 'changed by filters',
    removed: removed.map(toUtf8String),
    added: added.map(toUtf8String),
    'not added, there already': kept.map(toUtf8String),
  });
}

function verdictOf(decision: FilterDecision, login: Login): Verdict {
  if (decision === 'error') return tempfail();
  if (decision === 'reject') return fail(login.authenticated ? 'filter' : 'credentials');
  if (decision === 'abstain' && !login.authenticated) return fail('credentials');
  const { removedAttributes, addedAttributes, explanation } = login.script;
  if (explanation !== undefined) noteMerge(explanation, login);
  login.attributes = mergeAttributes(login.attributes, removedAttributes, addedAttributes);
  login.filterOverride = !login.authenticated;
  if (login.filterOverride) explanation?.note({ filters: 'accepted what the backend had rejected' });
  return OK;
}
