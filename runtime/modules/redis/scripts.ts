/** Redis scripts: uploaded under a name, run by it. */
import {
  type Declaration,
  error,
  type HostCall,
  io,
  type LuaValue,
  result,
  str,
  table,
  textsOf,
} from '../../host/index.ts';
import { failure, type Given, handle, redisOf } from './command.ts';
import { fromReply } from './values.ts';

export const scriptFunctions: Readonly<Record<string, Declaration>> = {
  redis_upload_script: io(
    {
      doc: 'Store a Redis script on the server under a name that all scripts know; its SHA-1.',
      args: [handle, str('code'), str('name')],
      returns: [result('sha1', 'string?'), error],
    },
    (call, given, code, name) =>
      call.services.redis
        .uploadScript(redisOf(call, given), name, code)
        .then((sha) => [sha, undefined])
        .catch(failure),
  ),
  redis_run_script: io(
    {
      doc: 'Run an uploaded script by its name, or the code if the name is empty.',
      args: [handle, str('code'), str('name'), table('keys'), table('args')],
      returns: [result('result', 'any'), error],
    },
    (call, given, code, name, keys, args) =>
      runScript(call, given, { code, name, keys: textsOf(keys), args: textsOf(args) })
        .then((value) => [value, undefined])
        .catch(failure),
  ),
};

interface ScriptRun {
  readonly code: string;
  readonly name: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** What a script gives; rejects with RedisError. */
export async function runScript(call: HostCall, given: Given, script: ScriptRun): Promise<LuaValue> {
  return fromReply(await call.services.redis.runScript(redisOf(call, given), script));
}
