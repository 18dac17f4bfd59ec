/** Events of CloudWatch Logs into a file. */
import { type FileHandle, open } from 'node:fs/promises';
import { type LuaTable, type LuaValue, raise, rawGet, textOf, toUtf8String } from '../../host/index.ts';
import { fileFailure } from '../go/file-errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../go/json-values.ts';
import { AwsError, type AwsPlace, type AwsService, callAws } from './call.ts';

const LOGS: AwsService = {
  name: 'logs',
  host: (region) => `logs.${region}.amazonaws.com`,
  contentType: 'application/x-amz-json-1.1',
  target: 'Logs_20140328',
  variable: 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
};

/** The filter as the service wants it. Raises errors for times that are no numbers. */
export function readFilter(filter: LuaTable): JsonObject {
  const input: Record<string, JsonValue> = {};
  const texts = { log_group_name: 'logGroupName', filter_patern: 'filterPattern', filter_pattern: 'filterPattern' };
  for (const [key, name] of Object.entries(texts)) {
    const value = rawGet(filter, key);
    if (value !== undefined) input[name] = toUtf8String(textOf(value));
  }
  const start = millisecondsOf(rawGet(filter, 'start_time'), 'start');
  const end = millisecondsOf(rawGet(filter, 'end_time'), 'end');
  return {
    ...input,
    ...(start === undefined ? {} : { startTime: start }),
    ...(end === undefined ? {} : { endTime: end }),
  };
}

function millisecondsOf(value: LuaValue, name: string): number | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'number' ? Math.trunc(value) * 1000 : raise(`${name} must be number`);
}

/** The messages of all events, one a line. Rejects with `AwsError`, `timeout` after so long without an event. */
export async function downloadEvents(
  place: AwsPlace,
  path: string,
  filter: JsonObject,
  idleMs: number,
  ended: AbortSignal,
): Promise<void> {
  const file = await open(toUtf8String(path), 'w', 0o666).catch((thrown: unknown) => {
    throw new AwsError(fileFailure(thrown, 'open', path));
  });
  try {
    await writeEvents(place, file, filter, idleMs, ended);
  } finally {
    await file.close();
  }
}

async function writeEvents(
  place: AwsPlace,
  file: FileHandle,
  filter: JsonObject,
  idleMs: number,
  ended: AbortSignal,
): Promise<void> {
  let lastEvent = performance.now();
  for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
    const input = token === undefined ? filter : { ...filter, nextToken: token };
    const left = lastEvent + idleMs - performance.now();
    const page = await within(left, callAws(place, LOGS, 'FilterLogEvents', input, ended));
    const lines = messagesOf(page.events);
    if (lines.length > 0) {
      await file.write(lines.map((line) => `${line}\n`).join(''));
      lastEvent = performance.now();
    }
    token = typeof page.nextToken === 'string' ? page.nextToken : undefined;
  }
}

function messagesOf(events: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(events)) return [];
  return events.flatMap((event) => (isJsonObject(event) && typeof event.message === 'string' ? [event.message] : []));
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AwsError('timeout')), Math.max(0, Math.min(ms, 2 ** 31 - 1)));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // When it was too late nobody wants to know how the other one ended.
    work.catch(() => undefined);
  }
}
