import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Activation, LuaFunction, LuaValue } from '../../runtime/contract/abi.ts';
import { Budget } from '../../runtime/engine/budget.ts';
import { results } from '../../runtime/engine/call.ts';
import { Environment } from '../../runtime/engine/environment.ts';
import { BudgetExceeded, LuaError, setInternalErrorHook } from '../../runtime/engine/error.ts';
import { currentTask, pause, runTask, type Task, waitFor } from '../../runtime/engine/scheduler.ts';
import { LuaTable } from '../../runtime/engine/table.ts';

function taskWith(options: { deadlineMs?: number; blockingMs?: number; host?: object } = {}): Task {
  const { deadlineMs = 10_000, blockingMs = 10_000, host } = options;
  return {
    env: new Environment(new LuaTable(), new LuaTable(), new LuaTable()),
    budget: new Budget({ deadlineMs, blockingMs, memoryBytes: 2 ** 30 }),
    host,
  };
}

const later = <T>(value: T, ms = 1): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), ms));

test('a task that waits for nothing gives its results at once, without a promise', () => {
  const outcome = runTask(taskWith(), (a, b) => results(b, a), [1, 2]);
  assert.deepEqual(outcome, [2, 1]);
});

test('a suspendable function that does not wait is finished at once too', () => {
  const fn: LuaFunction = function* (waits): Activation {
    if (waits === true) yield* waitFor(later(0));
    return results('a', 'b', 'c', 'd');
  };
  assert.deepEqual(runTask(taskWith(), fn, [false]), ['a', 'b', 'c', 'd']);
});

test('a wait is resumed with its value, and the results come as a promise', async () => {
  const fn: LuaFunction = function* (): Activation {
    const first = yield* waitFor(later(20));
    const second = yield* waitFor(later(22));
    return first + second;
  };
  const outcome = runTask(taskWith(), fn, []);
  assert.ok(outcome instanceof Promise);
  assert.deepEqual(await outcome, [42]);
});

test('a rejection arrives where the wait stands, unchanged', async () => {
  const fn: LuaFunction = function* (): Activation {
    try {
      yield* waitFor(Promise.reject(new Error('connection refused')));
    } catch (error) {
      return error instanceof Error ? error.message : undefined;
    }
    return 'not reached';
  };
  assert.deepEqual(await runTask(taskWith(), fn, []), ['connection refused']);
});

test('interleaved tasks keep their own registers', async () => {
  const seen: unknown[] = [];
  const fn: LuaFunction = function* (name: LuaValue): Activation {
    for (let turn = 0; turn < 3; turn++) {
      seen.push([name, currentTask().host]);
      yield* waitFor(later(undefined, turn));
    }
    return name;
  };
  const a = { is: 'a' };
  const b = { is: 'b' };
  await Promise.all([runTask(taskWith({ host: a }), fn, ['a']), runTask(taskWith({ host: b }), fn, ['b'])]);
  assert.equal(seen.length, 6);
  for (const [name, host] of seen as [string, object][]) assert.equal(host, name === 'a' ? a : b);
  assert.throws(() => currentTask(), /no Lua task/);
});

test('a task run inside another one gives the thread back', () => {
  const outer = taskWith({ host: { outer: true } });
  const inner = taskWith({ host: { inner: true } });
  const hosts: unknown[] = [];
  runTask(outer, () => {
    runTask(inner, () => void hosts.push(currentTask().host), []);
    hosts.push(currentTask().host);
    return undefined;
  }, []);
  assert.deepEqual(hosts, [{ inner: true }, { outer: true }]);
});

test('a wait that outlives the deadline is abandoned', async () => {
  const started = performance.now();
  const fn: LuaFunction = function* (): Activation {
    yield* waitFor(new Promise(() => {}));
    return undefined;
  };
  await assert.rejects(
    async () => runTask(taskWith({ deadlineMs: 20 }), fn, []),
    (error) => error instanceof BudgetExceeded && error.reason === 'deadline',
  );
  assert.ok(performance.now() - started < 1000);
});

test('the outcome of an abandoned wait is ignored', async () => {
  let resumed = 0;
  const fn: LuaFunction = function* (): Activation {
    try {
      yield* waitFor(later('too late', 30));
    } finally {
      resumed++;
    }
    return undefined;
  };
  await assert.rejects(async () => runTask(taskWith({ deadlineMs: 5 }), fn, []), BudgetExceeded);
  await later(undefined, 40);
  assert.equal(resumed, 1);
});

test('suspendable code that computes for long lets the event loop work', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const fn: LuaFunction = function* (): Activation {
    const end = performance.now() + 10_000;
    while (ticks < 5 && performance.now() < end) yield* pause();
    return 'done';
  };
  assert.deepEqual(await runTask(taskWith(), fn, []), ['done']);
  clearInterval(timer);
  assert.ok(ticks >= 5, `timer fired ${ticks} times`);
});

test('a yield outside any coroutine is a Lua error', async () => {
  const fn: LuaFunction = function* (): Activation {
    yield { coroutineYield: true };
    return undefined;
  };
  await assert.rejects(
    async () => runTask(taskWith(), fn, []),
    (error) => error instanceof LuaError && error.value === 'attempt to yield across metamethod/C-call boundary',
  );
});

test('a defect of host code reaches the script as a text without detail, and the hook in full', () => {
  const reported: unknown[] = [];
  const previous = setInternalErrorHook((error) => reported.push(error));
  const defect = new TypeError('secret detail');
  assert.throws(
    () =>
      runTask(taskWith(), () => {
        throw defect;
      }, []),
    (error) => error instanceof LuaError && error.value === 'internal error',
  );
  setInternalErrorHook(previous);
  assert.deepEqual(reported, [defect]);
});
