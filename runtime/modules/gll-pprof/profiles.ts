/** Profiles of this process through V8's own inspector (https://chromedevtools.github.io/devtools-protocol/v8/). */
import { once } from 'node:events';
import type { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** V8 can only make one at a time. */
export class ProfilerBusy extends Error {}

let isBusy = false;

/** Not by `import`: Node can be built without it. */
function openSession(): Session {
  const inspector = process.getBuiltinModule('node:inspector/promises');
  if (inspector === undefined) throw new Error('this Node has no inspector');
  return new inspector.Session();
}

async function exclusively<T>(work: (session: Session) => Promise<T>): Promise<T> {
  if (isBusy) throw new ProfilerBusy('profiling already in use');
  isBusy = true;
  try {
    const session = openSession();
    session.connect();
    try {
      return await work(session);
    } finally {
      session.disconnect();
    }
  } finally {
    isBusy = false;
  }
}

/** Where the time goes for some seconds, as JSON: a `.cpuprofile` for the developer tools of a browser. */
export function cpuProfile(seconds: number): Promise<string> {
  return exclusively(async (session) => {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await sleep(seconds * 1000, undefined, { ref: false });
    const { profile } = await session.post('Profiler.stop');
    return JSON.stringify(profile);
  });
}

/** What has been allocated in some seconds and is still there, as JSON: a `.heapprofile`. */
export function heapProfile(seconds: number): Promise<string> {
  return exclusively(async (session) => {
    await session.post('HeapProfiler.enable');
    await session.post('HeapProfiler.startSampling');
    await sleep(seconds * 1000, undefined, { ref: false });
    const { profile } = await session.post('HeapProfiler.stopSampling');
    return JSON.stringify(profile);
  });
}

/** What shows how Node spends its time, without names of hosts and paths of requests. */
const TRACED = ['node.environment', 'node.fs.async', 'node.threadpoolwork.async', 'v8'];
/** Those that come after are dropped. */
const MOST_EVENTS = 200_000;

/** What the event loop, files, threads and the garbage collector did for some seconds, as JSON in Chrome's trace format. */
export function trace(seconds: number): Promise<string> {
  return exclusively(async (session) => {
    const events: object[] = [];
    session.on('NodeTracing.dataCollected', ({ params }) => {
      if (events.length < MOST_EVENTS) events.push(...params.value);
    });
    const complete = once(session, 'NodeTracing.tracingComplete');
    await session.post('NodeTracing.start', { traceConfig: { includedCategories: TRACED } });
    await sleep(seconds * 1000, undefined, { ref: false });
    await session.post('NodeTracing.stop');
    await complete;
    return JSON.stringify({ traceEvents: events });
  });
}
