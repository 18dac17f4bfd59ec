/** What all kinds of Redis connection have in common; modules and stages see nothing else of the client library. */

/** Strings are byte strings (char codes 0-255), as everywhere between Lua and the outside. */
export type RedisArgument = string | number;

/** `null` is Redis's nil. Status replies are strings. */
export type RedisReply = string | number | null | readonly RedisReply[];

export interface RedisConnection {
  /** Sends one command. Rejects with RedisError, within a bounded time also when the server is gone. */
  send(command: string, args: readonly RedisArgument[]): Promise<RedisReply>;
  /** Hears what is published on a channel, over a connection of its own where that is needed; gives what ends it. */
  listen(channel: string, listener: ChannelListener): () => void;
  /** Resolves when no command is under way; a command that never ends is waited for as long as commands may take. */
  idle(): Promise<void>;
  /** Ends what is under way, too. */
  close(): Promise<void>;
}

export interface ChannelListener {
  /** ASCII text. */
  readonly onMessage: (text: string) => void;
  /** The connection was lost for a while, or is there only now: messages may have been missed. */
  readonly onGap: () => void;
}

/** A command failed; the message is the server's text (`WRONGTYPE …`) or describes the network problem. */
export class RedisError extends Error {
  override readonly name = 'RedisError';

  /** The message without what the server repeats of the command: for the log. */
  get reason(): string {
    return withoutArguments(this.message);
  }

  override toString(): string {
    return `${this.name}: ${this.reason}`;
  }
}

/** Redis quotes the arguments of commands that it does not know (`ERR unknown command 'X', with args beginning with: …`). */
export function withoutArguments(text: string): string {
  return text.replace(/,? with args beginning with:.*/s, '');
}
