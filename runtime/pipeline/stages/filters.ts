/**
 * The last word: filters may reject a login, accept a rejected one, and change the attributes. They run for accepted and
 * rejected logins alike and never change what caches and counters have learned.
 */
import { mergeAttributes } from '../../login/attributes.ts';
import type { Login } from '../../login/login.ts';
import { fail, OK, tempfail, type Verdict } from '../../login/verdict.ts';
import { type FilterDecision, runFilterScripts } from '../../scripts/classes/filter.ts';
import { defineStage } from '../stage.ts';

export default defineStage({
  name: 'filters',
  order: 50,
  modes: ['auth', 'no-auth'],
  run: (login, { scripts }) => {
    if (scripts.registry.filters.length === 0) return login.authenticated ? OK : fail('credentials');
    const decision = runFilterScripts(login, scripts);
    return decision instanceof Promise ? decision.then((late) => verdictOf(late, login)) : verdictOf(decision, login);
  },
});

function verdictOf(decision: FilterDecision, login: Login): Verdict {
  if (decision === 'error') return tempfail();
  if (decision === 'reject') return fail(login.authenticated ? 'filter' : 'credentials');
  const { removedAttributes, addedAttributes } = login.script;
  login.attributes = mergeAttributes(login.attributes, removedAttributes, addedAttributes);
  login.filterOverride = !login.authenticated;
  return OK;
}
