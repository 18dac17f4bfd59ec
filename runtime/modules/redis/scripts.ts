/** Redis scripts: uploaded under a name, run by it. */
import { type Declaration, error, type HostCall, io, result, str, table, textsOf, waitFor } from '../../host/index.ts';
import type { RedisReply } from '../../services/index.ts';
import { type Given, handle, received, redisOf, settle } from './command.ts';
import { fromReply } from './values.ts';

export const scriptFunctions: Readonly<Record<string, Declaration>> = {
  redis_upload_script: io(
    {
      doc: 'Store a Redis script on the server under a name that all scripts know; its SHA-1.',
      args: [handle, str('code'), str('name')],
      returns: [result('sha1', 'string?'), error],
    },
    (call, given, code, name) =>
      settle(function* () {
        return [yield* waitFor(call.services.redis.uploadScript(redisOf(call, given), name, code)), undefined];
      }),
  ),
  redis_run_script: io(
    {
      doc: 'Run an uploaded script by its name, or the code if the name is empty.',
      args: [handle, str('code'), str('name'), table('keys'), table('args')],
      returns: [result('result', 'any'), error],
    },
    (call, given, code, name, keys, args) =>
      settle(function* () {
        const script = { code, name, keys: textsOf(keys), args: textsOf(args) };
        return [received(yield* waitFor(runScript(call, given, script)), fromReply), undefined];
      }),
  ),
};

interface ScriptRun {
  readonly code: string;
  readonly name: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** What a script gives; rejects with RedisError. */
export function runScript(call: HostCall, given: Given, script: ScriptRun): Promise<RedisReply> {
  return call.services.redis.runScript(redisOf(call, given), script);
}
