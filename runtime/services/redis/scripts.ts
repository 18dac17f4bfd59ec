/** Lua scripts on the Redis server: uploaded once under a name, run by their SHA-1, uploaded again when the server lost them. */
import { createHash } from 'node:crypto';
import { type RedisArgument, RedisError, type RedisReply } from './connection.ts';

export interface RedisScript {
  /** Name of an uploaded script; empty: run `code`. */
  readonly name: string;
  readonly code: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** The side of a handle that scripts need. */
interface ScriptHandle {
  write(command: string, ...args: readonly RedisArgument[]): Promise<RedisReply>;
}

interface Scripts {
  upload(handle: ScriptHandle, name: string, code: string): Promise<string>;
  run(handle: ScriptHandle, script: RedisScript): Promise<RedisReply>;
}

/** A script that the Redis server may know. Those of this server itself need no name. */
export interface ServerScript {
  readonly code: string;
  readonly sha: string;
}

/** Prepares a script for `RedisHandle.run`; nothing is sent yet. */
export function serverScript(code: string): ServerScript {
  return { code, sha: createHash('sha1').update(code).digest('hex') };
}

/**
 * One round trip, or two when the server does not know the script (any more): EVAL also stores it, on the very node that
 * missed it, which is right for restarts, failovers and clusters. Rejects with RedisError.
 */
export async function runServerScript(
  handle: ScriptHandle,
  { code, sha }: ServerScript,
  keys: readonly string[],
  args: readonly RedisArgument[],
): Promise<RedisReply> {
  try {
    return await handle.write('EVALSHA', sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return handle.write('EVAL', code, keys.length, ...keys, ...args);
  }
}

/** The names are shared by all handles of the process, as in the reference. */
export function createScripts(): Scripts {
  const uploaded = new Map<string, ServerScript>();
  return {
    upload: async (handle, name, code) => {
      const sha = String(await handle.write('SCRIPT', 'LOAD', code));
      uploaded.set(name, { sha, code });
      return sha;
    },
    run: async (handle, { name, code, keys, args }) => {
      if (name === '') return handle.write('EVAL', code, keys.length, ...keys, ...args);
      const script = uploaded.get(name);
      if (script === undefined) throw new RedisError(`could not find script with name ${name}`);
      return runServerScript(handle, script, keys, args);
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof RedisError && error.message.startsWith('NOSCRIPT');
}
