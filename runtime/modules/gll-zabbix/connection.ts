/** Zabbix's API (JSON-RPC 2.0) and its web pages. */
import { constants, open } from 'node:fs/promises';
import { fromBuffer, fromUtf8, LuaTable, toUtf8String } from '../../host/index.ts';
import type { HttpAnswer, HttpClient } from '../gll-http/client.ts';
import { answerOrText } from '../gll-http/client-argument.ts';
import { HttpRequest } from '../gll-http/request.ts';
import { decodeText, JsonError } from '../gll-json/decode.ts';
import { fileFailure } from '../go/file-errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../go/json-values.ts';
import { queryText, UrlError } from '../go/url.ts';
import type { GraphSettings, ZabbixConfig } from './config.ts';

/** Why there is no result; the message is what scripts get. */
export class ZabbixError extends Error {}

/** These are asked before one has a token. */
const WITHOUT_TOKEN = ['user.login', 'apiinfo.version'];

export class ZabbixConnection {
  readonly config: ZabbixConfig;
  private readonly client: HttpClient;
  private readonly now: () => number;
  private token = '';
  private nextId = 0;

  /** `now` is the time in milliseconds. */
  constructor(config: ZabbixConfig, client: HttpClient, now: () => number) {
    this.config = config;
    this.client = client;
    this.now = now;
  }

  /** Remembers the token. Rejects with `ZabbixError`. */
  async login(ended: AbortSignal): Promise<void> {
    const { user, password } = this.config;
    const params = { user: toUtf8String(user), password: toUtf8String(password) };
    const result = await this.request('user.login', params, ended);
    this.token = typeof result === 'string' ? result : '';
  }

  async logout(ended: AbortSignal): Promise<void> {
    await this.request('user.logout', {}, ended);
  }

  /** Rejects with `ZabbixError`. */
  async request(method: string, params: JsonObject, ended: AbortSignal): Promise<JsonValue> {
    const needsToken = this.token !== '' && !WITHOUT_TOKEN.includes(method.toLowerCase());
    const call = {
      jsonrpc: '2.0',
      method: toUtf8String(method),
      params,
      ...(needsToken ? { auth: this.token } : {}),
      id: this.nextId++,
    };
    const request = this.prepared('POST', this.config.api, Buffer.from(JSON.stringify(call)));
    request.set('Content-Type', 'application/json-rpc');
    const reply = readReply(fromBuffer((await this.send(request, ended)).body));
    if (isJsonObject(reply.error)) {
      const { code, data } = reply.error;
      throw new ZabbixError(`error ${String(code)}: ${typeof data === 'string' ? fromUtf8(data) : ''}`);
    }
    return reply.result ?? null;
  }

  /** Writes a picture of an item's values into a file, which keeps what is behind it. Rejects with `ZabbixError`. */
  async saveGraph(
    itemId: string,
    path: string,
    { period, width, height }: GraphSettings,
    ended: AbortSignal,
  ): Promise<void> {
    const file = await open(toUtf8String(path), OPEN_OR_CREATE, 0o666).catch((thrown: unknown) => {
      throw new ZabbixError(fileFailure(thrown, 'open', path));
    });
    try {
      await this.enterPages(ended);
      const curtime = String(Math.floor(this.now() / 1000));
      const query = queryOf({ period, 'itemids[0]': itemId, width, height, curtime });
      const { body } = await this.send(this.prepared('GET', `${this.config.chart}?${query}`, undefined), ended);
      await file.write(body, 0, body.length, 0);
    } finally {
      await file.close();
    }
  }

  /** The pages know who is asking by cookies. */
  private async enterPages(ended: AbortSignal): Promise<void> {
    const { user, password, login } = this.config;
    const form = queryOf({ name: user, password, autologin: '1', enter: 'Sign in' });
    const request = this.prepared('POST', login, Buffer.from(form, 'latin1'));
    request.set('Content-Type', 'application/x-www-form-urlencoded');
    await this.send(request, ended);
  }

  private prepared(method: string, path: string, body: Buffer | undefined): HttpRequest {
    try {
      const request = new HttpRequest(method, this.config.base + path, body);
      this.client.prepare(request);
      return request;
    } catch (thrown) {
      if (thrown instanceof UrlError) throw new ZabbixError(thrown.message);
      throw thrown;
    }
  }

  private async send(request: HttpRequest, ended: AbortSignal): Promise<HttpAnswer> {
    const answer = await answerOrText(this.client, request, ended);
    if (typeof answer === 'string') throw new ZabbixError(answer);
    if (answer.status >= 300) throw new ZabbixError(`response code: ${answer.status}`);
    return answer;
  }
}

/** Write, create, do not truncate: what `fs` has no letters for. */
const OPEN_OR_CREATE = constants.O_WRONLY | constants.O_CREAT;

function queryOf(values: Readonly<Record<string, string>>): string {
  return queryText(new Map(Object.entries(values).map(([name, value]) => [name, [value]])));
}

function readReply(body: string): JsonObject {
  try {
    // For the words of its errors.
    decodeText(body, () => new LuaTable());
    const reply = parseJson(body);
    if (isJsonObject(reply)) return reply;
  } catch (thrown) {
    if (thrown instanceof JsonError || thrown instanceof SyntaxError) throw new ZabbixError(thrown.message);
    throw thrown;
  }
  throw new ZabbixError('json: cannot unmarshal the answer into Go value of type zabbix.jsonRPCResponse');
}
