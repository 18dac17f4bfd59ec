/**
 * Messages through Telegram's Bot API, as the module `telegram` of gopher-lua-libs. An addition: the third argument of
 * `bot` is another endpoint. Unlike the reference, `getUpdates` accepts its options.
 */
import {
  attemptLater,
  type Declaration,
  defineModule,
  error,
  errorMessage,
  io,
  type LuaTable,
  type Outcome,
  optional,
  pure,
  result,
  type Steps,
  str,
  table,
  trailing,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { clientArgument, defaultClient } from './gll-http/client-argument.ts';
import { messageOf, updatesOf } from './gll-telegram/answer.ts';
import { Bot, DEFAULT_ENDPOINT, jsonOfTable, TelegramError } from './gll-telegram/bot.ts';
import { type Config, ConfigError, type ConfigName, readConfig } from './gll-telegram/config.ts';
import {
  deleteFields,
  editedCaptionFields,
  editedFields,
  editedTextFields,
  type Fields,
  forwardFields,
  messageFields,
  photoFields,
  updateFields,
} from './gll-telegram/form.ts';
import { type JsonValue, luaOfJson } from './go/json-values.ts';

const bots = new UserdataKind<Bot>('telegram_bot_ud');

/** nil and the text of what went wrong. */
async function orMessage(work: () => Promise<JsonValue>): Promise<{ readonly value: JsonValue } | string> {
  return attemptLater([TelegramError, ConfigError], errorMessage, async () => ({ value: await work() }));
}

function* answer(attempt: () => Promise<JsonValue>): Steps<Outcome> {
  const outcome = yield* waitFor(orMessage(attempt));
  return typeof outcome === 'string' ? [undefined, outcome] : luaOfJson(outcome.value);
}

/** The table is read before anything is waited for: the script may change it meanwhile. */
function configured(name: ConfigName, given: LuaTable, act: (config: Config) => Promise<JsonValue>): Steps<Outcome> {
  try {
    const config = readConfig(name, jsonOfTable(given));
    return answer(() => act(config));
  } catch (thrown) {
    return answer(() => Promise.reject(thrown));
  }
}

function method(name: string, configName: ConfigName, fields: (config: Config) => Fields, doc: string): Declaration {
  return io(
    { doc, args: [bots.self(), table('message')], returns: [result('message', 'table?'), error] },
    ({ ended }, bot, given) =>
      configured(configName, given, async (config) => messageOf(await bot.call(name, fields(config), ended))),
  );
}

async function sendPhoto(bot: Bot, config: Config, ended: AbortSignal): Promise<JsonValue> {
  const fields = photoFields(config);
  if (config.flag('useexisting')) return messageOf(await bot.call('sendPhoto', fields, ended));
  const path = config.text('photo');
  if (path === '') throw new TelegramError('bad file type');
  return messageOf(await bot.upload('sendPhoto', 'photo', path, fields, ended));
}

async function getUpdates(bot: Bot, config: Config, ended: AbortSignal): Promise<JsonValue> {
  const { list, nextOffset } = updatesOf(await bot.call('getUpdates', updateFields(config, bot.offset), ended));
  bot.offset = Math.max(bot.offset, nextOffset);
  return list;
}

bots.has({
  getUpdates: io(
    {
      doc: 'Messages and other events that came since the last call; options: offset, limit, timeout.',
      args: [bots.self(), optional(table('options'))],
      returns: [result('updates', 'table?'), error],
    },
    ({ ended }, bot, given) =>
      given === undefined
        ? answer(() => getUpdates(bot, readConfig('UpdateConfig', {}), ended))
        : configured('UpdateConfig', given, (config) => getUpdates(bot, config, ended)),
  ),
  getOffset: pure(
    { doc: 'The number of the next update.', args: [bots.self()], returns: [result('offset', 'integer')] },
    ({ offset }) => offset,
  ),
  sendMessage: method('sendMessage', 'MessageConfig', messageFields, 'Send a text to a chat.'),
  forwardMessage: method('forwardMessage', 'ForwardConfig', forwardFields, 'Send a message on to another chat.'),
  deleteMessage: method('deleteMessage', 'DeleteMessageConfig', deleteFields, 'Take a message away.'),
  sendPhoto: io(
    {
      doc: 'Send a picture: the path of a file, or `file_id` with `UseExisting`.',
      args: [bots.self(), table('photo')],
      returns: [result('message', 'table?'), error],
    },
    ({ ended }, bot, given) => configured('PhotoConfig', given, (config) => sendPhoto(bot, config, ended)),
  ),
  editMessageText: method(
    'editMessageText',
    'EditMessageTextConfig',
    editedTextFields,
    'Change the text of a message.',
  ),
  editMessageCaption: method(
    'editMessageCaption',
    'EditMessageCaptionConfig',
    editedCaptionFields,
    'Change the caption of a message.',
  ),
  editMessageReplyMarkup: method(
    'editMessageReplyMarkup',
    'EditMessageReplyMarkupConfig',
    editedFields,
    'Change the keyboard of a message.',
  ),
});

export default defineModule({
  name: 'nauthilus_gll_telegram',
  requires: ['telegram'],
  classes: 'all',
  doc: 'Messages through Telegram.',
  userdata: [bots],
  globals: () => ({ telegram_bot_ud: bots.metatable() }),
  functions: {
    bot: pure(
      {
        doc: 'A bot by its token; with a client of `http`, and another endpoint than the public one.',
        args: [str('token'), clientArgument, trailing(str('endpoint'))],
        returns: [result('bot', bots.name)],
      },
      (token, client, endpoint = DEFAULT_ENDPOINT) => bots.make(new Bot(token, client ?? defaultClient(), endpoint)),
    ),
  },
});
