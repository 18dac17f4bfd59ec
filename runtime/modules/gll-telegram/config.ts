/** The table of a method: which keys it has, of which types, and what they are called in the Bot API. */
import { fromUtf8 } from '../../host/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../go/json-values.ts';

type FieldType = 'int64' | 'int' | 'string' | 'bool' | 'any';

/** Lower-case key to type and to its place in error texts. */
type Shape = Readonly<Record<string, readonly [type: FieldType, place: string]>>;

const CHAT: Shape = {
  chat_id: ['int64', 'BaseChat.chat_id'],
  username: ['string', 'BaseChat.username'],
  reply_to_message_id: ['int', 'BaseChat.reply_to_message_id'],
  reply_markup: ['any', ''],
  disable_notification: ['bool', 'BaseChat.disable_notification'],
};

const EDITED: Shape = {
  chat_id: ['int64', 'BaseEdit.chat_id'],
  username: ['string', 'BaseEdit.username'],
  message_id: ['int', 'BaseEdit.message_id'],
  inline_message_id: ['string', 'BaseEdit.inline_message_id'],
  reply_markup: ['any', ''],
};

const TEXT: Shape = {
  text: ['string', 'text'],
  parse_mode: ['string', 'parse_mode'],
  disable_web_page_preview: ['bool', 'disable_web_page_preview'],
};

const CAPTION: Shape = { caption: ['string', 'caption'], parse_mode: ['string', 'parse_mode'] };

/** By the name of Go's type. */
export const SHAPES = {
  UpdateConfig: { offset: ['int', 'offset'], limit: ['int', 'limit'], timeout: ['int', 'timeout'] },
  MessageConfig: { ...CHAT, ...TEXT },
  ForwardConfig: {
    ...CHAT,
    from_chat_id: ['int64', 'from_chat_id'],
    from_username: ['string', 'from_username'],
    message_id: ['int', 'message_id'],
  },
  DeleteMessageConfig: { chat_id: ['int64', 'chat_id'], message_id: ['int', 'message_id'] },
  PhotoConfig: {
    ...CHAT,
    ...CAPTION,
    photo: ['string', 'photo'],
    useexisting: ['bool', 'UseExisting'],
    file_id: ['string', 'file_id'],
  },
  EditMessageTextConfig: { ...EDITED, ...TEXT },
  EditMessageCaptionConfig: { ...EDITED, ...CAPTION },
  EditMessageReplyMarkupConfig: EDITED,
} satisfies Record<string, Shape>;

export type ConfigName = keyof typeof SHAPES;

/** A table that does not fit; the message is what scripts get. */
export class ConfigError extends Error {}

const ZERO = { int64: 0, int: 0, string: '', bool: false } as const;

/** What a script gave, by lower-case key; what is missing is empty, as in Go. */
export class Config {
  private readonly given: ReadonlyMap<string, JsonValue>;

  constructor(given: ReadonlyMap<string, JsonValue>) {
    this.given = given;
  }

  int(key: string): number {
    const value = this.given.get(key);
    return typeof value === 'number' ? value : ZERO.int;
  }

  text(key: string): string {
    const value = this.given.get(key);
    return typeof value === 'string' ? fromUtf8(value) : ZERO.string;
  }

  flag(key: string): boolean {
    return this.given.get(key) === true;
  }

  /** The value as JSON text; undefined without one. */
  json(key: string): string | undefined {
    const value = this.given.get(key);
    return value === undefined || value === null ? undefined : fromUtf8(JSON.stringify(value));
  }
}

/** Keys are found whatever their case is; unknown ones are ignored. Throws `ConfigError`. */
export function readConfig(name: ConfigName, given: JsonValue): Config {
  if (!isJsonObject(given)) {
    throw new ConfigError(`json: cannot unmarshal ${jsonType(given)} into Go value of type telegram.${name}`);
  }
  return new Config(new Map(fieldsOf(name, given)));
}

function* fieldsOf(name: ConfigName, given: JsonObject): Generator<readonly [string, JsonValue]> {
  const shape: Shape = SHAPES[name];
  for (const [key, value] of Object.entries(given)) {
    const lower = key.toLowerCase();
    const field = Object.hasOwn(shape, lower) ? shape[lower] : undefined;
    if (field === undefined || value === null) continue;
    const [type, place] = field;
    if (!fits(value, type)) {
      throw new ConfigError(
        `json: cannot unmarshal ${jsonType(value)} into Go struct field ${name}.${place} of type ${type}`,
      );
    }
    yield [lower, value];
  }
}

function fits(value: JsonValue, type: FieldType): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    default:
      return Number.isInteger(value);
  }
}

/** As Go's errors name it. */
function jsonType(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'number') return typeof value;
  return Number.isInteger(value) ? 'number' : `number ${value}`;
}
