/** The library `coroutine` (Lua 5.1 manual section 5.2). */
import { compileFunction } from 'node:vm';
import type { HostFunction } from '../../contract/host.ts';
import {
  afterTrue,
  argumentError,
  Coroutine,
  cannotResume,
  defineLibrary,
  fewResults,
  type LuaError,
  type LuaFunction,
  type LuaResult,
  type LuaValue,
  type Multi,
  type ResumeStyle,
  raise,
  results2,
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
  succeed: afterTrue,
  fail: (error: LuaError) => results2(false, error.value),
};

function resume(coroutine: LuaValue, a: LuaValue, b: LuaValue, c: LuaValue): LuaResult {
  const thread = checkCoroutine(coroutine, 'resume');
  if (thread.status !== 'suspended') return results2(false, cannotResume(thread));
  const given = arguments.length - 1;
  const args = given <= 3 ? fewResults(given, a, b, c) : resultsFrom([...arguments].slice(1));
  return resumeCoroutine(thread, args, REPORTED);
}

/** As in gopher-lua, errors pass a wrapped function unchanged. */
const PASSED_ON: ResumeStyle = {
  succeed: (values) => values,
  fail(error) {
    throw error;
  },
};

function wrap(body: LuaValue): LuaResult {
  return newWrapped(new Coroutine(checkBody(body, 'wrap')), resumeWrapped, fewResults, resultsFrom);
}

function resumeWrapped(coroutine: Coroutine, args: LuaValue | Multi): LuaResult {
  if (coroutine.status !== 'suspended') raise(cannotResume(coroutine));
  return resumeCoroutine(coroutine, args, PASSED_ON);
}

/**
 * The function gets the name of a library function, for tracebacks, by where it is written; naming it afterwards would
 * cost more than the coroutine itself. Code of its own, because tools that keep names do just that.
 */
const newWrapped = compileFunction(
  `'use strict';
  return ({ 'lua:wrap': function (a, b, c) {
    return resume(coroutine, arguments.length <= 3 ? few(arguments.length, a, b, c) : many([...arguments]));
  } })['lua:wrap'];`,
  ['coroutine', 'resume', 'few', 'many'],
) as (
  coroutine: Coroutine,
  resume: typeof resumeWrapped,
  few: typeof fewResults,
  many: typeof resultsFrom,
) => LuaFunction;

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
