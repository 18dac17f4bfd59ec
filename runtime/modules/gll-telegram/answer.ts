/** What the Bot API answers, as scripts get it: the fields that the reference knows, some of them even when they are empty. */
import { isJsonObject, type JsonObject, type JsonValue } from '../go/json-values.ts';

/** Fields of a message that are always there. */
const ALWAYS: JsonObject = {
  message_id: 0,
  date: 0,
  text: '',
  caption: '',
  edit_date: 0,
  forward_date: 0,
  forward_from_message_id: 0,
  migrate_to_chat_id: 0,
  migrate_from_chat_id: 0,
  new_chat_title: '',
  delete_chat_photo: false,
  group_chat_created: false,
  supergroup_chat_created: false,
  channel_chat_created: false,
};

const SOMETIMES = [
  ...[
    'from',
    'chat',
    'forward_from',
    'forward_from_chat',
    'reply_to_message',
    'entities',
    'audio',
    'document',
    'animation',
  ],
  ...['game', 'photo', 'sticker', 'video', 'video_note', 'voice', 'contact', 'location', 'venue', 'new_chat_members'],
  ...['left_chat_member', 'new_chat_photo', 'pinned_message', 'invoice', 'successful_payment', 'passport_data'],
];

const MESSAGES = ['message', 'edited_message', 'channel_post', 'edited_channel_post'];
const OTHER_UPDATES = [
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
];

/** Methods that only say `true` give an empty message. */
export function messageOf(result: JsonValue | undefined): JsonObject {
  const sent = isJsonObject(result) ? result : {};
  const known = Object.entries(sent).filter(([name]) => Object.hasOwn(ALWAYS, name) || SOMETIMES.includes(name));
  return { ...ALWAYS, ...Object.fromEntries(known) };
}

export interface Updates {
  readonly list: readonly JsonObject[];
  /** One more than the highest number among them; 0 without any. */
  readonly nextOffset: number;
}

export function updatesOf(result: JsonValue | undefined): Updates {
  const list = Array.isArray(result) ? result.filter(isJsonObject).map(updateOf) : [];
  const numbers = list.map(({ update_id: id }) => (typeof id === 'number' ? id + 1 : 0));
  return { list, nextOffset: Math.max(0, ...numbers) };
}

function updateOf(sent: JsonObject): JsonObject {
  const update: Record<string, JsonValue> = { update_id: typeof sent.update_id === 'number' ? sent.update_id : 0 };
  for (const name of MESSAGES) if (isJsonObject(sent[name])) update[name] = messageOf(sent[name]);
  for (const name of OTHER_UPDATES) if (isJsonObject(sent[name])) update[name] = sent[name];
  return update;
}
