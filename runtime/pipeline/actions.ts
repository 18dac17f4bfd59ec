/** Actions: awaited where a stage rejects a login, or after the answer (`post`) on what the login has become. */
import type { Login } from '../login/login.ts';
import { messageOf, type Verdict } from '../login/verdict.ts';
import { runActionScripts } from '../scripts/classes/action.ts';
import type { ActionType } from '../scripts/registry.ts';
import { answeredView, earlyView, type RequestView } from '../scripts/request-table.ts';
import type { Generation } from './generation.ts';

/** Actions that answer to a rejecting stage, to their end; nothing to wait for when none is configured. */
export function runActions(
  type: ActionType,
  login: Login,
  { scripts, services }: Generation,
): Promise<void> | undefined {
  if (!scripts.registry.hasActions) return undefined;
  return timed(runActionScripts(type, login, rejectionView(login), scripts), services.metrics.time('action', type));
}

function timed(running: Promise<void> | undefined, done: () => void): Promise<void> | undefined {
  if (running !== undefined) return running.finally(done);
  done();
  return undefined;
}

/** Puts the post actions of a login into their lane. Nothing changes the login any more, so they read it as it is. */
export function queuePostActions(verdict: Verdict, login: Login, generation: Generation): void {
  const { scripts, postActions, lease, services } = generation;
  if (!scripts.registry.hasActions) return;
  const view = postView(login, messageOf(verdict, login));
  const { metrics } = services;
  const isQueued = postActions.add(() => {
    const done = metrics.time('post_action', 'lua_post_action_request_total');
    return timed(runActionScripts('post', login, view, scripts), done);
  }, lease);
  login.script.explanation?.note({
    actions: 'post',
    result: isQueued ? 'follow the answer' : 'dropped: too many are waiting',
    scripts: (scripts.registry.actions.get('post') ?? []).map(({ label }) => label),
  });
}

function rejectionView(login: Login): RequestView {
  return {
    ...earlyView(login, login.knownAccount ?? ''),
    bucket: login.bruteForce?.bucket ?? '',
    feature: login.feature,
    hit: login.bruteForce,
  };
}

/** What the backends said, not what filters made of it; after a rejection before them, what was known then. */
function postView(login: Login, statusMessage: string): RequestView {
  const view = login.feature === '' ? answeredView(login) : rejectionView(login);
  return { ...view, statusMessage, hit: undefined };
}
