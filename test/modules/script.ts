/** A script's view of the host without a script: an environment of a class whose functions can be called one by one. */
import { parseConfig } from '../../runtime/config/index.ts';
import type { HostColour, ScriptClass } from '../../runtime/contract/host.ts';
import {
  Budget,
  BudgetExceeded,
  createEnvironment,
  type Environment,
  index,
  isActivation,
  LuaError,
  type LuaFunction,
  type LuaResult,
  LuaTable,
  type LuaValue,
  rawGet,
  runTask,
  type Task,
} from '../../runtime/engine/api.ts';
import { standardLibraries } from '../../runtime/engine/stdlib/index.ts';
import { HostCall } from '../../runtime/host/call.ts';
import type { ModuleDefinition } from '../../runtime/host/define.ts';
import { createScriptHost } from '../../runtime/host/script-host.ts';
import { type RequestSnapshot, ScriptState } from '../../runtime/login/script-state.ts';
import { type OpenedServices, openServices, type ServiceBase } from '../../runtime/services/index.ts';

/** Services of a configuration, silent. */
export async function services(yaml = '', base: ServiceBase = {}): Promise<OpenedServices> {
  const { config, diagnostics } = parseConfig({
    text: yaml || 'server: { backends: [cache] }',
    file: 'test.yml',
    env: {},
  });
  if (config === undefined) throw new Error(diagnostics.map((each) => each.message).join('\n'));
  return openServices(config, { sink: { write: () => {}, close: async () => {} }, ...base });
}

export interface ScriptOptions {
  readonly scriptClass?: ScriptClass;
  readonly state?: ScriptState;
  readonly request?: RequestSnapshot;
  readonly deadlineMs?: number;
}

export class Script {
  readonly env: Environment;
  readonly task: Task;
  readonly state: ScriptState;

  constructor(opened: OpenedServices, modules: readonly ModuleDefinition[], options: ScriptOptions = {}) {
    const scriptClass = options.scriptClass ?? 'filter';
    this.env = createEnvironment(standardLibraries);
    createScriptHost(modules).install(this.env, scriptClass);
    this.state = options.state ?? new ScriptState(new Map(), options.request);
    const ignore = (): void => {};
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    this.task = {
      env: this.env,
      budget: new Budget({ deadlineMs: options.deadlineMs ?? 10_000, memoryBytes: 1e9 }),
      host: new HostCall({ scriptClass, services: opened, state: this.state, log }),
    };
  }

  /** Calls a function of Lua's or the host's; gives its results, rejects with the text of a Lua error. */
  async run(fn: LuaValue, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
    try {
      return await runTask(this.task, fn as LuaFunction, args);
    } catch (error) {
      if (error instanceof LuaError) throw new Error(String(error.value));
      throw new Error(error instanceof BudgetExceeded ? error.message : String(error));
    }
  }

  /** `require(name)` after `dynamic_loader(loader)`. */
  async require(name: string, loader?: string): Promise<LuaTable> {
    if (loader !== undefined) await this.run(this.global('dynamic_loader'), loader);
    const [module] = await this.run(this.global('require'), name);
    if (!(module instanceof LuaTable)) throw new Error(`${name} is no table`);
    return module;
  }

  global(name: string): LuaValue {
    return rawGet(this.env.globals, name);
  }

  /** `object.name(...args)`, metamethods included. */
  async call(object: LuaValue, name: string, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
    const [fn] = await this.run(() => index(object, name));
    return this.run(fn, ...args);
  }

  /** `object:name(...args)`. */
  method(object: LuaValue, name: string, ...args: LuaValue[]): Promise<readonly LuaValue[]> {
    return this.call(object, name, object, ...args);
  }

  /** What the function returns at once: is it an activation, as its colour says? */
  async colour(fn: LuaValue, ...args: LuaValue[]): Promise<HostColour> {
    let seen: HostColour = 'sync';
    await this.run(() => {
      const result: LuaResult = (fn as LuaFunction)(...args);
      if (isActivation(result)) seen = 'io';
      return result;
    });
    return seen;
  }
}
