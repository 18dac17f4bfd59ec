/** The fields that a method sends (https://core.telegram.org/bots/api). Byte strings. */
import type { Config } from './config.ts';

export type Fields = Map<string, string>;

function addFilled(fields: Fields, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') fields.set(name, value);
}

function addNumber(fields: Fields, name: string, value: number): void {
  if (value !== 0) fields.set(name, String(value));
}

/** Where a message goes to. */
export function chatFields(config: Config): Fields {
  const fields: Fields = new Map();
  fields.set('chat_id', config.text('username') || String(config.int('chat_id')));
  addNumber(fields, 'reply_to_message_id', config.int('reply_to_message_id'));
  addFilled(fields, 'reply_markup', config.json('reply_markup'));
  fields.set('disable_notification', String(config.flag('disable_notification')));
  return fields;
}

/** Which message is changed. */
export function editedFields(config: Config): Fields {
  const fields: Fields = new Map();
  const inline = config.text('inline_message_id');
  if (inline === '') {
    fields.set('chat_id', config.text('username') || String(config.int('chat_id')));
    fields.set('message_id', String(config.int('message_id')));
  } else {
    fields.set('inline_message_id', inline);
  }
  addFilled(fields, 'reply_markup', config.json('reply_markup'));
  return fields;
}

export function messageFields(config: Config): Fields {
  const fields = chatFields(config);
  fields.set('text', config.text('text'));
  fields.set('disable_web_page_preview', String(config.flag('disable_web_page_preview')));
  addFilled(fields, 'parse_mode', config.text('parse_mode'));
  return fields;
}

export function forwardFields(config: Config): Fields {
  const fields = chatFields(config);
  fields.set('from_chat_id', config.text('from_username') || String(config.int('from_chat_id')));
  fields.set('message_id', String(config.int('message_id')));
  return fields;
}

export function deleteFields(config: Config): Fields {
  return new Map([
    ['chat_id', String(config.int('chat_id'))],
    ['message_id', String(config.int('message_id'))],
  ]);
}

/** With the file, or beside it. */
export function photoFields(config: Config): Fields {
  const fields = chatFields(config);
  const caption = config.text('caption');
  if (caption !== '') {
    fields.set('caption', caption);
    addFilled(fields, 'parse_mode', config.text('parse_mode'));
  }
  if (config.flag('useexisting')) fields.set('photo', config.text('file_id'));
  return fields;
}

export function editedTextFields(config: Config): Fields {
  const fields = editedFields(config);
  fields.set('text', config.text('text'));
  fields.set('parse_mode', config.text('parse_mode'));
  fields.set('disable_web_page_preview', String(config.flag('disable_web_page_preview')));
  return fields;
}

export function editedCaptionFields(config: Config): Fields {
  const fields = editedFields(config);
  fields.set('caption', config.text('caption'));
  addFilled(fields, 'parse_mode', config.text('parse_mode'));
  return fields;
}

/** Without a number of its own the next update that nobody has seen. */
export function updateFields(config: Config, nextOffset: number): Fields {
  const fields: Fields = new Map();
  addNumber(fields, 'offset', config.int('offset') || nextOffset);
  addNumber(fields, 'limit', config.int('limit'));
  addNumber(fields, 'timeout', config.int('timeout'));
  return fields;
}
