/** Program of a thread that runs one script: an engine, the library modules, and the channels of the thread that started it. */
import { parentPort } from 'node:worker_threads';
import { parseConfig } from '../../runtime/config/index.ts';
import {
  Budget,
  callValue,
  type Environment,
  type LuaFunction,
  type LuaValue,
  nameBuiltin,
  raise,
  runTask,
  setGlobal,
  tableFromArray,
} from '../../runtime/engine/api.ts';
import { type Loader, SourceError } from '../../runtime/engine/load.ts';
import type { ThreadStart } from '../../runtime/engine/loader.ts';
import { setSystemAccess } from '../../runtime/engine/stdlib/system.ts';
import { HostCall, type ScriptLog } from '../../runtime/host/call.ts';
import { type Finished, finish, fromParcel, type Steps } from '../../runtime/host/index.ts';
import { describeModules } from '../../runtime/index.ts';
import { ScriptState } from '../../runtime/login/script-state.ts';
import { scriptHost } from '../../runtime/script-environments.ts';
import {
  connectChannels,
  type OpenedServices,
  openServices,
  type Parcel,
  type ThreadEnd,
} from '../../runtime/services/index.ts';
import { describeFailure } from './failure-text.ts';
import { createHostLoader } from './loader.ts';
import type { LuaThreadData } from './lua-thread-start.ts';

/** Bytes the script may hold; the thread has a limit of its own, which ends it. */
const MEMORY_BYTES = 256 * 1024 * 1024;

/** Runs the script and says how it ended; whoever started the thread then ends it. */
export async function runLuaThread({ luaThread, access }: LuaThreadData): Promise<void> {
  setSystemAccess(access);
  const { channels, parcels } = connectChannels(luaThread.port);
  const given = await parcels;
  const { config } = parseConfig({ text: 'server: { backends: [cache] }', file: 'thread', env: {} });
  if (config === undefined) throw new Error('the default configuration is not valid');
  const sink = { write: (line: string) => void process.stdout.write(line), close: async () => undefined };
  const services = await openServices(config, { channels, sink });
  const end: ThreadEnd = { failure: await run(luaThread, given, services) };
  parentPort?.postMessage(end);
}

async function run(
  { code, payload }: ThreadStart,
  parcels: readonly Parcel[],
  services: OpenedServices,
): Promise<string | undefined> {
  const env = scriptHost.openers.environment();
  const loader = createHostLoader(describeModules);
  const unlimited = Number.POSITIVE_INFINITY;
  const state = new ScriptState(undefined, undefined);
  const task = {
    env,
    loader,
    budget: new Budget({ deadlineMs: unlimited, blockingMs: unlimited, memoryBytes: MEMORY_BYTES }),
    host: new HostCall({ scriptClass: 'action', services, state, log: logOf(services) }),
  };
  if (payload !== undefined) setGlobal(env, 'payload', payload);
  function* main(): Steps<Finished> {
    const args: LuaValue[] = [];
    for (const parcel of parcels) args.push(yield* fromParcel(parcel));
    setGlobal(env, 'arg', tableFromArray(args));
    return yield* finish(callValue(load(code, loader, env), []));
  }
  try {
    await runTask(task, nameBuiltin(main, 'plugin'), []);
    return undefined;
  } catch (error) {
    return describeFailure(task, error);
  }
}

function load(code: ThreadStart['code'], loader: Loader, env: Environment): LuaFunction {
  const chunk = 'file' in code ? loader.file(code.file) : loader.compile(code.source, code.chunkName);
  return chunk instanceof SourceError ? raise(chunk.message) : chunk.instantiate(env);
}

function logOf(services: OpenedServices): ScriptLog {
  const log = services.log.named('lua/plugin');
  return {
    debug: (fields, msg) => log.debug('lua', { ...fields, msg }),
    info: (fields, msg) => log.info({ ...fields, msg }),
    warn: (fields, msg) => log.warn({ ...fields, msg }),
    error: (fields, msg) => log.error({ ...fields, msg }),
  };
}
