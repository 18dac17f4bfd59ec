/** A debugger's side of Node's inspector protocol, as far as breakpoints in source-mapped files need it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'undici';

/** A script as `Debugger.scriptParsed` tells of it. */
interface ParsedScript {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
}

interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: Location;
  readonly scopeChain: readonly { readonly type: string; readonly object: { readonly objectId: string } }[];
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** A map that consists of maps. */
interface IndexedMap {
  readonly sections: readonly { readonly offset: { readonly line: number }; readonly map: SourceMap }[];
}

/** A generated place and the Lua line it belongs to, all counted from 0. */
interface Mapping {
  readonly line: number;
  readonly column: number;
  readonly source: number;
  readonly sourceLine: number;
}

/** Where a debugger stopped. */
export interface Stop {
  readonly frames: readonly CallFrame[];
  /** File and line (from 1) of the innermost frame, as the source map has them. */
  readonly place: string;
}

export class Debugger {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #scripts: ParsedScript[] = [];
  readonly #maps = new Map<string, SourceMap | undefined>();
  readonly #stops: ((frames: readonly CallFrame[]) => void)[] = [];
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
  }

  /** `url` is what Node prints behind `Debugger listening on`. */
  static async connect(url: string): Promise<Debugger> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error(`nobody answers at ${url}`)));
    });
    const client = new Debugger(socket);
    await client.send('Debugger.enable');
    return client;
  }

  send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(error.message)),
      );
    });
  }

  /** Sets a breakpoint at a line (from 1) of a source file in the latest script that was made of it. */
  async breakAt(source: string, line: number): Promise<void> {
    const place = await this.#find(source, line);
    await this.send('Debugger.setBreakpoint', { location: place });
  }

  /** Waits until a script of the source has the line; editors and servers need their time. */
  async #find(source: string, line: number): Promise<Location> {
    for (
      const limit = Date.now() + 30_000;
      Date.now() < limit;
      await new Promise((resolve) => setTimeout(resolve, 50))
    ) {
      for (const script of this.#scripts.toReversed()) {
        const map = this.#mapOf(script);
        const index = map?.sources.findIndex((each) => this.#urlOf(each, script) === source) ?? -1;
        if (map === undefined || index < 0) continue;
        const first = mappingsOf(map).find((each) => each.source === index && each.sourceLine === line - 1);
        if (first !== undefined)
          return { scriptId: script.scriptId, lineNumber: first.line, columnNumber: first.column };
      }
    }
    throw new Error(`no script is made of line ${line} of ${source}`);
  }

  /** Resolves when the program stops next. */
  async stopped(): Promise<Stop> {
    const frames = await new Promise<readonly CallFrame[]>((resolve) => this.#stops.push(resolve));
    const [top] = frames;
    return { frames, place: top === undefined ? '' : this.#placeOf(top.location) };
  }

  /** Names and values of the variables of a frame's functions and blocks; those of the engine do not matter. */
  async variables({ scopeChain }: CallFrame): Promise<ReadonlyMap<string, unknown>> {
    const found = new Map<string, unknown>();
    for (const { type, object } of scopeChain) {
      if (type === 'global') continue;
      const { result } = (await this.send('Runtime.getProperties', { ...object, ownProperties: true })) as {
        readonly result: readonly { readonly name: string; readonly value?: { readonly value?: unknown } }[];
      };
      for (const { name, value } of result) if (!found.has(name)) found.set(name, value?.value);
    }
    return found;
  }

  close(): void {
    this.#socket.close();
  }

  #receive({ id, method, params, ...outcome }: Message): void {
    if (id !== undefined) this.#answers.get(id)?.({ ...outcome });
    else if (method === 'Debugger.scriptParsed') this.#scripts.push(params as ParsedScript);
    else if (method === 'Debugger.paused') this.#stops.shift()?.((params as { callFrames: CallFrame[] }).callFrames);
  }

  #placeOf({ scriptId, lineNumber, columnNumber = 0 }: Location): string {
    const script = this.#scripts.find((each) => each.scriptId === scriptId);
    const map = script === undefined ? undefined : this.#mapOf(script);
    if (script === undefined || map === undefined) return '';
    const before = mappingsOf(map).filter(
      ({ line, column }) => line < lineNumber || (line === lineNumber && column <= columnNumber),
    );
    const last = before.at(-1);
    return last === undefined ? '' : `${this.#urlOf(map.sources[last.source] ?? '', script)}:${last.sourceLine + 1}`;
  }

  /** The map of a script, read as debuggers do: from a data URL, or from a file beside the script. */
  #mapOf({ scriptId, url, sourceMapURL = '' }: ParsedScript): SourceMap | undefined {
    if (!this.#maps.has(scriptId)) this.#maps.set(scriptId, readMap(url, sourceMapURL));
    return this.#maps.get(scriptId);
  }

  #urlOf(source: string, { url }: ParsedScript): string {
    return URL.canParse(source, url) ? new URL(source, url).href : source;
  }
}

function readMap(url: string, sourceMapUrl: string): SourceMap | undefined {
  const [, inline] = /^data:application\/json[^,]*;base64,(.*)$/.exec(sourceMapUrl) ?? [];
  if (inline !== undefined) return flat(JSON.parse(Buffer.from(inline, 'base64').toString()));
  if (sourceMapUrl === '' || !URL.canParse(sourceMapUrl, url)) return undefined;
  return flat(JSON.parse(readFileSync(fileURLToPath(new URL(sourceMapUrl, url)), 'utf8')));
}

/** Of an indexed map the Lua files; what stands before them stays without places. */
function flat(map: SourceMap | IndexedMap): SourceMap {
  if (!('sections' in map)) return map;
  const lua = map.sections.filter((section) => section.map.sources.every((source) => source.endsWith('.lua')));
  const [only] = lua;
  if (only === undefined || lua.length > 1) throw new Error('a program of one Lua file was expected');
  return { sources: only.map.sources, mappings: ';'.repeat(only.offset.line) + only.map.mappings };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Source map version 3. */
function mappingsOf({ mappings }: SourceMap): readonly Mapping[] {
  const found: Mapping[] = [];
  let [source, sourceLine] = [0, 0];
  for (const [line, text] of mappings.split(';').entries()) {
    let column = 0;
    for (const segment of text.split(',').filter((each) => each !== '')) {
      const deltas = numbersIn(segment);
      column += deltas[0] ?? 0;
      if (deltas.length < 4) continue;
      source += deltas[1] ?? 0;
      sourceLine += deltas[2] ?? 0;
      found.push({ line, column, source, sourceLine });
    }
  }
  return found;
}

function numbersIn(segment: string): readonly number[] {
  const numbers: number[] = [];
  let [value, scale] = [0, 1];
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit % 32) * scale;
    scale *= 32;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    [value, scale] = [0, 1];
  }
  return numbers;
}
