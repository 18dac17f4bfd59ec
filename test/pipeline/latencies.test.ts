/** Durations on the metrics page: of every stage and script, and those of the reference where the configuration asks for them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, SECRET_BACKEND, startServer } from '../login-server.ts';

const SOURCES = {
  'feature.lua': 'function nauthilus_call_feature(request) return 0, 0, 0 end',
  'backend.lua': `${SECRET_BACKEND}
    function nauthilus_backend_list_accounts(request) return 0, {} end`,
  'filter.lua': 'function nauthilus_call_filter(request) return request.authenticated and 0 or 1, 0 end',
  'action.lua': 'function nauthilus_call_action(request) return 0 end',
};

const SCRIPTS = `
lua:
  features: [ { name: gate, script_path: feature.lua } ]
  filters: [ { name: last, script_path: filter.lua } ]
  actions: [ { type: post, name: after, script_path: action.lua }, { type: post, script_path: action.lua } ]
  config: { backend_script_path: backend.lua }
`;

async function pageAfterLogins(more: string): Promise<string> {
  const server = await startServer(configText(`backends: [cache, lua]\nfeatures: [lua]\n${more}`, SCRIPTS), SOURCES);
  for (const password of ['secret', 'wrong']) {
    await server.request({ url: '/api/v1/auth/header', headers: loginHeaders('mia', password) });
  }
  await server.request({ method: 'GET', url: '/api/v1/auth/header?mode=list-accounts' });
  await server.settled();
  return (await server.request({ method: 'GET', url: '/metrics' })).body;
}

const counts = (page: string, name: string): Record<string, number> =>
  Object.fromEntries(
    [...page.matchAll(new RegExp(`^${name}_count\\{(.*)\\} (\\d+)$`, 'gm'))].map(([, labels = '', count]) => [
      [...labels.matchAll(/="([^"]*)"/g)].map(([, value]) => value).join(' '),
      Number(count),
    ]),
  );

test('every stage and every script has a histogram', async () => {
  const page = await pageAfterLogins('');
  assert.deepEqual(counts(page, 'nauthilus_stage_duration_seconds'), {
    'memory-cache': 2,
    'brute-force': 2,
    features: 2,
    backends: 2,
    filters: 2,
  });
  assert.deepEqual(counts(page, 'nauthilus_script_duration_seconds'), {
    'feature gate': 2,
    'backend backend': 3,
    'filter last': 2,
    'action post:after': 2,
    'action post:action.lua': 2,
  });
  assert.deepEqual(counts(page, 'function_duration_seconds'), {}, 'those of the reference are asked for');
});

test('the timers of the reference have its services and tasks', async () => {
  const labels = '[request, brute_force, feature, backend, account, filter, action, post_action]';
  const page = await pageAfterLogins(`prometheus_timer: { enabled: true, labels: ${labels} }`);
  assert.deepEqual(counts(page, 'function_duration_seconds'), {
    'request request_auth_total': 2,
    'request request_list_accounts_total': 1,
    'feature gate': 2,
    'feature lua': 2,
    'backend cache_backend_request_total': 2,
    'backend lua_backend_request_total': 2,
    'account lua_account_request_total': 1,
    'filter last': 2,
    'filter lua_filter_request_total': 2,
    'action post:after': 2,
    'action post:action.lua': 2,
    'post_action lua_post_action_request_total': 2,
  });
});
