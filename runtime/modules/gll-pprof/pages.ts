/** The pages of Go's net/http/pprof with what Node knows about itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { cpuProfile, heapProfile, ProfilerBusy, trace } from './profiles.ts';

interface Page {
  readonly type: string;
  readonly body: string;
}

const DEFAULT_CPU_SECONDS = 30;
const DEFAULT_HEAP_SECONDS = 1;
const DEFAULT_TRACE_SECONDS = 1;
const MOST_SECONDS = 300;

const text = (body: string): Page => ({ type: 'text/plain; charset=utf-8', body });
const json = (body: string): Page => ({ type: 'application/json', body });

const PAGES: Readonly<Record<string, (query: URLSearchParams) => Page | Promise<Page>>> = {
  '': index,
  goroutine: () => text(resources()),
  heap: async (query) =>
    query.has('debug') ? text(memory()) : json(await heapProfile(secondsOf(query, DEFAULT_HEAP_SECONDS))),
  allocs: () => text(memory()),
  profile: async (query) => json(await cpuProfile(secondsOf(query, DEFAULT_CPU_SECONDS))),
  trace: async (query) => json(await trace(secondsOf(query, DEFAULT_TRACE_SECONDS))),
  cmdline: () => text(process.argv.join('\0')),
  symbol: () => text('num_symbols: 0\n'),
};

const LINES: Readonly<Record<string, string>> = {
  goroutine: 'What the process waits for',
  'heap?debug=1': 'Memory by heap space',
  'heap?seconds=5': 'What is allocated in some seconds and stays (.heapprofile)',
  'profile?seconds=30': 'Where the time goes (.cpuprofile)',
  'trace?seconds=5': 'What the event loop, files and the garbage collector do (for ui.perfetto.dev)',
  cmdline: 'The command line',
};

export async function answerPage(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const name = /^\/debug\/pprof\/?([a-z]*)$/.exec(path)?.[1];
  const make = name !== undefined && Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
  if (make === undefined) return send(response, 404, text('404 page not found\n'));
  try {
    send(response, 200, await make(new URLSearchParams(query)));
  } catch (thrown) {
    const reason = thrown instanceof ProfilerBusy ? thrown.message : 'profile failed';
    send(response, 500, text(`Could not enable profiling: ${reason}\n`));
  }
}

function send(response: ServerResponse, status: number, { type, body }: Page): void {
  response.writeHead(status, { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff' }).end(body);
}

function secondsOf(query: URLSearchParams, fallback: number): number {
  const given = Number(query.get('seconds') ?? fallback);
  return given > 0 ? Math.min(given, MOST_SECONDS) : fallback;
}

function index(): Page {
  const rows = Object.entries(LINES).map(
    ([path, line]) => `<li><a href="/debug/pprof/${path}">${path}</a>: ${line}</li>`,
  );
  return {
    type: 'text/html; charset=utf-8',
    body: `<!doctype html>\n<title>/debug/pprof/</title>\n<ul>\n${rows.join('\n')}\n</ul>\n`,
  };
}

/** How many of each kind keep the event loop going. */
function resources(): string {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const lines = [...counts].map(([kind, count]) => `${count} ${kind}`);
  return `active resources: total ${process.getActiveResourcesInfo().length}\n${lines.sort().join('\n')}\n`;
}

function memory(): string {
  const heap = Object.entries(getHeapStatistics()).map(([name, value]) => `${name} ${value}`);
  const spaces = getHeapSpaceStatistics().map(
    ({ space_name: name, space_size: size, space_used_size: used }) => `${name} size ${size} used ${used}`,
  );
  return `${[...heap, ...spaces, `rss ${process.memoryUsage.rss()}`].join('\n')}\n`;
}
