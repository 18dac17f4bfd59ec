/** What all kinds of Redis connection have in common; modules and stages see nothing else of the client library. */

/** Strings are byte strings (char codes 0-255), as everywhere between Lua and the outside. */
export type RedisArgument = string | number;

/** `null` is Redis's nil. Status replies are strings. */
export type RedisReply = string | number | null | readonly RedisReply[];

export interface RedisConnection {
  /** Sends one command. Rejects with RedisError, within a bounded time also when the server is gone. */
  send(command: string, args: readonly RedisArgument[]): Promise<RedisReply>;
  /** Hears what is published on a channel from now on, over a connection of its own where that is needed. */
  listen(channel: string, listener: ChannelListener): void;
  close(): Promise<void>;
}

export interface ChannelListener {
  /** ASCII text. */
  readonly onMessage: (text: string) => void;
  /** The connection was lost for a while: messages may have been missed. */
  readonly onGap: () => void;
}

/** A command failed; the message is the server's text (`WRONGTYPE …`) or describes the network problem. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
}
