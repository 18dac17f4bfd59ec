/** lua-in-js, the named baseline. */
import { createEnv } from 'lua-in-js';

/** What it prints. Throws if the program fails. */
export function baselineOutput(program: string): string {
  let output = '';
  const env = createEnv({
    stdout: (text: string) => {
      output += `${text}\n`;
    },
  });
  env.parse(program).exec();
  return output;
}
