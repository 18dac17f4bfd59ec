/** Lua programs that talk to Redis, for one test file: all of them see the same pools. */
import { after, before } from 'node:test';
import { createHostLoader } from '../../compiler/cli/loader.ts';
import { createScriptEvaluator } from '../../runtime/embedded-scripts.ts';
import { describeModules } from '../../runtime/index.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { outputOf, type ProgramOptions, runProgram } from './program.ts';
import { services } from './script.ts';

const PRELUDE = `
  dynamic_loader("nauthilus_redis")
  dynamic_loader("nauthilus_misc")
  local redis = require("nauthilus_redis")
  local misc = require("nauthilus_misc")
`;

interface RedisPrograms {
  readonly opened: () => OpenedServices;
  /** Lines that a program prints; fails when it ends with an error. The modules are there as `redis` and `misc`. */
  run(source: string): Promise<readonly string[]>;
  /** Text that a program prints before it ends, however that is. */
  runLimited(source: string, options: ProgramOptions): Promise<string>;
}

/** Opens services before the tests of the file and closes them after. */
export function redisPrograms(): RedisPrograms {
  let opened: OpenedServices;
  before(async () => {
    opened = await services('', { evaluate: createScriptEvaluator(createHostLoader(describeModules)) });
  });
  after(() => opened.close());
  return {
    opened: () => opened,
    run: async (source) => {
      const stdout = await outputOf(opened, PRELUDE + source, { deadlineMs: 60_000 });
      return stdout.trimEnd().split('\n');
    },
    runLimited: async (source, options) => (await runProgram(opened, PRELUDE + source, options)).stdout,
  };
}
