/**
 * Environments with nothing of the server: Lua's libraries and some modules, ready for `require`. What code runs in that
 * a script starts beside itself.
 */
import {
  createEnvironment,
  currentTask,
  type Environment,
  type LuaFunction,
  rawSet,
  setGlobal,
} from '../engine/api.ts';
import { standardLibraries } from '../engine/stdlib/index.ts';
import { channelTable } from './channel.ts';

/** The modules that such environments can have: what `package.preload` gets, by the name given to `require`. */
export class Openers {
  readonly byName: ReadonlyMap<string, LuaFunction>;

  constructor(byName: ReadonlyMap<string, LuaFunction>) {
    this.byName = byName;
  }

  /** A new environment with these modules, by default with all; names that are unknown are left out. */
  environment(names: Iterable<string> = this.byName.keys()): Environment {
    const env = createEnvironment(standardLibraries);
    env.host = this;
    setGlobal(env, 'channel', channelTable());
    for (const name of names) {
      const opener = this.byName.get(name);
      if (opener !== undefined) rawSet(env.preload, name, opener);
    }
    return env;
  }
}

/** A new environment for code that the running script starts. */
export function bareEnvironment(names: Iterable<string>): Environment {
  const { host } = currentTask().env;
  return (host instanceof Openers ? host : new Openers(new Map())).environment(names);
}
