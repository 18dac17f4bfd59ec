import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptState } from '../../runtime/login/script-state.ts';

const newState = (): ScriptState => new ScriptState(new Map(), undefined);

test('a phase shares the context but collects on its own', () => {
  const login = newState();
  login.statusMessage = 'early';
  const phase = login.fork();
  phase.context?.set('key', 'value');
  phase.logs.push(['a', 1]);
  phase.statusMessage = 'late';
  assert.equal(login.context?.get('key'), 'value');
  assert.deepEqual([login.logs, login.statusMessage], [[], 'early']);
});

test('what a phase collected is taken over in order', () => {
  const login = newState();
  login.logs.push(['first', true]);
  login.addAttribute('quota', 1);
  const phase = login.fork();
  phase.logs.push(['second', 'x']);
  phase.statusMessage = 'rejected';
  phase.addAttribute('quota', 2);
  phase.removeAttribute('dn');
  phase.selectedServer = { host: '192.0.2.1', port: 993 };
  login.adopt(phase);
  assert.deepEqual(login.logs, [
    ['first', true],
    ['second', 'x'],
  ]);
  assert.equal(login.statusMessage, 'rejected');
  assert.deepEqual([...login.addedAttributes], [['quota', 2]]);
  assert.deepEqual([...login.removedAttributes], ['dn']);
  assert.equal(login.selectedServer?.port, 993);
});

test('a phase without a server keeps the one chosen before', () => {
  const login = newState();
  login.selectedServer = { host: 'a', port: 1 };
  login.adopt(login.fork());
  assert.equal(login.selectedServer.host, 'a');
});

test('a phase without a store has none in its forks either', () => {
  assert.equal(new ScriptState(undefined, undefined).fork().context, undefined);
});
