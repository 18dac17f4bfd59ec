/**
 * Profiles of the process over HTTP, as the module `pprof` of gopher-lua-libs. Same paths, but what is profiled is Node:
 * CPU and heap profiles are files for the developer tools of a browser.
 */
import { createServer } from 'node:http';
import {
  defineModule,
  type HostCall,
  io,
  noResults,
  type Outcome,
  pure,
  result,
  str,
  UserdataKind,
} from '../host/index.ts';
import type { Listener } from '../services/index.ts';
import { answerPage } from './gll-pprof/pages.ts';
import { openListener } from './go/listen.ts';

interface Profiler {
  readonly address: string;
  listener: Listener | undefined;
}

const profilers = new UserdataKind<Profiler>('pprof_ud');

/** As in the reference the script does not hear of an address that cannot be listened at, but the log does. */
async function enable(call: HostCall, profiler: Profiler): Promise<Outcome> {
  if (profiler.listener !== undefined) return [];
  const server = createServer((request, response) => void answerPage(request, response));
  const listener = await openListener(call, server, profiler.address);
  if (typeof listener === 'string') call.log.warn({ err: listener }, 'profiles are not served');
  else profiler.listener = listener;
  return [];
}

profilers.has({
  enable: io(
    { doc: 'Serve `/debug/pprof/` at the address, until it is disabled or the server ends.', args: [profilers.self()] },
    enable,
  ),
  disable: pure({ doc: 'Serve it no longer.', args: [profilers.self()] }, (profiler) => {
    profiler.listener?.close();
    profiler.listener = undefined;
    return noResults();
  }),
});

export default defineModule({
  name: 'nauthilus_gll_pprof',
  requires: ['pprof'],
  classes: 'all',
  doc: 'CPU and heap profiles of the server over HTTP; only for addresses that nobody else reaches.',
  userdata: [profilers],
  globals: () => ({ pprof_ud: profilers.metatable() }),
  functions: {
    register: pure(
      { doc: 'A profiler for an address.', args: [str('address')], returns: [result('profiler', profilers.name)] },
      (address) => profilers.make({ address, listener: undefined }),
    ),
  },
});
