/** Profiles of this process through V8's own inspector (https://chromedevtools.github.io/devtools-protocol/v8/). */
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
