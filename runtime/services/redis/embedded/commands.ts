/** All commands of the embedded store, by name. */
import { type CommandTable, fail, type Run } from './command.ts';
import { hashCommands } from './hashes.ts';
import { hyperloglogCommands } from './hyperloglogs.ts';
import { keyCommands } from './keys.ts';
import { listCommands } from './lists.ts';
import { setCommands } from './sets.ts';
import { sortedSetCommands } from './sorted-sets.ts';
import { stringCommands } from './strings.ts';

const COMMANDS = new Map(
  Object.entries<CommandTable[string]>({
    ...keyCommands,
    ...stringCommands,
    ...hashCommands,
    ...setCommands,
    ...listCommands,
    ...sortedSetCommands,
    ...hyperloglogCommands,
  }),
);

/** The command for this number of arguments; throws RedisError with Redis's text when there is none. */
export function findCommand(name: string, count: number): Run {
  const command = COMMANDS.get(name.toUpperCase());
  if (command === undefined) fail(`ERR unknown command '${name}' in the store without a server`);
  if (count < command.least || count > command.most) {
    fail(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
  }
  return command.run;
}
