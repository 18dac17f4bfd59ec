/** A bot: sends what methods need and reads what the Bot API says. */
import { fromBuffer, fromUtf8, LuaTable } from '../../host/index.ts';
import type { HttpClient } from '../gll-http/client.ts';
import { answerOrText } from '../gll-http/client-argument.ts';
import { HttpRequest } from '../gll-http/request.ts';
import { buildForm, UploadError } from '../gll-http/upload.ts';
import { decodeText, JsonError } from '../gll-json/decode.ts';
import { COMPACT, encodeValue } from '../gll-json/encode.ts';
import { isJsonObject, type JsonValue, parseJson } from '../go/json-values.ts';
import { queryText, UrlError } from '../go/url.ts';
import type { Fields } from './form.ts';

export const DEFAULT_ENDPOINT = 'https://api.telegram.org';

/** In characters: the server's tokens are a number, a colon and 35 characters. What is shorter is no secret, and texts show it as the reference's do. */
const SHORTEST_TOKEN = 20;

/** Why a method has no result; the message is what scripts get. */
export class TelegramError extends Error {}

export class Bot {
  private readonly client: HttpClient;
  private readonly base: string;
  private readonly token: string;
  /** The first update that has not been seen. */
  offset = 0;

  constructor(token: string, client: HttpClient, endpoint: string) {
    this.client = client;
    this.token = token;
    this.base = `${endpoint.replace(/\/+$/, '')}/bot${token}/`;
  }

  /** Only proxy, TLS, timeout and cookies of the client have a part in it. Rejects with `TelegramError`. */
  async call(method: string, fields: Fields, ended: AbortSignal): Promise<JsonValue | undefined> {
    const body = queryText(new Map([...fields].map(([name, value]) => [name, [value]])));
    const request = this.request(method, Buffer.from(body, 'latin1'));
    request.set('Content-Type', 'application/x-www-form-urlencoded');
    return this.send(request, ended);
  }

  /** A file from this machine. Rejects with `TelegramError`. */
  async upload(
    method: string,
    field: string,
    path: string,
    fields: Fields,
    ended: AbortSignal,
  ): Promise<JsonValue | undefined> {
    try {
      const form = await buildForm([{ fieldName: field, path, fileName: path }], [...fields]);
      const request = this.request(method, form.body);
      request.set('Content-Type', form.contentType);
      this.client.prepare(request);
      return await this.send(request, ended);
    } catch (thrown) {
      if (thrown instanceof UploadError) throw new TelegramError(thrown.message);
      throw thrown;
    }
  }

  private request(method: string, body: Buffer): HttpRequest {
    try {
      return new HttpRequest('POST', this.base + method, body);
    } catch (thrown) {
      if (thrown instanceof UrlError) throw new TelegramError(this.withoutToken(thrown.message));
      throw thrown;
    }
  }

  private async send(request: HttpRequest, ended: AbortSignal): Promise<JsonValue | undefined> {
    const answer = await answerOrText(this.client, request, ended);
    if (typeof answer === 'string') throw new TelegramError(this.withoutToken(answer));
    const reply = readReply(fromBuffer(answer.body));
    if (!isJsonObject(reply) || reply.ok !== true) throw new TelegramError(descriptionOf(reply));
    return reply.result;
  }

  /** Texts about a request show its address, and the token is a part of that; escaped or not. */
  private withoutToken(text: string): string {
    if (this.token.length < SHORTEST_TOKEN) return text;
    return text.replaceAll(`/bot${this.token}/`, '/bot***/').replace(/\/bot[^/\s"]+\//g, '/bot***/');
  }
}

function readReply(body: string): JsonValue {
  try {
    // For the words of its errors.
    decodeText(body, () => new LuaTable());
    return parseJson(body);
  } catch (thrown) {
    if (thrown instanceof JsonError || thrown instanceof SyntaxError) throw new TelegramError(thrown.message);
    throw thrown;
  }
}

function descriptionOf(reply: JsonValue): string {
  const text = isJsonObject(reply) ? reply.description : undefined;
  return typeof text === 'string' ? fromUtf8(text) : '';
}

/** A table of a script as JSON; throws `TelegramError` for what JSON cannot hold. */
export function jsonOfTable(table: LuaTable): JsonValue {
  try {
    return parseJson(encodeValue(table, COMPACT));
  } catch (thrown) {
    if (thrown instanceof JsonError) throw new TelegramError(thrown.message);
    throw thrown;
  }
}
