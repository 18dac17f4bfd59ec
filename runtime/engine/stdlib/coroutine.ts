/** The library `coroutine` (Lua 5.1 manual section 5.2). */
import { compileFunction } from 'node:vm';
import type { HostFunction } from '../../contract/host.ts';
import {
  argumentError,
  Coroutine,
  cannotResume,
  defineLibrary,
  type LuaError,
  type LuaFunction,
  type LuaResult,
  type LuaValue,
  type ResumeStyle,
  raise,
  results2,
  results3,
  resultsFrom,
  resume as resumeCoroutine,
  runningCoroutine,
  yieldValues,
} from '../api.ts';
import { describe } from './describe.ts';

function create(body: LuaValue): LuaResult {
  return new Coroutine(checkBody(body, 'create'));
}

function checkBody(body: LuaValue, name: string): LuaFunction {
  return typeof body === 'function' ? body : argumentError(1, name, 'Lua function expected');
}

function checkCoroutine(value: LuaValue, name: string): Coroutine {
  return value instanceof Coroutine ? value : argumentError(1, name, 'coroutine expected');
}

const REPORTED: ResumeStyle = {
  succeed(values) {
    switch (values.length) {
      case 0:
        return true;
      case 1:
        return results2(true, values[0]);
      case 2:
        return results3(true, values[0], values[1]);
      default:
        return resultsFrom([true, ...values]);
    }
  },
  fail: (error: LuaError) => results2(false, error.value),
};

function resume(coroutine: LuaValue, ...args: LuaValue[]): LuaResult {
  const thread = checkCoroutine(coroutine, 'resume');
  if (thread.status !== 'suspended') return results2(false, cannotResume(thread));
  return resumeCoroutine(thread, args, REPORTED);
}

/** As in gopher-lua, errors pass a wrapped function unchanged. */
const PASSED_ON: ResumeStyle = {
  succeed: resultsFrom,
  fail(error) {
    throw error;
  },
};

function wrap(body: LuaValue): LuaResult {
  return newWrapped(new Coroutine(checkBody(body, 'wrap')), resumeWrapped);
}

function resumeWrapped(coroutine: Coroutine, args: readonly LuaValue[]): LuaResult {
  if (coroutine.status !== 'suspended') raise(cannotResume(coroutine));
  return resumeCoroutine(coroutine, args, PASSED_ON);
}

/**
 * The function gets the name of a library function, for tracebacks, by where it is written; naming it afterwards would
 * cost more than the coroutine itself. Code of its own, because tools that keep names do just that.
 */
const newWrapped = compileFunction(`return ({ 'lua:wrap': (...args) => resume(coroutine, args) })['lua:wrap'];`, [
  'coroutine',
  'resume',
]) as (coroutine: Coroutine, resume: typeof resumeWrapped) => LuaFunction;

function running(): LuaResult {
  return runningCoroutine();
}

function status(coroutine: LuaValue): LuaResult {
  return checkCoroutine(coroutine, 'status').status;
}

export const coroutineLibrary = defineLibrary('coroutine', {
  create,
  resume,
  running,
  status,
  wrap,
  yield: yieldValues,
});

export const coroutineFunctions: readonly HostFunction[] = [
  describe('sync', 'create(body: function): thread', 'A coroutine that will run the function.'),
  describe(
    'resumes',
    'resume(coroutine: thread, ...: any): boolean, any',
    'Runs a coroutine until it yields, returns or fails.',
  ),
  describe('sync', 'running(): thread', 'The running coroutine; nil outside one.'),
  describe('sync', 'status(coroutine: thread): string', 'suspended, running, normal or dead.'),
  describe('resumes', 'wrap(body: function): function', 'A function that resumes a new coroutine.'),
  describe('yields', 'yield(...: any): any', 'Hands values to whoever resumed the coroutine.'),
];
