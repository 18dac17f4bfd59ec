/** Four loggers of which those below a level are silent, as the module `loglevel` of gopher-lua-libs. */
import {
  defineModule,
  field,
  type LuaValue,
  noResults,
  perEnvironment,
  pure,
  raise,
  result,
  str,
  tableFromEntries,
} from '../host/index.ts';
import { Logger, NO_FLAGS } from './gll-log/logger.ts';
import { loggers, newLogger } from './gll-log/methods.ts';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
type Level = (typeof LEVELS)[number];

/** What the module remembers in an environment. */
class LevelLoggers {
  level: Level = 'INFO';
  defaultOutput = 'STDERR';
  readonly all = LEVELS.map((name) => new Logger(`[${name}] `, { ...NO_FLAGS, date: true }));

  constructor() {
    this.apply(this.level);
  }

  apply(level: Level): void {
    this.level = level;
    const lowest = LEVELS.indexOf(level);
    this.all.forEach((logger, at) => {
      if (at < lowest) logger.silence();
      else logger.setOutput(this.defaultOutput);
    });
  }
}

const levelLoggers = perEnvironment(() => new LevelLoggers());

function isLevel(name: string): name is Level {
  return LEVELS.some((each) => each === name);
}

export default defineModule({
  name: 'nauthilus_gll_log',
  requires: ['loglevel'],
  classes: 'all',
  doc: 'Loggers DEBUG, INFO, WARN and ERROR; those below the level (INFO) write nothing.',
  userdata: [loggers],
  values: () => {
    const { all } = levelLoggers();
    const named = LEVELS.map((name, at): [string, LuaValue] => [name, loggers.make(all[at]!)]);
    const levels = tableFromEntries(LEVELS.map((name, at) => [name, at]));
    return { ...Object.fromEntries(named), levels };
  },
  fields: [
    ...LEVELS.map((name) => field(name, loggers.name, `The logger of the level ${name}.`)),
    field('levels', 'table<string, integer>', 'Ranks of the levels by their names.'),
  ],
  hidden: { new: newLogger },
  functions: {
    get_level: pure(
      { doc: 'The level in capitals.', returns: [result('level', 'string')] },
      () => levelLoggers().level,
    ),
    set_level: pure({ doc: 'Silence all loggers below a level.', args: [str('level')] }, (name) => {
      const level = name.toUpperCase();
      if (!isLevel(level)) return raise(`unknown log level ${name}`);
      levelLoggers().apply(level);
      return noResults();
    }),
    default_output: pure(
      { doc: 'Where the loggers write.', returns: [result('output', 'string')] },
      () => levelLoggers().defaultOutput,
    ),
    set_default_output: pure(
      { doc: 'Where the loggers write from the next set_level on.', args: [str('output')] },
      (output) => {
        levelLoggers().defaultOutput = output;
        return noResults();
      },
    ),
  },
});
